// A data plane's end of the token thread: asks it, and never waits long. Knows no tokenizer.
import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { TokenAsk, TokenCounter, TokenCounts } from "../gateway/accounting/token-ask.ts";
import { processMs, type TokenAnswer, type TokenQuestion } from "./token-messages.ts";

/** A record waits for its tokens at most so long. */
const patienceMs = 60;
/** Questions at a time; more are not asked. */
const maxWaiting = 32;
/** Small questions in a second, over any time, so that what the thread may cost is bounded. */
const maxPerSecond = 200;
/** A question of so many bytes counts for one more. */
const bytesOfOneMore = 16 * 1024;

export interface TokenPortOptions {
  /** Brings a port to the token thread. */
  readonly connect: (port: MessagePort) => void;
  readonly patienceMs?: number;
}

export class TokenPort implements TokenCounter {
  readonly #options: TokenPortOptions;
  readonly #waiting = new Map<number, (counts: TokenCounts | null) => void>();
  #port: MessagePort | null = null;
  #nextId = 0;
  #left = maxPerSecond;
  #filledMs = processMs();

  constructor(options: TokenPortOptions) {
    this.#options = options;
  }

  count(ask: TokenAsk): Promise<TokenCounts | null> {
    if (this.#waiting.size >= maxWaiting || !this.#mayAsk(ask)) return Promise.resolve(null);
    const port = (this.#port ??= this.#open());
    const { promise, resolve } = Promise.withResolvers<TokenCounts | null>();
    const { patienceMs: patience = patienceMs } = this.#options;
    this.#nextId += 1;
    const id = this.#nextId;
    const timer = setTimeout(() => this.#settle(id, null), patience);
    this.#waiting.set(id, (counts) => {
      clearTimeout(timer);
      resolve(counts);
    });
    const { message, buffers } = questionOf(id, processMs() + patience, ask);
    port.postMessage(message, buffers);
    return promise;
  }

  #mayAsk({ request, answer }: TokenAsk): boolean {
    const bytes = answer.bytes.length + (request?.bytes.length ?? 0);
    const nowMs = processMs();
    this.#left = Math.min(maxPerSecond, this.#left + ((nowMs - this.#filledMs) * maxPerSecond) / 1_000);
    this.#filledMs = nowMs;
    const cost = 1 + bytes / bytesOfOneMore;
    if (this.#left < cost) return false;
    this.#left -= cost;
    return true;
  }

  #open(): MessagePort {
    const { port1, port2 } = new MessageChannel();
    port1.on("message", ({ id, counts }: TokenAnswer) => this.#settle(id, counts));
    port1.on("close", () => {
      this.#port = null;
      for (const id of this.#waiting.keys()) this.#settle(id, null);
    });
    port1.unref();
    this.#options.connect(port2);
    return port1;
  }

  #settle(id: number, counts: TokenCounts | null): void {
    const settle = this.#waiting.get(id);
    this.#waiting.delete(id);
    settle?.(counts);
  }
}

/** The bytes are copied: a view would bring all of the memory that it is a part of. */
function questionOf(
  id: number,
  untilMs: number,
  { request, answer }: TokenAsk,
): { readonly message: TokenQuestion; readonly buffers: ArrayBuffer[] } {
  const said = new Uint8Array(answer.bytes);
  const read = request === null ? null : new Uint8Array(request.bytes);
  const ask: TokenAsk = {
    request: request === null || read === null ? null : { bytes: read, total: request.total },
    answer: { bytes: said, total: answer.total },
  };
  const buffers = read === null ? [said.buffer] : [said.buffer, read.buffer];
  return { message: { id, untilMs, ask }, buffers };
}
