// The sends of one request to one target: next key, retry, resend. Knows no other target.
import { isoTime } from "../lib/iso-time.ts";
import type { AttemptTools } from "./attempt.ts";
import type { Exchange, Matched, OpenAttempt } from "./exchange.ts";
import { credentialFailure, overloadedFailure, restingFailure, type Failure } from "./failure.ts";
import type { PooledKey } from "./key-pool.ts";
import { Reception } from "./reception.ts";
import type { RequestHead } from "./request-head.ts";
import { askedPauseMs } from "./retry-after.ts";
import type { Selection, Target } from "./selectors/selector.ts";
import type { Endpoint } from "./service-runtime.ts";
import { settle } from "./settle.ts";
import type { Observation } from "./target-state.ts";
import { prepareSend } from "./upstream-request.ts";

const maxKeysPerTarget = 3;
const retryBaseMs = 25;
/** A service that asks for a longer pause than this is not retried. */
const maxRetryWaitMs = 2_000;

/** A target as it was admitted. */
type Admitted = Pick<Selection, "target" | "standing">;

type NextStep = "next-key" | "retry" | "resend" | "stop";

export class TargetRun {
  readonly #exchange: Exchange;
  readonly #matched: Matched;
  readonly #target: Target;
  readonly #tools: AttemptTools;
  readonly #startedMs: number;
  readonly #triedKeys: PooledKey[] = [];
  /** The trial of an ejected target is the first send's. */
  #trial: boolean;
  #retries = 0;
  #resent = false;

  constructor(exchange: Exchange, matched: Matched, admitted: Admitted, tools: AttemptTools) {
    this.#exchange = exchange;
    this.#matched = matched;
    this.#target = admitted.target;
    this.#trial = admitted.standing === "trial";
    this.#tools = tools;
    this.#startedMs = tools.clock.monotonicMs();
  }

  /** @returns null when the client has its answer, else why not */
  async run(): Promise<Failure | null> {
    const { service, state } = this.#target;
    const endpoint = service.endpointFor(this.#matched.route.serviceProtocol);
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
    let key = keys.pick(this.#triedKeys);
    if (key === undefined) return this.#noKey();
    for (;;) {
      const failure = await this.#send(endpoint, head, key);
      if (failure === null) {
        keys.worked(key);
        return null;
      }
      if (this.#exchange.call.gone) return failure;
      this.#restKey(key, failure);
      if (failure.answered === true) return null;
      const step = this.#nextStep(failure);
      if (step === "stop") return failure;
      if (step === "next-key") {
        this.#triedKeys.push(key);
        const next = keys.pick(this.#triedKeys);
        if (next === undefined || this.#triedKeys.length >= maxKeysPerTarget) return failure;
        key = next;
      } else if (step === "retry" && !(await this.#backOff(failure))) return failure;
      if (this.#exchange.call.gone) return failure;
      this.#markNext(step === "next-key" ? "next-key" : "retry");
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
    const { clock, wheel, upstream } = this.#tools;
    const target = this.#target;
    const attempt = this.#openAttempt(key);
    const { request, askedUsage } = prepareSend(exchange, matched, head, {
      target,
      endpoint,
      key,
      freshConnection: this.#resent,
    });
    const observation = this.#observe();
    const spentMs = clock.monotonicMs() - this.#startedMs;
    const firstPacketMs = target.firstPacketTimeoutMs ?? matched.api.config.firstPacketTimeoutMs;
    const failure = await new Promise<Failure | null>((resolve) => {
      const reception = new Reception(
        {
          exchange,
          matched,
          service: target.service,
          attempt,
          observation,
          firstPacketMs,
          spentMs,
          askedUsage,
          clock,
          wheel,
        },
        resolve,
      );
      reception.attach(upstream.send(request, reception));
    });
    settle(observation, { failure, attempt, usage: exchange.usage, clock });
    return failure;
  }

  #observe(): Observation {
    const { state } = this.#target;
    const trial = this.#trial;
    // From here on the observation gives the trial back.
    this.#trial = false;
    const { promptTokens, body } = this.#exchange;
    return state.observe(this.#tools.clock.monotonicMs(), {
      promptTokens,
      stream: body?.parsed?.stream === true,
      trial,
    });
  }

  #openAttempt(key: PooledKey): OpenAttempt {
    const exchange = this.#exchange;
    const { service, model } = this.#target;
    exchange.service = service.config.name;
    exchange.model = model ?? exchange.body?.parsed?.model ?? "";
    // What an earlier attempt left behind is none of this one's.
    exchange.upstreamStatus = 0;
    exchange.usage = null;
    const attempt: OpenAttempt = {
      service: exchange.service,
      model: exchange.model,
      key: key.name,
      startedAt: isoTime(this.#tools.clock.wallMs()),
      status: 0,
      outcome: "ok",
      reason: "",
      ttftMs: null,
      durationMs: 0,
      nextAction: "none",
    };
    exchange.attempts.push(attempt);
    return attempt;
  }

  #restKey(key: PooledKey, failure: Failure): void {
    const { keys } = this.#target.service;
    if (failure.trigger === "upstream-429") {
      keys.rateLimited(key, askedPauseMs(failure.answer, this.#tools.clock.wallMs()));
    } else if (failure.trigger === "upstream-credentials" && this.#exchange.upstreamStatus !== 403) {
      keys.refused(key);
    }
  }

  #nextStep(failure: Failure): NextStep {
    if (failure.trigger === "upstream-429" || failure.trigger === "upstream-credentials") return "next-key";
    if (failure.staleConnection === true && !this.#resent) {
      this.#resent = true;
      return "resend";
    }
    const { max, on } = this.#matched.api.config.retries;
    if (this.#retries >= max) return "stop";
    const listed =
      (failure.trigger !== "" && on.includes(failure.trigger)) ||
      (failure.answer?.status === 503 && on.includes("upstream-503"));
    // A target that is ejected by now would most likely fail again: the storm is not ours to add to.
    const ejected = this.#target.state.breaker(this.#tools.clock.monotonicMs()) !== "closed";
    return listed && !ejected ? "retry" : "stop";
  }

  /** Waits with full jitter, or as long as the service asks. False: too long, or the budget is spent. */
  async #backOff(failure: Failure): Promise<boolean> {
    const { clock, random, wait, budget } = this.#tools;
    const asked = askedPauseMs(failure.answer, clock.wallMs());
    if (asked !== undefined && asked > maxRetryWaitMs) return false;
    if (!budget.take(this.#matched.api.config.retries.budgetPercent)) return false;
    await wait(asked ?? random() * retryBaseMs * 2 ** this.#retries);
    this.#retries += 1;
    return true;
  }

  #markNext(action: OpenAttempt["nextAction"]): void {
    const last = this.#exchange.attempts.at(-1);
    if (last !== undefined) last.nextAction = action;
  }
}
