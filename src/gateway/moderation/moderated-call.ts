// Stands before a client: what is answered goes through the checks first. Whole answers are held until they are judged;
// of streams only what a find may still cover. Knows no service.
import type { GatewayError } from "../../core/errors.ts";
import { ArrayBlocks, EventBlocks } from "../../lib/stream-blocks.ts";
import { Deadline, type TimerWheel } from "../../lib/timer-wheel.ts";
import { shownStreamOf, type ShownStream } from "../../protocols/content/blocked-ending.ts";
import { pushGatewayHeaders } from "../answer/answer-headers.ts";
import { decodeAside, decodeWhole, type SideDecoder } from "../answer/encoded-answer.ts";
import { errorView } from "../error-view.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { headerOf, withoutHeaders } from "../raw-headers.ts";
import { answerKindOf, streamFormOf, type AnswerWay } from "./answer-way.ts";
import { BodyTexts } from "./body-texts.ts";
import { ForwardedCall } from "./forwarded-call.ts";
import { Judge } from "./judge.ts";
import { blockedError, bodyFormFor } from "./moderate-request.ts";
import { ModeratedStream, type StreamForm } from "./moderated-stream.ts";
import type { ModerationPolicy } from "./policy.ts";

/** An answer that is held until it is judged, in bytes; a longer one cannot be. */
const maxHeldBytes = 32 * 1024 * 1024;
/** Held of a stream: beyond it what came is judged as if nothing followed, in bytes. */
const maxStreamBytes = 256 * 1024;
/** Events without text that wait for the first with some, in bytes. */
const maxEarlyBytes = 64 * 1024;
/** While a stream is held its client is told so often that it goes on, in ms. */
const keepAliveMs = 15_000;

const comment = Buffer.from(": checking\n\n");

interface Head {
  readonly status: number;
  readonly headers: string[];
  readonly length: number | undefined;
}

export interface ModeratedCallTools {
  readonly wheel: TimerWheel;
  reportDefect(error: unknown): void;
}

export class ModeratedCall extends ForwardedCall {
  onGone: (() => void) | null = null;
  onDrain: (() => void) | null = null;
  readonly #exchange: Exchange;
  readonly #matched: Matched;
  readonly #tools: ModeratedCallTools;
  readonly #judge: Judge;
  readonly #settled = Promise.withResolvers<void>();
  readonly #keepAlive: Deadline;
  /** Asked for before the request is let go. */
  readonly #form: Omit<StreamForm, "cutter">;
  #way: AnswerWay | null = null;
  #head: Head | null = null;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #stream: ModeratedStream | null = null;
  #decoder: SideDecoder | null = null;
  #shown: ShownStream | null = null;
  #early: Buffer[] = [];
  #earlyBytes = 0;
  /** The last words of an answer that has ended; null while it goes on. */
  #ending: { readonly lastBytes: string | null } | null = null;
  /** The client does not take any more for now. */
  #full = false;
  /** Whoever writes waits for `onDrain`. */
  #stopped = false;
  #begun = false;
  #over = false;
  #blocked = false;

  constructor(exchange: Exchange, matched: Matched, policy: ModerationPolicy, tools: ModeratedCallTools) {
    const inner = exchange.call;
    super(inner);
    const { consumer, requestId } = exchange;
    this.#exchange = exchange;
    this.#matched = matched;
    this.#tools = tools;
    const api = matched.api.config.name;
    this.#judge = new Judge(policy, { direction: "response", api, consumer, requestId }, exchange);
    this.#keepAlive = new Deadline(() => this.#tellAlive());
    this.#form = streamFormOf(exchange, matched);
    inner.onGone = () => this.#clientGone();
    inner.onDrain = () => {
      this.#full = false;
      this.#resume();
    };
  }

  get started(): boolean {
    return this.#begun || this.inner.started;
  }

  /** To whoever answers, a client whose answer was refused is one that has left. */
  get gone(): boolean {
    return this.inner.gone || this.#blocked;
  }

