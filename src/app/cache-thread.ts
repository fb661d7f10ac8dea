// The main thread's end of the cache thread: starts it when a data plane first wants to ask. Knows no request.
import { Worker, type MessagePort } from "node:worker_threads";
import type { CacheSetup, ToCacheThread } from "./cache-messages.ts";

const script = new URL(
  import.meta.url.endsWith(".ts") ? "./cache-worker.ts" : "./cache-worker.js",
  import.meta.url,
);
/** Bodies are not on the heap: this is for their keys. */
const maxHeapMb = 512;

export interface CacheThreadOptions {
  /** Of all that is kept. */
  readonly maxBytes: number;
  readonly onProblem: (error: Error) => void;
}

export class CacheThread {
  readonly #options: CacheThreadOptions;
  readonly #stats = new Float64Array(new SharedArrayBuffer(2 * Float64Array.BYTES_PER_ELEMENT));
  readonly #purges = new Map<number, () => void>();
  #nextId = 0;
  #worker: Worker | null = null;
  #stopped = false;

  constructor(options: CacheThreadOptions) {
    this.#options = options;
  }

  get stats(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#stats[0] ?? 0, bytes: this.#stats[1] ?? 0 };
  }

  /** Gives the thread the other end of a data plane's port. A thread that ended is started again with the next one. */
  connect(port: MessagePort): void {
    if (this.#stopped) return port.close();
    this.#worker ??= this.#spawn();
    this.#worker.postMessage({ kind: "connect", port } satisfies ToCacheThread, [port]);
  }

  /** Resolves when no answer of a Model API is kept any more. */
  purge(api: string): Promise<void> {
    const worker = this.#worker;
    // Without a thread there is nothing.
    if (worker === null) return Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#nextId += 1;
    this.#purges.set(this.#nextId, resolve);
    worker.postMessage({ kind: "purge", id: this.#nextId, api } satisfies ToCacheThread);
    return promise;
  }

  #spawn(): Worker {
    const stats = this.#stats.buffer;
    const worker = new Worker(script, {
      name: "cache",
      workerData: { maxBytes: this.#options.maxBytes, stats } satisfies CacheSetup,
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    worker.on("error", this.#options.onProblem);
    worker.on("message", (id: number) => this.#purged(id));
    // Its ports close with it, and whoever waits at one is told.
    worker.on("exit", () => this.#ended(worker));
    worker.unref();
    return worker;
  }

  #purged(id: number): void {
    this.#purges.get(id)?.();
    this.#purges.delete(id);
  }

  #ended(worker: Worker): void {
    if (this.#worker !== worker) return;
    this.#worker = null;
    this.#stats.fill(0);
    for (const id of this.#purges.keys()) this.#purged(id);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#worker?.terminate();
  }
}
