// The sends of one request to one target: next key, retry, resend. Knows no other target.
import { isoTime } from "../lib/iso-time.ts";
import { newSpanId } from "../lib/trace-context.ts";
import { shortText } from "../lib/short-text.ts";
import type { AnswerKind } from "../protocols/wire.ts";
import type { AttemptTools } from "./attempt-tools.ts";
import { maxShownModel, type Exchange, type Matched, type OpenAttempt } from "./exchange.ts";
import { credentialFailure, overloadedFailure, restingFailure, type Failure } from "./failure.ts";
import { spokenBy } from "./match-request.ts";
import type { PooledKey } from "./targets/key-pool.ts";
import type { RequestHead } from "./request-head.ts";
import { askedPauseMs } from "./targets/retry-after.ts";
import type { Selection, Target } from "./selectors/selector.ts";
import { maySendAgain } from "./send-again.ts";
import type { Endpoint } from "./targets/service-runtime.ts";
import { settle } from "./targets/settle.ts";
import { traceOf } from "./trace.ts";
import type { Observation } from "./targets/target-state.ts";

const maxKeysPerTarget = 3;
const retryBaseMs = 25;
/** A service that asks for a longer pause than this is not retried. */
const maxRetryWaitMs = 2_000;

/** Answers whose time is a model's. */
const timedAnswers: ReadonlySet<AnswerKind> = new Set<AnswerKind>([
  "generation",
  "embedding",
  "rerank",
  "images",
  "speech",
  "transcription",
]);

/** A target as it was admitted. */
interface Admitted extends Pick<Selection, "target" | "standing"> {
  /** The only key to be used. */
  readonly key?: PooledKey | undefined;
}

export class TargetRun {
  readonly #exchange: Exchange;
  readonly #matched: Matched;
  readonly #target: Target;
  readonly #tools: AttemptTools;
  readonly #startedMs: number;
  readonly #triedKeys: PooledKey[] = [];
  readonly #onlyKey: PooledKey | undefined;
  /** The trial of an ejected target is the first send's. */
  #trial: boolean;
  #retries = 0;
  #resent = false;

  constructor(exchange: Exchange, matched: Matched, admitted: Admitted, tools: AttemptTools) {
    this.#exchange = exchange;
    this.#matched = matched;
    this.#target = admitted.target;
    this.#onlyKey = admitted.key;
    this.#trial = admitted.standing === "trial";
    this.#tools = tools;
    this.#startedMs = tools.clock.monotonicMs();
  }

