// Receives one answer: judges it until the commit point, then passes it on. Nothing reaches the client before semantic data.
// One state machine per attempt, driven by the upstream's events, the client's leaving and one deadline.
import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { Deadline, type TimerWheel } from "../lib/timer-wheel.ts";
import { readAnswerHead, type AnswerHead } from "./answer-head.ts";
import { pushGatewayHeaders } from "./answer-headers.ts";
import type { Exchange, Matched, OpenAttempt } from "./exchange.ts";
import {
  clientGoneFailure,
  credentialFailure,
  emptyFailure,
  invalidFailure,
  isCredentialRefusal,
  networkFailure,
  redirectFailure,
  reportedFailure,
  statusFailure,
  timeoutFailure,
  type Failure,
} from "./failure.ts";
import type { ServiceRuntime } from "./service-runtime.ts";
import { SseRelay } from "./sse-relay.ts";
import { UsageTail } from "./usage-tail.ts";
import type { Call, UpstreamFailure, UpstreamHandler } from "./upstream.ts";

/** A JSON answer up to this size is judged whole before the client sees any of it, in bytes. */
const maxJudgedBytes = 1024 * 1024;

export interface ReceptionContext {
  readonly exchange: Exchange;
  readonly matched: Matched;
  readonly service: ServiceRuntime;
  readonly attempt: OpenAttempt;
  readonly askedUsage: boolean;
  readonly firstPacketTimeoutMs: number;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
}

/** `whole`: a JSON answer, held until judged. `refusal`: the body of an error status. `flow`: bytes pass. */
type State = "head" | "whole" | "stream" | "refusal" | "flow" | "over";

export class Reception implements UpstreamHandler {
  readonly #context: ReceptionContext;
  readonly #done: (failure: Failure | null) => void;
  readonly #deadline: Deadline;
  readonly #sentMs: number;
  #lastByteMs: number;
  #call: Call | null = null;
  #state: State = "head";
  #status = 0;
  #head: AnswerHead | null = null;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #relay: SseRelay | null = null;
  #tail: UsageTail | null = null;

  /** @param done called once: with null when the client has its answer, else with why it has none yet */
  constructor(context: ReceptionContext, done: (failure: Failure | null) => void) {
    this.#context = context;
    this.#done = done;
    this.#sentMs = context.clock.monotonicMs();
    this.#lastByteMs = this.#sentMs;
    this.#deadline = new Deadline(() => this.#expired());
    const { call } = context.exchange;
    call.onGone = () => this.#clientGone();
    call.onDrain = () => {
      this.#lastByteMs = this.#context.clock.monotonicMs();
      this.#call?.resume();
    };
  }