  /** What follows is the gateway's own and is not judged. */
  bypass(): void {
    if (!this.#begun) this.#way = "pass";
  }

  /** Resolves when the client has all that it gets. What became of the exchange is then written in it. */
  async settled(): Promise<void> {
    if (this.#begun && !this.#over && this.#way !== "pass") await this.#settled.promise;
    if (this.#blocked) this.#markBlocked();
  }

  send(status: number, headers: string[], body: Buffer | string): void {
    const way = this.#way ?? answerKindOf(this.#exchange, this.#matched, headers, this.#judge);
    this.#begin(
      { status, headers, length: undefined },
      way === "pass" || body.length === 0 ? "pass" : "whole",
    );
    if (this.#way === "pass") return this.inner.send(status, headers, body);
    this.#awaitWhole(Buffer.from(body));
  }

  start(status: number, headers: string[], length: number | undefined): void {
    const way = this.#way ?? answerKindOf(this.#exchange, this.#matched, headers, this.#judge);
    this.#begin({ status, headers, length }, way);
    if (way === "pass") return this.inner.start(status, headers, length);
    if (way !== "whole") this.#openStream(way, headers);
  }

  write(chunk: Buffer): boolean {
    if (this.#over) return true;
    switch (this.#way) {
      case "events":
      case "items":
        if (this.#decoder === null) this.#push(chunk);
        else this.#decoder.push(chunk);
        return this.#flows();
      case "whole":
        return this.#hold(chunk);
      default:
        return this.inner.write(chunk);
    }
  }

  end(): void {
    this.#finish(null);
  }

  endAndClose(lastBytes: string): void {
    this.#finish(lastBytes);
  }

  destroy(): void {
    if (this.#over) return;
    this.#close();
    this.inner.destroy();
  }

  #begin(head: Head, way: AnswerWay): void {
    this.#begun = true;
    this.#head = head;
    this.#way = way;
  }

  #hold(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes <= maxHeldBytes) {
      this.#pieces.push(chunk);
      return true;
    }
    this.#judge.unreadable("too-large");
    if (this.#judge.blocked) this.#block();
    else {
      this.#way = "pass";
      const { status, headers, length } = this.#headOf();
      this.inner.start(status, headers, length);
      for (const piece of this.#pieces.splice(0)) this.inner.write(piece);
      return this.inner.write(chunk);
    }
    return true;
  }

  #finish(lastBytes: string | null): void {
    if (this.#over) return;
    this.#ending = { lastBytes };
    if (this.#way === "whole") return this.#awaitWhole(Buffer.concat(this.#pieces, this.#bytes));
    if (this.#stream === null)
      return lastBytes === null ? this.inner.end() : this.inner.endAndClose(lastBytes);
    if (this.#decoder === null) return this.#finishStream();
    void this.#decoder.finish().then((complete) => {
      if (!complete) this.#judge.unreadable("broken-coding");
      this.#finishStream();
    });
  }

  #awaitWhole(body: Buffer): void {
    this.#judgeWhole(body).catch((error: unknown) => this.#failed(error));
  }

  /** A defect of ours: what was not judged does not go. */
  #failed(error: unknown): void {
    this.#tools.reportDefect(error);
    if (this.#over) return;
    this.#judge.failed = true;
    this.#block();
  }

  async #judgeWhole(body: Buffer): Promise<void> {
    const { status, headers } = this.#headOf();
    const coding = headerOf(headers, "content-encoding") ?? "";
    const plain = coding === "" ? body : await decodeWhole(coding, body);
    if (plain === null) this.#judge.unreadable("unknown-coding");
    const masked = plain === null ? body : await this.#masked(plain, headers);
    if (this.#over) return;
    if (this.#judge.blocked) return this.#block();
    this.#close();
    if (masked === plain || plain === null) this.#sendWhole(status, headers, body);
    else this.#sendWhole(status, withoutHeaders(headers, isCoding), masked);
  }

  #masked(plain: Buffer, headers: readonly string[]): Promise<Buffer> {
    const form = bodyFormFor(plain, headerOf(headers, "content-type") ?? "");
    return new BodyTexts(this.#judge, true).judge(plain, form);
  }

  #sendWhole(status: number, headers: string[], body: Buffer): void {
    const ending = this.#ending;
    if (ending === null || ending.lastBytes === null) return this.inner.send(status, headers, body);
    this.inner.start(status, headers, undefined);
    this.inner.write(body);
    this.inner.endAndClose(ending.lastBytes);
  }

  #openStream(way: "events" | "items", headers: readonly string[]): void {
    const { protocol } = this.#matched.route.row;
    const isArray = way === "items";
    this.#shown = shownStreamOf(protocol, isArray);
    const form = { ...this.#form, cutter: isArray ? new ArrayBlocks() : new EventBlocks() };
    this.#stream = new ModeratedStream(this.#judge, form, {
      release: (bytes, event, hasText) => {
        if (event !== undefined) this.#shown?.shown(event);
        this.#release(bytes, hasText);
      },
      moved: () => this.#moved(),
      failed: (error) => this.#failed(error),
    });
    const coding = headerOf(headers, "content-encoding") ?? "";
    if (coding === "") return;
    const decoder = decodeAside(coding, (piece) => this.#push(piece));
    if (decoder !== undefined) this.#decoder = decoder;
    else this.#judge.unreadable("unknown-coding");
  }

  #push(chunk: Buffer): void {
    const stream = this.#stream;
    if (stream === null || this.#over) return;
    stream.push(chunk);
    if (stream.heldBytes > maxStreamBytes) stream.pause();
    if (stream.heldBytes > maxHeldBytes) this.#judge.unreadable("too-large");
    this.#moved();
  }

  #finishStream(): void {
    if (this.#over) return;
    this.#stream?.finish();
    this.#moved();
  }

  #release(bytes: Buffer, hasText: boolean): void {
    if (!this.inner.started) {
      this.#early.push(bytes);
      this.#earlyBytes += bytes.length;
      if (hasText || this.#earlyBytes > maxEarlyBytes) this.#startStream();
      return;
    }
    if (!this.inner.write(bytes)) this.#full = true;
  }

  /** From here on the client sees this answer. */
  #startStream(): void {
    const { status, headers } = this.#headOf();
    this.inner.start(status, this.#decoder === null ? headers : withoutHeaders(headers, isCoding), undefined);
    const early = this.#early.length === 1 ? this.#early[0] : Buffer.concat(this.#early, this.#earlyBytes);
    this.#early = [];
    if (early !== undefined && early.length > 0 && !this.inner.write(early)) this.#full = true;
    if (this.#way === "events") this.#tools.wheel.arm(this.#keepAlive, keepAliveMs);
  }

  #moved(): void {
    const stream = this.#stream;
    if (this.#over || stream === null) return;
    if (this.#judge.blocked) return this.#block();
    if (this.#ending !== null && stream.heldBytes === 0) return this.#endStream(this.#ending.lastBytes);
    this.#resume();
  }

  #endStream(lastBytes: string | null): void {
    if (!this.inner.started) this.#startStream();
    this.#close();
    if (lastBytes === null) this.inner.end();
    else this.inner.endAndClose(lastBytes);
  }

  /** Whether more may come now. */
  #flows(): boolean {
    const holdsMuch = this.#stream !== null && this.#stream.heldBytes > maxStreamBytes && this.#stream.asking;
    this.#stopped = !this.#over && (this.#full || holdsMuch);
    return !this.#stopped;
  }

  #resume(): void {
    if (this.#way === "pass" || this.#way === null) return this.onDrain?.();
    if (this.#stopped && this.#flows()) this.onDrain?.();
  }

  #tellAlive(): void {
    if (this.#over) return;
    if ((this.#stream?.heldBytes ?? 0) > 0 && !this.#full) this.inner.write(comment);
    this.#tools.wheel.arm(this.#keepAlive, keepAliveMs);
  }

  /** Nothing that is held goes; the client is told in its protocol, and nobody waits for more of the answer. */
  #block(): void {
    if (this.#over) return;
    this.#blocked = true;
    this.#close();
    if (this.inner.started) this.#endBlocked();
    else this.#refuse(blockedError(this.#judge));
    this.#markBlocked();
    const gone = this.onGone;
    this.onGone = null;
    gone?.();
  }

  #refuse(error: GatewayError): void {
    const { wire } = this.#matched.route;
    const headers = ["content-type", "application/json"];
    pushGatewayHeaders(headers, this.#exchange);
    if (error.retryAfterSeconds !== undefined) headers.push("retry-after", String(error.retryAfterSeconds));
    this.#head = { status: error.status, headers, length: undefined };
    this.inner.send(error.status, headers, wire.errorBody(errorView(error, this.#exchange.requestId)));
  }

  #endBlocked(): void {
    const ending = this.#shown?.ending();
    if (ending === undefined) {
      const { wire } = this.#matched.route;
      const error = errorView(blockedError(this.#judge), this.#exchange.requestId);
      return this.inner.endAndClose(wire.streamError(error));
    }
    this.inner.write(Buffer.from(ending));
    this.inner.end();
  }

  #markBlocked(): void {
    const exchange = this.#exchange;
    exchange.status = this.#headOf().status;
    exchange.outcome = "blocked";
    exchange.errorCode = "content_blocked";
  }

  #clientGone(): void {
    if (!this.#over) {
      const isWaiting = this.#begun && this.onGone === null;
      this.#close();
      // Whoever answered has done so, and does not look at the client any more.
      if (isWaiting) this.#left();
    }
    this.onGone?.();
  }

  #left(): void {
    this.#exchange.status = 499;
    this.#exchange.outcome = "client_closed";
    this.#exchange.errorCode = "";
  }

  #close(): void {
    this.#over = true;
    this.#judge.abort();
    this.#tools.wheel.cancel(this.#keepAlive);
    this.#decoder?.abort();
    this.#pieces = [];
    this.#early = [];
    this.#settled.resolve();
  }

  #headOf(): Head {
    if (this.#head === null) throw new Error("an answer went on before it began");
    return this.#head;
  }
}

function isCoding(name: string): boolean {
  return name === "content-encoding";
}
