// Receives one answer: judges it until the commit point, then passes it on. Nothing reaches the client before semantic data.
// One state machine per attempt, driven by the upstream's events, the client's leaving and one deadline.
import { bookAnswer } from "../accounting/book-answer.ts";
import { readAnswerHead, type AnswerHead } from "./answer-head.ts";
import { pushGatewayHeaders } from "./answer-headers.ts";
import { relayOf } from "./answer-relay.ts";
import { AttemptDeadline, type DeadlineKind } from "./attempt-deadline.ts";
import { decodeWhole } from "./encoded-answer.ts";
import { EncodedStream } from "./encoded-stream.ts";
import type { OpenAttempt } from "../exchange.ts";
import type { ReceptionContext, ReceptionState as State } from "./reception-context.ts";
import {
  clientGoneFailure,
  credentialFailure,
  emptyFailure,
  interruptedFailure,
  isCredentialRefusal,
  malformedStatus,
  networkFailure,
  redirectFailure,
  reportedFailure,
  statusFailure,
  timeoutFailure,
  verdictFailure,
  type Failure,
} from "../failure.ts";
import { breakOff, endPassedRefusal } from "./late-failure.ts";
import { HeldBody } from "./held-body.ts";
import { refusalWithoutBody } from "./refusal-body.ts";
import { mayFallBack } from "../send-again.ts";
import type { SseRelay } from "./sse-relay.ts";
import type { Call, UpstreamFailure, UpstreamHandler } from "../upstream/upstream.ts";
import { UsageTail } from "./usage-tail.ts";

/** Higher ones do not exist (RFC 9110, 15). */
const highestStatus = 599;
const nothing = Buffer.alloc(0);

export class Reception implements UpstreamHandler {
  readonly #context: ReceptionContext;
  readonly #done: (failure: Failure | null) => void;
  readonly #deadline: AttemptDeadline;
  #call: Call | null = null;
  #state: State = "head";
  #status = 0;
  #head: AnswerHead | null = null;
  readonly #held = new HeldBody();
  #relay: SseRelay | null = null;
  #encoded: EncodedStream | null = null;
  #tail: UsageTail | null = null;

