// A data plane's end of the cache thread: asks it, and never waits long; what comes late is a miss. Knows no request.
import { MessageChannel, type MessagePort } from "node:worker_threads";
import type {
  CacheEntry,
  CacheHit,
  CacheLookup,
  CacheStore,
  LikenessLookup,
} from "../gateway/cache/cache-store.ts";
import type { FromCache, ToCache } from "./cache-messages.ts";
import { processMs } from "./token-messages.ts";

/** A request waits for the cache at most so long, unless it says otherwise. */
const patienceMs = 100;
/** Questions at a time; more are not asked. */
const maxWaiting = 1_024;
/** After so many answers that came too late one after the other, nothing is asked for a while. */
const maxLate = 16;
const pauseMs = 1_000;
/** Of answers on their way to the thread; more are not kept. */
const maxSentBytes = 64 * 1024 * 1024;

export interface CachePortOptions {
  /** Brings a port to the cache thread. */
  readonly connect: (port: MessagePort) => void;
  readonly patienceMs?: number;
}

export class CachePort implements CacheStore {
  readonly #options: CachePortOptions;
  readonly #waiting = new Map<number, (hit: CacheHit | null) => void>();
  /** Bytes of what was sent and is not taken yet, by its id. */
  readonly #sent = new Map<number, number>();
  #sentBytes = 0;
  #port: MessagePort | null = null;
  #nextId = 0;
  #late = 0;
  #pausedUntilMs = 0;

  constructor(options: CachePortOptions) {
    this.#options = options;
  }

  /** Starts the thread, which takes longer than anybody waits for it: for those who will need it soon. */
  open(): void {
    this.#opened();
  }

  get(lookup: CacheLookup): CacheHit | null | Promise<CacheHit | null> {
    return this.#ask((id, untilMs) => ({ kind: "get", id, untilMs, lookup }), lookup.patienceMs);
  }

  getLike(lookup: LikenessLookup): CacheHit | null | Promise<CacheHit | null> {
    return this.#ask((id, untilMs) => ({ kind: "get-like", id, untilMs, lookup }));
  }

  #ask(
    questionOf: (id: number, untilMs: number) => ToCache,
    asked = this.#options.patienceMs,
  ): null | Promise<CacheHit | null> {
    const nowMs = processMs();
    if (this.#waiting.size >= maxWaiting || nowMs < this.#pausedUntilMs) return null;
    const patience = asked ?? patienceMs;
    const { promise, resolve } = Promise.withResolvers<CacheHit | null>();
    const id = this.#newId();
    const timer = setTimeout(() => this.#gaveUp(id), patience);
    this.#waiting.set(id, (hit) => {
      clearTimeout(timer);
      resolve(hit);
    });
    this.#opened().postMessage(questionOf(id, nowMs + patience));
    return promise;
  }

  #newId(): number {
    this.#nextId += 1;
    return this.#nextId;
  }

  #gaveUp(id: number): void {
    this.#late += 1;
    if (this.#late >= maxLate) {
      this.#late = 0;
      this.#pausedUntilMs = processMs() + pauseMs;
    }
    this.#settle(id, null);
  }

  put({ askedMsAgo, body, likeness, ...facts }: CacheEntry): void {
    const bytes = body.length;
    if (this.#sentBytes + bytes > maxSentBytes) return;
    const id = this.#newId();
    this.#sent.set(id, bytes);
    this.#sentBytes += bytes;
    const entry = { ...facts, body, likeness };
    const message: ToCache = { kind: "put", id, askedAtMs: processMs() - askedMsAgo, entry };
    // The body has memory of its own, so it goes without a copy.
    this.#opened().postMessage(message, body.buffer instanceof ArrayBuffer ? [body.buffer] : []);
  }

  /** Forgets what no Model API could answer any more, see `cacheEpochs`. */
  keepOnly(epochs: ReadonlyMap<string, string>): void {
    this.#port?.postMessage({ kind: "keep-only", epochs } satisfies ToCache);
  }

  #opened(): MessagePort {
    return (this.#port ??= this.#open());
  }

  #open(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    port1.on("message", ({ id, hit }: FromCache) => this.#heard(id, hit));
    port1.on("close", () => {
      this.#port = null;
      this.#sent.clear();
      this.#sentBytes = 0;
      for (const id of this.#waiting.keys()) this.#settle(id, null);
    });
    port1.unref();
    this.#options.connect(port2);
    return port1;
  }

  #heard(id: number, hit: CacheHit | null): void {
    this.#late = 0;
    this.#sentBytes -= this.#sent.get(id) ?? 0;
    this.#sent.delete(id);
    this.#settle(id, hit);
  }

  #settle(id: number, hit: CacheHit | null): void {
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    settle?.(hit);
  }
}