  /** Gives the reception the call whose answer it receives. */
  attach(call: Call): void {
    this.#call = call;
    if (this.#state === "over") call.abort();
    else this.#armDeadline();
  }

  onHead(status: number, headers: Buffer[]): void {
    const { exchange, attempt, service, matched } = this.#context;
    this.#touch();
    this.#status = status;
    attempt.status = status;
    exchange.upstreamStatus = status;
    const head = readAnswerHead(headers, service);
    this.#head = head;
    if (status >= 300 && status < 400) return this.#fail(redirectFailure(status));
    if (isCredentialRefusal(status)) return this.#fail(credentialFailure());
    if (status >= 400) this.#state = "refusal";
    else if (/^text\/event-stream/i.test(head.contentType) && head.contentEncoding === "") {
      this.#relay = new SseRelay(matched.route.wire.reader(), this.#context.askedUsage);
      this.#state = "stream";
    } else if (head.contentEncoding === "" && (matched.route.jsonDue || /\bjson\b/i.test(head.contentType))) {
      this.#state = "whole";
    } else this.#state = "flow";
    if (!exchange.body?.parsed?.stream) this.#armDeadline();
  }

  onData(chunk: Buffer): boolean {
    this.#touch();
    switch (this.#state) {
      case "stream":
        return this.#relayChunk(chunk);
      case "flow":
        if (!this.#context.exchange.call.started) this.#commit(this.#head?.contentLength);
        this.#tail?.push(chunk);
        return this.#write(chunk);
      default:
        this.#chunks.push(chunk);
        this.#bytes += chunk.length;
        return this.#bytes <= maxJudgedBytes || this.#flowFromHere();
    }
  }

  onEnd(): void {
    this.#touch();
    switch (this.#state) {
      case "stream":
        return this.#endStream();
      case "refusal":
        return this.#fail(statusFailure({ status: this.#status, head: this.#answerHead(), body: this.#body() }));
      case "whole":
        return this.#judge();
      case "flow":
        if (!this.#context.exchange.call.started) this.#commit(0);
        this.#context.exchange.usage = this.#tail?.usage(this.#context.matched.route.wire) ?? null;
        this.#context.exchange.call.end();
        return this.#finish("ok", null);
      default:
        return;
    }
  }

  onFailure(failure: UpstreamFailure): void {
    const started = this.#head !== null;
    this.#fail(networkFailure(failure, started));
  }

  #touch(): void {
    this.#lastByteMs = this.#context.clock.monotonicMs();
  }

  #answerHead(): AnswerHead {
    if (this.#head === null) throw new Error("an answer's body came before its head");
    return this.#head;
  }

  #body(): Buffer {
    return this.#chunks.length === 1 && this.#chunks[0] !== undefined
      ? this.#chunks[0]
      : Buffer.concat(this.#chunks, this.#bytes);
  }

  #judge(): void {
    const { exchange, matched } = this.#context;
    const body = this.#body();
    const verdict = matched.route.wire.judge(body, matched.route.answer);
    switch (verdict.kind) {
      case "error":
        return this.#fail(reportedFailure(verdict.error, this.#context.service.secrets));
      case "empty":
        return this.#fail(emptyFailure());
      case "invalid":
        return this.#fail(invalidFailure());
      case "answer": {
        exchange.usage = verdict.usage ?? null;
        exchange.status = this.#status;
        const headers = this.#answerHead().forward;
        pushGatewayHeaders(headers, exchange);
        exchange.call.send(this.#status, headers, body);
        return this.#finish("ok", null);
      }
    }
  }

  #relayChunk(chunk: Buffer): boolean {
    const relay = this.#relay;
    if (relay === null) return true;
    const bytes = relay.push(chunk);
    if (relay.failed) {
      this.#failReported(relay);
      return true;
    }
    if (bytes.length === 0) return true;
    if (!this.#context.exchange.call.started) {
      this.#markFirstData();
      this.#commit(undefined);
    }
    return this.#write(bytes);
  }

  #failReported(relay: SseRelay): void {
    const reported = relay.reader.error ?? { status: 502, message: "The model service reported an error." };
    this.#fail(reportedFailure(reported, this.#context.service.secrets));
  }