  /** @param done called once: with null when the client has its answer, else with why it has none yet */
  constructor(context: ReceptionContext, done: (failure: Failure | null) => void) {
    this.#context = context;
    this.#done = done;
    const { exchange, service, firstPacketMs, spentMs, clock, wheel } = context;
    const { idleMs } = service.config.timeouts;
    const totalMs = Math.max(0, service.config.timeouts.totalMs - spentMs);
    const { stream } = exchange;
    this.#deadline = new AttemptDeadline(clock, wheel, { stream, firstPacketMs, idleMs, totalMs }, (kind) =>
      this.#timedOut(kind),
    );
    exchange.call.onGone = () => this.#clientGone();
    exchange.interrupt = (error) => this.fail(interruptedFailure(error));
  }

  /** Gives the reception the call whose answer it receives. */
  attach(call: Call): void {
    this.#call = call;
    if (this.#state === "over") call.abort();
    else this.#deadline.arm();
    this.#context.exchange.body?.upload?.watch(this.#deadline);
  }

  onHead(status: number, headers: Buffer[]): void {
    const { exchange, attempt, service } = this.#context;
    this.#deadline.touch();
    this.#status = status;
    attempt.status = status;
    exchange.upstreamStatus = status;
    this.#head = readAnswerHead(headers, service);
    if (status > highestStatus) return this.onFailure(malformedStatus);
    if (status >= 300 && status < 400) return this.fail(redirectFailure(status));
    if (isCredentialRefusal(status)) return this.fail(credentialFailure());
    this.#state = status >= 400 ? "refusal" : this.#stateOfGoodAnswer(this.#head);
    this.#deadline.headCame();
  }

  #stateOfGoodAnswer(head: AnswerHead): State {
    const { exchange, matched } = this.#context;
    // Of what an answer to HEAD would hold nothing is sent, and a 204 may be all there is to say: nothing to judge.
    const isBare = exchange.call.method === "HEAD" || (this.#status === 204 && !matched.operation.jsonDue);
    if (isBare) return "flow";
    const relay = relayOf(this.#context, head);
    if (relay !== undefined) {
      this.#relay = relay;
      if (head.contentEncoding === "") return "stream";
      this.#encoded = EncodedStream.start(head.contentEncoding, relay, {
        onOpen: () => this.#commitEncoded(),
        onReported: () => this.#failReported(relay),
      });
      return this.#encoded === null ? "flow" : "encoded";
    }
    return matched.operation.jsonDue || /\bjson\b/i.test(head.contentType) ? "whole" : "flow";
  }

  onData(chunk: Buffer): boolean {
    this.#deadline.touch();
    switch (this.#state) {
      case "stream":
        return this.#relayChunk(chunk);
      case "flow":
        if (!this.#context.exchange.call.started) this.#commit(this.#head?.contentLength);
        this.#tail?.push(chunk);
        return this.#write(chunk);
      case "encoded":
        return this.#encoded?.push(chunk) === true ? this.#write(chunk) : true;
      default:
        return this.#held.push(chunk) || this.#flowFromHere();
    }
  }

  onEnd(): void {
    this.#deadline.touch();
    switch (this.#state) {
      case "stream":
        return this.#endStream();
      case "encoded":
        return void this.#endEncoded();
      case "refusal":
        return this.fail(
          statusFailure({ status: this.#status, head: this.#answerHead(), body: this.#held.whole }),
        );
      case "whole":
        return this.#judgeWhole();
      case "flow":
        return this.#endFlow();
      default:
        return;
    }
  }

  onFailure(failure: UpstreamFailure): void {
    this.#context.attempt.detail = failure.detail;
    if (this.#state === "refusal") return this.fail(this.#refusalWithoutBody());
    this.fail(networkFailure(failure, this.#head !== null));
  }

  /** Nothing more is received. */
  get over(): boolean {
    return this.#state === "over";
  }

  /** Bytes came that say nothing to the client. */
  touch(): void {
    this.#deadline.touch();
  }

  #timedOut(kind: DeadlineKind): void {
    // The status is known, and with it what is to be done: its body is not worth more.
    this.fail(this.#state === "refusal" ? this.#refusalWithoutBody() : timeoutFailure(kind));
  }

  #refusalWithoutBody(): Failure {
    const { exchange, matched } = this.#context;
    const answer = { status: this.#status, head: this.#answerHead(), body: nothing };
    return refusalWithoutBody(answer, matched.route.wire, exchange.requestId);
  }

  #answerHead(): AnswerHead {
    if (this.#head === null) throw new Error("an answer's body came before its head");
    return this.#head;
  }

  /** Judges what the client will read, decoded where the service compressed it; the bytes pass as they came. */
  #judgeWhole(): void {
    const coding = this.#answerHead().contentEncoding;
    const body = this.#held.whole;
    if (coding === "") return this.#judge(body, body);
    void decodeWhole(coding, body).then((decoded) => {
      if (this.#state === "over") return;
      // A coding that is broken or not known is the client's to see, as it would be without a gateway.
      if (decoded === null) this.#answerWhole(body);
      else this.#judge(decoded, body);
    });
  }

  #judge(decoded: Buffer, body: Buffer): void {
    const { exchange, matched, service } = this.#context;
    const verdict = matched.route.wire.judge(decoded, matched.operation.answer);
    if (verdict.kind !== "answer") {
      // What is no answer may have been billed all the same.
      exchange.usage = matched.route.wire.usageInTail(decoded) ?? null;
      return this.fail(verdictFailure(verdict, service.secrets));
    }
    exchange.usage = verdict.usage ?? null;
    exchange.unfinished = verdict.unfinished === true;
    if (!this.#keepsIds(decoded)) return;
    const shown = this.#context.ids?.shown(decoded) ?? decoded;
    this.#answerWhole(shown === decoded ? body : shown);
  }

  /** Ids that the answer gives to the consumer are durable before it goes on. */
  #keepsIds(body: Buffer): boolean {
    const failure = this.#context.ids?.answered(this.#status, body);
    if (failure !== undefined) this.fail(interruptedFailure(failure));
    return failure === undefined;
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

  #commitEncoded(): void {
    if (this.#state !== "encoded") return;
    this.#commitStream(this.#answerHead().contentLength);
    this.#write(this.#encoded?.takeHeld() ?? nothing);
  }

  async #endEncoded(): Promise<void> {
    const { call } = this.#context.exchange;
    const encoded = this.#encoded;
    if (encoded === null) return;
    const { relay } = encoded;
    const passed = call.started;
    if (passed) {
      // The client has everything: when it leaves now, it has not gone away.
      call.onGone = null;
      call.end();
    }
    const complete = await encoded.finish();
    if (this.#state !== "encoded") return;
    if (!call.started) {
      if (complete && relay.failed) return this.#failReported(relay);
      if (complete && !relay.semantic) return this.fail(emptyFailure());
      this.#commitEncoded();
    }
    if (!passed) call.end();
    // A broken coding is the client's to see, as it would be without a gateway.
    if (complete) this.#settleRead(relay);
    else this.#finish("ok", null);
  }

  #failReported({ reader }: SseRelay): void {
    const reported = reader.error ?? { status: 502, message: "The model service reported an error." };
    this.fail(reportedFailure(reported, this.#context.service.secrets));
  }

  #endStream(): void {
    const relay = this.#relay;
    const { exchange } = this.#context;
    if (relay === null) return;
    const rest = relay.finish();
    if (relay.failed) return this.#failReported(relay);
    if (!relay.semantic) return this.fail(emptyFailure());
    if (!exchange.call.started) this.#commitStream();
    if (rest.length > 0) exchange.call.write(rest);
    exchange.call.end();
    this.#settleRead(relay);
  }

  /** An end without the protocol's own mark, or after an error in the stream, is no good end, though its bytes pass. */
  #settleRead(relay: SseRelay): void {
    const { exchange } = this.#context;
    const complete = relay.reader.finished && relay.reader.error === undefined;
    if (!complete) exchange.outcome = "truncated";
    this.#finish(complete ? "ok" : "truncated", null);
  }

  #endFlow(): void {
    const { exchange, matched } = this.#context;
    if (!exchange.call.started) {
      const isHead = exchange.call.method === "HEAD";
      if (this.#status === 200 && !isHead && matched.operation.answer !== "bytes")
        return this.fail(emptyFailure());
      this.#commit(isHead ? this.#head?.contentLength : 0);
    }
    if (this.#status >= 400) return this.#endLargeRefusal();
    exchange.usage = this.#tail?.usage(matched.route.wire) ?? exchange.usage;
    exchange.call.end();
    this.#finish("ok", null);
  }

  #endLargeRefusal(): void {
    const failure = statusFailure({ status: this.#status, head: this.#answerHead(), body: nothing });
    endPassedRefusal(this.#context, failure, this.#status);
    this.#finish(failure.outcome, { ...failure, answered: true });
  }

  /** Too large to be judged whole: what is held goes, the rest follows. */
  #flowFromHere(): boolean {
    if (this.#state === "refusal") {
      const { exchange, matched } = this.#context;
      const failure = this.#refusalWithoutBody();
      // While another target may answer in its place, an error is no answer.
      if (mayFallBack(exchange, matched, failure)) {
        this.fail(failure);
        return true;
      }
    }
    const { contentLength, contentEncoding } = this.#answerHead();
    const held = this.#held.whole;
    if (!this.#keepsIds(held)) return true;
    this.#commit(contentLength);
    this.#state = "flow";
    this.#held.release();
    if (this.#status < 400 && contentEncoding === "") {
      this.#tail = new UsageTail();
      this.#tail.push(held);
    }
    return this.#write(held);
  }

  #commitStream(length?: number): void {
    const { exchange, attempt, observation } = this.#context;
    const { lastByteMs, sentMs } = this.#deadline;
    observation.firstData(lastByteMs);
    attempt.ttftMs = lastByteMs - sentMs;
    exchange.ttftMs = lastByteMs - exchange.startedMs;
    this.#commit(length);
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
    this.#call?.abort();
    // Of an answer that was refused: the client is still there, and the service has done nothing wrong.
    if (this.#context.exchange.outcome === "blocked") this.#finish("ok", null);
    else this.#finish("client_closed", clientGoneFailure());
  }

  /** What comes cannot be the answer. */
  fail(failure: Failure): void {
    if (this.#state === "over") return;
    this.#call?.abort();
    const { exchange, attempt } = this.#context;
    if (exchange.call.started) return this.#breakOff(failure);
    attempt.reason = failure.trigger;
    this.#finish(failure.outcome, failure);
  }

  #breakOff(failure: Failure): void {
    breakOff(this.#context, failure, this.#state === "stream" ? this.#relay : null);
    this.#finish("truncated", null);
  }

  #finish(outcome: OpenAttempt["outcome"], failure: Failure | null): void {
    const { attempt, exchange, clock } = this.#context;
    this.#state = "over";
    this.#deadline.cancel();
    this.#encoded?.abort();
    exchange.call.onGone = null;
    exchange.interrupt = null;
    attempt.outcome = outcome;
    const sent = this.#call?.connected === true;
    bookAnswer(exchange, attempt, { relay: this.#relay, tail: this.#tail, held: this.#held, sent });
    attempt.durationMs = clock.monotonicMs() - this.#deadline.sentMs;
    exchange.upstreamMs += attempt.durationMs;
    this.#done(failure);
  }
}
