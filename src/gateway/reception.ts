// Receives one answer: judges it until the commit point, then passes it on. Nothing reaches the client before semantic data.
// One state machine per attempt, driven by the upstream's events, the client's leaving and one deadline.
import type { Clock } from "../core/clock.ts";
import type { GatewayError } from "../core/errors.ts";
import type { TimerWheel } from "../lib/timer-wheel.ts";
import type { ErrorView } from "../protocols/wire.ts";
import { readAnswerHead, type AnswerHead } from "./answer-head.ts";
import { pushGatewayHeaders } from "./answer-headers.ts";
import { AttemptDeadline } from "./attempt-deadline.ts";
import { decodeAside, type SideDecoder } from "./encoded-answer.ts";
import type { Exchange, Matched, OpenAttempt } from "./exchange.ts";
import {
  clientGoneFailure,
  credentialFailure,
  emptyFailure,
  interruptedFailure,
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
import type { Call, UpstreamFailure, UpstreamHandler } from "./upstream.ts";
import type { Observation } from "./target-state.ts";
import { UsageTail } from "./usage-tail.ts";

/** A JSON answer up to this size is judged whole before the client sees any of it, in bytes. */
const maxJudgedBytes = 1024 * 1024;
const nothing = Buffer.alloc(0);

export interface ReceptionContext {
  readonly exchange: Exchange;
  readonly matched: Matched;
  readonly service: ServiceRuntime;
  readonly attempt: OpenAttempt;
  /** Told of the first data of a stream. */
  readonly observation: Observation;
  /** First-packet timeout of this target, ms; 0 = off. */
  readonly firstPacketMs: number;
  /** What earlier sends to this target have used of its total time, ms. */
  readonly spentMs: number;
  readonly askedUsage: boolean;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
}

/** `whole`: a JSON answer, held until judged. `refusal`: the body of an error status. `flow`: bytes pass. */
type State = "head" | "whole" | "stream" | "refusal" | "flow" | "over";

export class Reception implements UpstreamHandler {
  readonly #context: ReceptionContext;
  readonly #done: (failure: Failure | null) => void;
  readonly #deadline: AttemptDeadline;
  #call: Call | null = null;
  #state: State = "head";
  #status = 0;
  #head: AnswerHead | null = null;
  #chunks: Buffer[] = [];
  #bytes = 0;
  #relay: SseRelay | null = null;
  /** Reads a compressed stream that passes as it is. */
  #aside: SideDecoder | null = null;
  #tail: UsageTail | null = null;

  /** @param done called once: with null when the client has its answer, else with why it has none yet */
  constructor(context: ReceptionContext, done: (failure: Failure | null) => void) {
    this.#context = context;
    this.#done = done;
    const { exchange, service, firstPacketMs, spentMs, clock, wheel } = context;
    const { idleMs } = service.config.timeouts;
    const totalMs = Math.max(0, service.config.timeouts.totalMs - spentMs);
    const stream = exchange.body?.parsed?.stream === true;
    this.#deadline = new AttemptDeadline(clock, wheel, { stream, firstPacketMs, idleMs, totalMs }, (kind) =>
      this.#fail(timeoutFailure(kind)),
    );
    exchange.call.onGone = () => this.#clientGone();
    exchange.interrupt = (error) => this.#fail(interruptedFailure(error));
  }

  /** Gives the reception the call whose answer it receives. */
  attach(call: Call): void {
    this.#call = call;
    if (this.#state === "over") call.abort();
    else this.#deadline.arm();
  }

  onHead(status: number, headers: Buffer[]): void {
    const { exchange, attempt, service } = this.#context;
    this.#deadline.touch();
    this.#status = status;
    attempt.status = status;
    exchange.upstreamStatus = status;
    this.#head = readAnswerHead(headers, service);
    if (status >= 300 && status < 400) return this.#fail(redirectFailure(status));
    if (isCredentialRefusal(status)) return this.#fail(credentialFailure());
    this.#state = status >= 400 ? "refusal" : this.#stateOfGoodAnswer(this.#head);
    this.#deadline.headCame();
  }

  #stateOfGoodAnswer({ contentType, contentEncoding }: AnswerHead): State {
    const { exchange, matched, askedUsage } = this.#context;
    // Of what an answer to HEAD would hold nothing is sent, so there is nothing to judge.
    if (exchange.call.method === "HEAD") return "flow";
    if (/^text\/event-stream/i.test(contentType)) {
      const relay = new SseRelay(
        matched.route.wire.reader(matched.operation.answer),
        askedUsage && contentEncoding === "",
      );
      this.#relay = relay;
      if (contentEncoding === "") return "stream";
      this.#aside = decodeAside(contentEncoding, (piece) => void relay.push(piece)) ?? null;
      return "flow";
    }
    return matched.operation.jsonDue || /\bjson\b/i.test(contentType) ? "whole" : "flow";
  }

  onData(chunk: Buffer): boolean {
    this.#deadline.touch();
    switch (this.#state) {
      case "stream":
        return this.#relayChunk(chunk);
      case "flow":
        if (!this.#context.exchange.call.started) this.#commit(this.#head?.contentLength);
        this.#tail?.push(chunk);
        this.#aside?.push(chunk);
        return this.#write(chunk);
      default:
        this.#chunks.push(chunk);
        this.#bytes += chunk.length;
        return this.#bytes <= maxJudgedBytes || this.#flowFromHere();
    }
  }

  onEnd(): void {
    this.#deadline.touch();
    switch (this.#state) {
      case "stream":
        return this.#endStream();
      case "refusal":
        return this.#fail(
          statusFailure({ status: this.#status, head: this.#answerHead(), body: this.#body() }),
        );
      case "whole":
        return this.#judgeDecoded();
      case "flow":
        return this.#endFlow();
      default:
        return;
    }
  }

  onFailure(failure: UpstreamFailure): void {
    this.#fail(networkFailure(failure, this.#head !== null));
  }

  #answerHead(): AnswerHead {
    if (this.#head === null) throw new Error("an answer's body came before its head");
    return this.#head;
  }

  #body(): Buffer {
    const [first] = this.#chunks;
    return this.#chunks.length === 1 && first !== undefined
      ? first
      : Buffer.concat(this.#chunks, this.#bytes);
  }

  /** Judges what the client will read, decoded where the service compressed it; the bytes pass as they came. */
  #judgeDecoded(): void {
    const coding = this.#answerHead().contentEncoding;
    const body = this.#body();
    if (coding === "") return this.#judge(body, body);
    const pieces: Buffer[] = [];
    const decoder = decodeAside(coding, (piece) => pieces.push(piece));
    if (decoder === undefined) return this.#answerWhole(body);
    decoder.push(body);
    void decoder.finish().then((complete) => {
      if (this.#state === "over") return;
      // A broken coding is the client's to see, as it would be without a gateway.
      if (complete) this.#judge(Buffer.concat(pieces), body);
      else this.#answerWhole(body);
    });
  }

  #judge(decoded: Buffer, body: Buffer): void {
    const { exchange, matched, service } = this.#context;
    const verdict = matched.route.wire.judge(decoded, matched.operation.answer);
    switch (verdict.kind) {
      case "error":
        return this.#fail(reportedFailure(verdict.error, service.secrets));
      case "empty":
        return this.#fail(emptyFailure());
      case "invalid":
        return this.#fail(invalidFailure());
      case "answer":
        exchange.usage = verdict.usage ?? null;
        return this.#answerWhole(body);
    }
  }

  #answerWhole(body: Buffer): void {
    const { exchange } = this.#context;
    exchange.status = this.#status;
    const headers = this.#answerHead().forward;
    pushGatewayHeaders(headers, exchange);
    exchange.call.send(this.#status, headers, body);
    this.#finish("ok", null);
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
    if (!this.#context.exchange.call.started) this.#commitStream();
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
    if (!exchange.call.started) this.#commitStream();
    if (rest.length > 0) exchange.call.write(rest);
    this.#endRead(relay);
  }

  /** An end without the protocol's own mark, or after an error in the stream, is no good end, though its bytes pass. */
  #endRead(relay: SseRelay): void {
    const { exchange } = this.#context;
    exchange.call.end();
    const complete = relay.reader.finished && relay.reader.error === undefined;
    if (!complete) exchange.outcome = "truncated";
    this.#finish(complete ? "ok" : "truncated", null);
  }

  #endFlow(): void {
    const { exchange, matched } = this.#context;
    if (!exchange.call.started) this.#commit(exchange.call.method === "HEAD" ? this.#head?.contentLength : 0);
    if (this.#status >= 400) return this.#endLargeRefusal();
    const relay = this.#relay;
    if (this.#aside !== null && relay !== null) {
      void this.#aside.finish().then((complete) => {
        if (this.#state === "over") return;
        relay.finish();
        exchange.usage = relay.reader.usage ?? null;
        if (complete) return this.#endRead(relay);
        exchange.call.end();
        this.#finish("ok", null);
      });
      return;
    }
    exchange.usage = this.#tail?.usage(matched.route.wire) ?? null;
    exchange.call.end();
    this.#finish("ok", null);
  }

  /** An error answer that was too large to be held has passed already; all that is left is to say what it was. */
  #endLargeRefusal(): void {
    const { exchange, attempt } = this.#context;
    const failure = statusFailure({ status: this.#status, head: this.#answerHead(), body: nothing });
    attempt.reason = failure.trigger;
    exchange.outcome = this.#status >= 500 ? "upstream_error" : "client_error";
    exchange.errorCode = this.#status >= 500 ? "upstream_error" : "";
    exchange.call.end();
    this.#finish(failure.outcome, { ...failure, answered: true });
  }

  /** Too large to be judged whole: what is held goes, the rest follows. */
  #flowFromHere(): boolean {
    const { contentLength, contentEncoding } = this.#answerHead();
    this.#commit(contentLength);
    this.#state = "flow";
    const held = this.#body();
    this.#chunks = [];
    if (this.#status < 400 && contentEncoding === "") {
      this.#tail = new UsageTail();
      this.#tail.push(held);
    }
    return this.#write(held);
  }

  #commitStream(): void {
    const { exchange, attempt, observation } = this.#context;
    const { lastByteMs, sentMs } = this.#deadline;
    observation.firstData(lastByteMs);
    attempt.ttftMs = lastByteMs - sentMs;
    exchange.ttftMs = lastByteMs - exchange.startedMs;
    this.#commit(undefined);
  }

  /** The point of no return: from here on the client sees this answer. */
  #commit(length: number | undefined): void {
    const { exchange } = this.#context;
    this.#deadline.firstPacketCame();
    const headers = this.#answerHead().forward;
    pushGatewayHeaders(headers, exchange);
    exchange.status = this.#status;
    // Nothing can be sent again now, so a stream that lasts for minutes need not keep the request.
    exchange.releaseBody();
    exchange.call.onDrain = () => {
      this.#deadline.touch();
      this.#call?.resume();
    };
    exchange.call.start(this.#status, headers, length);
  }

  #write(bytes: Buffer): boolean {
    return this.#context.exchange.call.write(bytes);
  }

  #clientGone(): void {
    if (this.#state === "over") return;
    this.#context.exchange.usage = this.#relay?.reader.usage ?? null;
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
    const relay = this.#state === "stream" ? this.#relay : null;
    attempt.reason = failure.trigger;
    exchange.outcome = "truncated";
    exchange.errorCode = failure.error.code;
    exchange.usage = this.#relay?.reader.usage ?? null;
    if (relay === null || relay.cutOpenEvent) exchange.call.destroy();
    else
      exchange.call.endAndClose(matched.route.wire.streamError(errorView(failure.error, exchange.requestId)));
    this.#finish("truncated", null);
  }

  #finish(outcome: OpenAttempt["outcome"], failure: Failure | null): void {
    const { attempt, exchange, clock } = this.#context;
    this.#state = "over";
    this.#deadline.cancel();
    this.#aside?.abort();
    exchange.call.onGone = null;
    exchange.interrupt = null;
    attempt.outcome = outcome;
    attempt.durationMs = clock.monotonicMs() - this.#deadline.sentMs;
    exchange.upstreamMs += attempt.durationMs;
    this.#done(failure);
  }
}

/** An error as the client shall see it. */
export function errorView(error: GatewayError, requestId: string): ErrorView {
  return { status: error.status, code: error.code, message: error.message, param: error.param, requestId };
}