  /** @returns null when the client has its answer, else why not */
  async run(): Promise<Failure | null> {
    const { service, state } = this.#target;
    const endpoint = service.endpointFor(spokenBy(this.#matched));
    const { head } = this.#exchange;
    if (endpoint === undefined || head === null)
      throw new Error("a target was admitted that cannot be sent to");
    if (!service.enter()) {
      if (this.#trial) state.releaseTrial();
      return overloadedFailure();
    }
    try {
      return await this.#sendUntilDone(endpoint, head);
    } finally {
      if (this.#trial) state.releaseTrial();
      service.leave();
    }
  }

  async #sendUntilDone(endpoint: Endpoint, head: RequestHead): Promise<Failure | null> {
    const { keys } = this.#target.service;
    let key = this.#onlyKey ?? keys.pick(this.#triedKeys);
    if (key === undefined) return this.#noKey();
    for (;;) {
      const failure = await this.#send(endpoint, head, key);
      if (failure === null || acceptsKey(failure)) keys.worked(key);
      if (failure === null || this.#exchange.call.gone) return failure;
      this.#restKey(key, failure);
      if (failure.answered === true) return null;
      if (!maySendAgain(this.#exchange, this.#matched, failure)) return failure;
      const next = await this.#nextKey(key, failure);
      if (next === undefined) return failure;
      key = next;
    }
  }

  /** The keys went to rest between the look at the target and now. */
  #noKey(): Failure {
    const { keys, config } = this.#target.service;
    return keys.restsForCredentials
      ? credentialFailure()
      : restingFailure(config.name, keys.restMs(this.#tools.clock.monotonicMs()));
  }

  async #send(endpoint: Endpoint, head: RequestHead, key: PooledKey): Promise<Failure | null> {
    const exchange = this.#exchange;
    const matched = this.#matched;
    const { clock, wheel, send } = this.#tools;
    const target = this.#target;
    const attempt = this.#openAttempt(key);
    if (endpoint.protocol !== matched.route.serviceProtocol) attempt.protocol = endpoint.protocol;
    const observation = this.#observe();
    let failure: Failure | null;
    try {
      failure = await send({
        exchange,
        matched,
        head,
        target,
        endpoint,
        key,
        attempt,
        observation,
        freshConnection: this.#resent,
        firstPacketMs: target.firstPacketTimeoutMs ?? matched.api.config.firstPacketTimeoutMs,
        spentMs: clock.monotonicMs() - this.#startedMs,
        clock,
        wheel,
      });
    } catch (error) {
      observation.released();
      // What was never sent is no attempt.
      exchange.attempts.pop();
      throw error;
    }
    const unread = exchange.body?.upload?.failure ?? null;
    if (unread !== null) {
      // The fault is the client's body's, which broke while it passed.
      observation.released();
      throw unread;
    }
    settle(observation, { failure, attempt, usage: exchange.usage, clock });
    return failure;
  }

  #observe(): Observation {
    const { state } = this.#target;
    const trial = this.#trial;
    // From here on the observation gives the trial back.
    this.#trial = false;
    const { promptTokens, stream } = this.#exchange;
    return state.observe(this.#tools.clock.monotonicMs(), {
      promptTokens,
      stream,
      trial,
      untimed: !timedAnswers.has(this.#matched.operation.answer),
    });
  }

  #openAttempt(key: PooledKey): OpenAttempt {
    const exchange = this.#exchange;
    const { service, model } = this.#target;
    exchange.service = service.config.name;
    // Where a route names no model none is sent, whatever the target says.
    const sent = this.#matched.operation.model === "none" ? undefined : model;
    exchange.model = shortText(sent ?? exchange.requestedModel ?? "", maxShownModel);
    // What an earlier attempt left behind is none of this one's; what it consumed is the exchange's all the same.
    exchange.upstreamStatus = 0;
    const before = exchange.attempts.at(-1);
    if (before !== undefined && exchange.usage !== null) before.usage = exchange.usage;
    exchange.usage = null;
    exchange.translationNotes = null;
    exchange.outputPending = false;
    exchange.task = "";
    exchange.taken = false;
    exchange.said = null;
    const attempt: OpenAttempt = {
      service: exchange.service,
      model: exchange.model,
      key: key.name,
      startedAt: isoTime(this.#tools.clock.wallMs()),
      status: 0,
      outcome: "ok",
      reason: "",
      detail: "",
      ttftMs: null,
      durationMs: 0,
      nextAction: "none",
      ...(traceOf(exchange).spanId === "" ? {} : { spanId: newSpanId() }),
    };
    exchange.attempts.push(attempt);
    return attempt;
  }

  #restKey(key: PooledKey, failure: Failure): void {
    const { keys } = this.#target.service;
    if (failure.trigger === "upstream-429") {
      keys.rateLimited(key, askedPauseMs(failure.answer, this.#tools.clock.wallMs()));
    } else if (
      failure.trigger === "upstream-credentials" &&
      failure.keyUnproven !== true &&
      this.#exchange.upstreamStatus !== 403
    ) {
      keys.refused(key);
    }
  }

  /** With which key the target is tried again; undefined = it is not. */
  async #nextKey(key: PooledKey, failure: Failure): Promise<PooledKey | undefined> {
    const { trigger } = failure;
    if (trigger === "upstream-429" || trigger === "upstream-credentials") {
      const other = this.#otherKey(key);
      if (other !== undefined) this.#markNext("next-key");
      if (other !== undefined || trigger === "upstream-credentials") return other;
    } else if (failure.staleConnection === true && !this.#resent) {
      this.#resent = true;
      this.#markNext("retry");
      return key;
    }
    if (!this.#mayRetry(failure) || !(await this.#backOff(failure)) || this.#exchange.call.gone)
      return undefined;
    const anyKey = trigger === "upstream-429" && this.#onlyKey === undefined;
    const again = anyKey ? this.#target.service.keys.pick([]) : key;
    if (again !== undefined) this.#markNext("retry");
    return again;
  }

  #otherKey(key: PooledKey): PooledKey | undefined {
    if (this.#onlyKey !== undefined) return undefined;
    this.#triedKeys.push(key);
    if (this.#triedKeys.length >= maxKeysPerTarget) return undefined;
    return this.#target.service.keys.pick(this.#triedKeys);
  }

  #mayRetry(failure: Failure): boolean {
    const { max, on } = this.#matched.api.config.retries;
    const listed =
      (failure.trigger !== "" && on.includes(failure.trigger)) ||
      (failure.answer?.status === 503 && on.includes("upstream-503"));
    // A target that is ejected by now would most likely fail again: the storm is not ours to add to.
    return (
      listed &&
      this.#retries < max &&
      this.#target.state.breaker(this.#tools.clock.monotonicMs()) === "closed"
    );
  }

  /** Waits with full jitter, or as long as the service asks. False: too long, or the budget is spent. */
  async #backOff(failure: Failure): Promise<boolean> {
    const { random, wait, budget, clock } = this.#tools;
    const pauseMs = this.#askedPauseMs(failure) ?? random() * retryBaseMs * 2 ** this.#retries;
    if (pauseMs > maxRetryWaitMs) return false;
    if (!budget.take(this.#matched.api.config.retries.budgetPercent)) return false;
    // A key must not be asked for before its time. Timers know whole milliseconds, and count from the beginning of the
    // turn of the event loop in which they were set: after a long turn they are early.
    const startedMs = clock.monotonicMs();
    const untilMs = startedMs + pauseMs;
    await wait(Math.ceil(pauseMs));
    const leftMs = untilMs - clock.monotonicMs();
    if (leftMs > 0) await wait(Math.ceil(leftMs));
    this.#exchange.waitedMs += clock.monotonicMs() - startedMs;
    this.#retries += 1;
    return true;
  }

  /** After a 429 no key is there to be used before the first of them comes back. */
  #askedPauseMs(failure: Failure): number | undefined {
    const { clock } = this.#tools;
    if (failure.trigger === "upstream-429" && this.#onlyKey === undefined)
      return this.#target.service.keys.restMs(clock.monotonicMs());
    return askedPauseMs(failure.answer, clock.wallMs());
  }

  #markNext(action: OpenAttempt["nextAction"]): void {
    const last = this.#exchange.attempts.at(-1);
    if (last !== undefined) last.nextAction = action;
  }
}

/** An answer about the request itself shows that the service took the key. */
function acceptsKey({ trigger }: Failure): boolean {
  return trigger === "upstream-4xx" || trigger === "upstream-any-4xx";
}
