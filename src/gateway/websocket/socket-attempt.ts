// The ends of one attempt on a socket: writes down how it went, once. Knows no frame.
import type { AttemptOutcome } from "../../core/exchange-record.ts";
import type { GatewayError } from "../../core/errors.ts";
import { AttemptDeadline, type DeadlineKind } from "../answer/attempt-deadline.ts";
import { clientGoneFailure, networkFailure, type Failure } from "../failure.ts";
import { markRefused } from "../refuse.ts";
import type { Send, SendContext } from "../send.ts";
import type { UpstreamFailure } from "../upstream/upstream.ts";

/** Keeps the times of one attempt and ends it. */
export class SocketAttempt {
  readonly context: SendContext;
  over = false;
  /** The client has been told that the service has begun: there is no way back. */
  started = false;
  readonly #deadline: AttemptDeadline;
  readonly #done: (failure: Failure | null) => void;

  /** @param totalMs of this kind of socket; Infinity = no limit */
  constructor(
    context: SendContext,
    limits: { readonly firstPacketMs: number; readonly totalMs: number },
    onExpired: (kind: DeadlineKind) => void,
    done: (failure: Failure | null) => void,
  ) {
    const { clock, wheel, target } = context;
    const { idleMs } = target.service.config.timeouts;
    this.context = context;
    this.#done = done;
    this.#deadline = new AttemptDeadline(clock, wheel, { stream: true, idleMs, ...limits }, onExpired);
  }

  arm(): void {
    this.#deadline.arm();
  }

  touch(): void {
    this.#deadline.touch();
  }

  /** The handshake was answered. */
  answered(status: number): void {
    const { attempt, exchange } = this.context;
    attempt.status = status;
    exchange.upstreamStatus = status;
  }

  /** The connection failed. */
  broke(failure: UpstreamFailure): Failure {
    this.context.attempt.detail = failure.detail;
    return networkFailure(failure, this.started);
  }

  /** The point of no return. */
  start(): void {
    const { exchange, attempt, observation } = this.context;
    this.started = true;
    this.#deadline.touch();
    this.#deadline.firstPacketCame();
    const { lastByteMs, sentMs } = this.#deadline;
    observation.firstData(lastByteMs);
    attempt.ttftMs = lastByteMs - sentMs;
    exchange.ttftMs = lastByteMs - exchange.startedMs;
    exchange.status = 101;
    exchange.releaseBody();
  }

  /** Nothing usable came: another target may be tried. */
  fail(failure: Failure): void {
    if (this.over) return;
    this.context.attempt.reason = failure.trigger;
    this.#finish(failure.outcome, failure);
  }

  /** What has begun breaks off. */
  breakOff(failure: Failure): void {
    if (this.over) return;
    const { exchange, attempt } = this.context;
    attempt.reason = failure.trigger;
    exchange.outcome = "truncated";
    exchange.errorCode = failure.error.code;
    this.#finish("truncated", null);
  }

  /** The service ended it by its own words. */
  end(complete: boolean): void {
    if (this.over) return;
    if (!complete) this.context.exchange.outcome = "truncated";
    this.#finish(complete ? "ok" : "truncated", null);
  }

  /** @param violation what the client did wrong, if that was the end: nothing else is said of the exchange then */
  clientGone(violation: GatewayError | null = null): void {
    if (this.over) return;
    if (violation !== null) markRefused(this.context.exchange, violation);
    // Content that was refused is nobody's leaving, and no fault of a service that had begun.
    const refused = violation?.code === "content_blocked" && this.started;
    this.#finish(refused ? "ok" : "client_closed", violation === null ? clientGoneFailure() : null);
  }

  #finish(outcome: AttemptOutcome, failure: Failure | null): void {
    if (this.over) return;
    this.over = true;
    const { attempt, exchange, clock } = this.context;
    this.#deadline.cancel();
    exchange.interrupt = null;
    attempt.outcome = outcome;
    attempt.durationMs = clock.monotonicMs() - this.#deadline.sentMs;
    exchange.upstreamMs += attempt.durationMs;
    this.#done(failure);
  }
}

/** A send that does not begin for a client that has gone while its target was chosen. */
export function unlessGone(
  begin: (context: SendContext, done: (failure: Failure | null) => void) => void,
): Send {
  return (context) =>
    new Promise((resolve) => {
      if (!context.exchange.call.gone) return begin(context, resolve);
      context.attempt.outcome = "client_closed";
      resolve(clientGoneFailure());
    });
}
