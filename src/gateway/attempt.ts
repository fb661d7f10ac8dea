// Sends a request to its targets until one answers: next key, retry, next target. Knows no selection mode.
import type { Clock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import { isoTime } from "../lib/iso-time.ts";
import type { TimerWheel } from "../lib/timer-wheel.ts";
import type { Exchange, Matched, OpenAttempt } from "./exchange.ts";
import { credentialFailure, type Failure } from "./failure.ts";
import type { PooledKey } from "./key-pool.ts";
import { Reception } from "./reception.ts";
import type { RequestHead } from "./request-head.ts";
import { retryAfterMs } from "./retry-after.ts";
import type { RetryBudget } from "./retry-budget.ts";
import type { Target } from "./selectors/selector.ts";
import type { Endpoint } from "./service-runtime.ts";
import { prepareSend } from "./upstream-request.ts";
import type { Upstream } from "./upstream.ts";

export interface AttemptTools {
  readonly upstream: Upstream;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  readonly budget: RetryBudget;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Resolves after so many ms; the process may end before. */
  readonly wait: (ms: number) => Promise<void>;
  /** Told of an error that nothing foresaw: a defect of ours, for the operational log. */
  readonly reportDefect: (error: unknown) => void;
}

const maxKeysPerTarget = 3;
const retryBaseMs = 25;
/** A service that asks for a longer pause than this is not retried. */
const maxRetryWaitMs = 2_000;

/**
 * Tries the targets in order. Returns once the client has its answer or has gone.
 * @returns null when answered, else the last failure
 * @throws GatewayError overloaded, no_healthy_service
 */
export async function attempt(
  exchange: Exchange,
  matched: Matched,
  targets: readonly Target[],
  tools: AttemptTools,
): Promise<Failure | null> {
  let last: Failure | null = null;
  for (const target of targets) {
    last = await new TargetRun(exchange, matched, target, tools).run();
    if (last === null || exchange.call.gone) return last;
  }
  return last;
}

type NextStep = "next-key" | "retry" | "resend" | "stop";

/** The sends of one request to one target. */
class TargetRun {
  readonly #exchange: Exchange;
  readonly #matched: Matched;
  readonly #target: Target;
  readonly #tools: AttemptTools;
  readonly #triedKeys: PooledKey[] = [];
  #retries = 0;
  #resent = false;

  constructor(exchange: Exchange, matched: Matched, target: Target, tools: AttemptTools) {
    this.#exchange = exchange;
    this.#matched = matched;
    this.#target = target;
    this.#tools = tools;
  }

  async run(): Promise<Failure | null> {
    const { service } = this.#target;
    const endpoint = service.endpointFor(this.#matched.route.serviceProtocol);
    const head = this.#exchange.head;
    if (endpoint === undefined || head === null) {
      throw new GatewayError("no_healthy_service", {
        message: `Service ${service.config.name} does not speak ${this.#matched.route.serviceProtocol}.`,
      });
    }
    if (!service.enter()) throw new GatewayError("overloaded", { retryAfterSeconds: 1 });
    try {
      return await this.#sendUntilDone(endpoint, head);
    } finally {
      service.leave();
    }
  }

  async #sendUntilDone(endpoint: Endpoint, head: RequestHead): Promise<Failure | null> {
    const { keys } = this.#target.service;
    let key = this.#pickKey();
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
      this.#markNext(step === "next-key" ? "next-key" : "retry");
      if (this.#exchange.call.gone) return failure;
    }
  }

  #pickKey(): PooledKey {
    const { keys, config } = this.#target.service;
    const key = keys.pick(this.#triedKeys);
    if (key !== undefined) return key;
    if (keys.restsForCredentials) throw credentialFailure().error;
    throw new GatewayError("no_healthy_service", {
      message: `Every API key of service ${config.name} rests after a rate limit.`,
      retryAfterSeconds: 1,
    });
  }

  #send(endpoint: Endpoint, head: RequestHead, key: PooledKey): Promise<Failure | null> {
    const exchange = this.#exchange;
    const { clock, wheel, upstream } = this.#tools;
    const target = this.#target;
    const attemptRecord = this.#openAttempt(key);
    const { request, askedUsage } = prepareSend(exchange, this.#matched, head, {
      target,
      endpoint,
      key,
      freshConnection: this.#resent,
    });
    return new Promise((resolve) => {
      const reception = new Reception(
        {
          exchange,
          matched: this.#matched,
          service: target.service,
          attempt: attemptRecord,
          askedUsage,
          clock,
          wheel,
        },
        resolve,
      );
      reception.attach(upstream.send(request, reception));
    });
  }

  #openAttempt(key: PooledKey): OpenAttempt {
    const exchange = this.#exchange;
    const { service, model } = this.#target;
    exchange.service = service.config.name;
    exchange.model = model ?? exchange.body?.parsed?.model ?? "";
    const attemptRecord: OpenAttempt = {
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
    exchange.attempts.push(attemptRecord);
    return attemptRecord;
  }

  #restKey(key: PooledKey, failure: Failure): void {
    const { keys } = this.#target.service;
    if (failure.trigger === "upstream-429") {
      const retryAfter = failure.answer?.head.retryAfter ?? "";
      keys.rateLimited(key, retryAfterMs(retryAfter, this.#tools.clock.wallMs()));
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
    return listed ? "retry" : "stop";
  }

  /** Waits with full jitter, or as long as the service asks. False: too long, or the budget is spent. */
  async #backOff(failure: Failure): Promise<boolean> {
    const { clock, random, wait, budget } = this.#tools;
    const asked = retryAfterMs(failure.answer?.head.retryAfter ?? "", clock.wallMs());
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