  #endStream(): void {
    const relay = this.#relay;
    const { exchange } = this.#context;
    if (relay === null) return;
    const rest = relay.finish();
    exchange.usage = relay.reader.usage ?? null;
    if (relay.failed) return this.#failReported(relay);
    if (!relay.semantic) return this.#fail(emptyFailure());
    if (!exchange.call.started) {
      this.#markFirstData();
      this.#commit(undefined);
    }
    if (rest.length > 0) exchange.call.write(rest);
    exchange.call.end();
    // An end without the protocol's own mark, or after an error in the stream, is no good end, though its bytes pass.
    const complete = relay.reader.finished && relay.reader.error === undefined;
    if (!complete) exchange.outcome = "truncated";
    this.#finish(complete ? "ok" : "truncated", null);
  }

  /** Too large to be judged whole: what is held goes, the rest follows. */
  #flowFromHere(): boolean {
    this.#commit(this.#head?.contentLength);
    this.#state = "flow";
    this.#tail = new UsageTail();
    const held = this.#body();
    this.#chunks = [];
    this.#tail.push(held);
    return this.#write(held);
  }

  #markFirstData(): void {
    const { exchange, attempt } = this.#context;
    attempt.ttftMs = this.#lastByteMs - this.#sentMs;
    exchange.ttftMs = this.#lastByteMs - exchange.startedMs;
  }

  /** The point of no return: from here on the client sees this answer. */
  #commit(length: number | undefined): void {
    const { exchange } = this.#context;
    const headers = this.#answerHead().forward;
    pushGatewayHeaders(headers, exchange);
    exchange.status = this.#status;
    exchange.call.start(this.#status, headers, length);
  }

  #write(bytes: Buffer): boolean {
    return this.#context.exchange.call.write(bytes);
  }

  #clientGone(): void {
    if (this.#state === "over") return;
    const { exchange } = this.#context;
    exchange.usage = this.#relay?.reader.usage ?? null;
    this.#call?.abort();
    this.#finish("client_closed", clientGoneFailure());
  }

  #fail(failure: Failure): void {
    if (this.#state === "over") return;
    this.#call?.abort();
    const { exchange, attempt } = this.#context;
    if (exchange.call.started) return this.#breakOff(failure);
    attempt.reason = failure.trigger;
    this.#finish(failure.outcome, failure);
  }

  /** The answer broke after the commit point: it ends honestly, with the protocol's error or abruptly. */
  #breakOff(failure: Failure): void {
    const { exchange, matched, attempt } = this.#context;
    const relay = this.#relay;
    attempt.reason = failure.trigger;
    exchange.outcome = "truncated";
    exchange.errorCode = failure.error.code;
    exchange.usage = relay?.reader.usage ?? null;
    if (relay === null || relay.cutOpenEvent) exchange.call.destroy();
    else exchange.call.endAndClose(matched.route.wire.streamError(errorView(failure.error, exchange.requestId)));
    this.#finish("truncated", null);
  }

  #finish(outcome: OpenAttempt["outcome"], failure: Failure | null): void {
    const { attempt, exchange, wheel, clock } = this.#context;
    this.#state = "over";
    wheel.cancel(this.#deadline);
    exchange.call.onGone = null;
    attempt.outcome = outcome;
    attempt.durationMs = clock.monotonicMs() - this.#sentMs;
    exchange.upstreamMs += attempt.durationMs;
    this.#done(failure);
  }

  /** Before the head of a plain answer only the total counts; streams count idle time from sending on. */
  #armDeadline(): void {
    this.#context.wheel.arm(this.#deadline, this.#nextDueMs() - this.#context.clock.monotonicMs());
  }

  #firstPacketDueMs(): number {
    const { firstPacketTimeoutMs, exchange } = this.#context;
    const waits = firstPacketTimeoutMs > 0 && exchange.body?.parsed?.stream === true && !exchange.call.started;
    return waits ? this.#sentMs + firstPacketTimeoutMs : Infinity;
  }

  #idleDueMs(): number {
    const { exchange, service } = this.#context;
    const counts = this.#head !== null || exchange.body?.parsed?.stream === true;
    return counts ? this.#lastByteMs + service.config.timeouts.idleMs : Infinity;
  }

  #totalDueMs(): number {
    return this.#sentMs + this.#context.service.config.timeouts.totalMs;
  }

  #nextDueMs(): number {
    return Math.min(this.#firstPacketDueMs(), this.#idleDueMs(), this.#totalDueMs());
  }

  #expired(): void {
    const nowMs = this.#context.clock.monotonicMs();
    if (this.#firstPacketDueMs() <= nowMs) this.#fail(timeoutFailure("first-packet"));
    else if (this.#idleDueMs() <= nowMs) this.#fail(timeoutFailure("idle"));
    else if (this.#totalDueMs() <= nowMs) this.#fail(timeoutFailure("total"));
    else this.#armDeadline();
  }
}

/** An error as the client shall see it. */
export function errorView(error: GatewayError, requestId: string) {
  return { status: error.status, code: error.code, message: error.message, param: error.param, requestId };
}
