// The main thread's end of the token thread: starts it when a data plane first wants to ask. Knows no question.
import { Worker, type MessagePort } from "node:worker_threads";
import type { ToTokenThread } from "./token-messages.ts";

const script = new URL(
  import.meta.url.endsWith(".ts") ? "./token-worker.ts" : "./token-worker.js",
  import.meta.url,
);
/** The tokenizer takes 75 MB; what it remembers of words is bounded. */
const maxHeapMb = 256;

export class TokenThread {
  readonly #onProblem: (error: Error) => void;
  #worker: Worker | null = null;
  #stopped = false;

  constructor(onProblem: (error: Error) => void) {
    this.#onProblem = onProblem;
  }

  /** Gives the thread the other end of a data plane's port. A thread that ended is started again with the next one. */
  connect(port: MessagePort): void {
    if (this.#stopped) return port.close();
    this.#worker ??= this.#spawn();
    const message: ToTokenThread = { port };
    this.#worker.postMessage(message, [port]);
  }

  #spawn(): Worker {
    const worker = new Worker(script, {
      name: "tokens",
      resourceLimits: { maxOldGenerationSizeMb: maxHeapMb },
    });
    worker.on("error", this.#onProblem);
    // Its ports close with it, and whoever waits at one is told.
    worker.on("exit", () => {
      if (this.#worker === worker) this.#worker = null;
    });
    worker.unref();
    return worker;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#worker?.terminate();
  }
}
