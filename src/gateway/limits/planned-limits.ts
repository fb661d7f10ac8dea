// The rate limits of a Model API as requests meet them: which values they are for, their counters' names, what they say
// when they refuse. Built once per snapshot. Knows no store.
import { GatewayError } from "../../core/errors.ts";
import { valueMatcher, type ValueMatcher } from "../../lib/value-matcher.ts";
import type { SnapshotRateLimit } from "../../snapshot/snapshot-rate-limit.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { rateLimitHeaders, retryAfterSeconds } from "./limit-refusal.ts";
import type { LimitState, LimitWindow } from "./limit-store.ts";
import { limitValue } from "./limit-value.ts";
import type { AskPolicy, PolicyAsk } from "./policy-ask.ts";

const open: LimitWindow = { kind: "open" };

export class PlannedLimit implements AskPolicy {
  readonly config: SnapshotRateLimit;
  readonly #window: LimitWindow;
  readonly #matches: ValueMatcher;
  readonly #keyStart: string;
  readonly #key: string;

  constructor(api: string, config: SnapshotRateLimit) {
    const { name, by, key = "", metric, windowMs, match } = config;
    this.config = config;
    this.#window = windowMs === undefined ? open : { kind: "sliding", ms: windowMs };
    this.#matches = valueMatcher(match);
    this.#key = by === "header" ? key.toLowerCase() : key;
    this.#keyStart = `rate ${api} ${name} ${metric} ${by} ${this.#key} `;
  }

  get name(): string {
    return this.config.name;
  }

  /** @param amount of its metric; undefined when it does not count such a request */
  ask(exchange: Exchange, matched: Matched, amount: number): PolicyAsk | undefined {
    const { by, metric, limit, dryRun } = this.config;
    const value = limitValue({ by, key: this.#key }, exchange, matched);
    if (value === "" || !this.#matches(value)) return undefined;
    return {
      key: this.#keyStart + value,
      lasting: by === "consumer" || by === "api",
      window: this.#window,
      limit,
      amount,
      atOnce: metric === "requests",
      dryRun,
      metric,
      policy: this,
    };
  }

  refusal(refusedBy: LimitState<PolicyAsk>, states: readonly LimitState<PolicyAsk>[]): GatewayError {
    const seconds = retryAfterSeconds(states);
    return new GatewayError("rate_limited", {
      message: this.#message(refusedBy),
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
      headers: rateLimitHeaders(states),
    });
  }

  #message({ ask: { amount, limit }, used }: LimitState): string {
    const { name, metric } = this.config;
    if (metric === "concurrency") {
      return `Rate limit "${name}" lets ${limit} ${limit === 1 ? "request" : "requests"} run at a time ${this.scope}, and ${used} are running. Try again when one has ended, or ask for a higher limit.`;
    }
    const counted = limit === 1 ? metric.replace(/s$/, "") : metric;
    const allowed = `${limit} ${counted} in a ${this.windowName} ${this.scope}`;
    if (amount > limit) {
      return `This request may need ${amount} ${metric}, and rate limit "${name}" allows ${allowed}: it cannot pass. Ask for fewer, or for a higher limit.`;
    }
    return `Rate limit "${name}" allows ${allowed}: ${Math.ceil(used)} are used or reserved, and this request may need ${amount}. Wait for the time in Retry-After, or ask for a higher limit.`;
  }

  /** Whose count it is, in words. */
  get scope(): string {
    const { by, key = "" } = this.config;
    switch (by) {
      case "consumer":
        return "for each consumer";
      case "header":
        return `for each value of header ${key}`;
      case "query":
        return `for each value of query parameter ${key}`;
      case "cookie":
        return `for each value of cookie ${key}`;
      case "ip":
        return "for each client address";
      case "model":
        return "for each model";
      case "api":
        return "for the whole Model API";
    }
  }

  /** "" for concurrency. */
  get windowName(): string {
    const { windowMs } = this.config;
    return windowMs === undefined ? "" : (windowNames.get(windowMs) ?? "");
  }
}

const windowNames = new Map([
  [1_000, "second"],
  [60_000, "minute"],
  [3_600_000, "hour"],
  [86_400_000, "day"],
]);

export interface PlannedLimits {
  /** Asked before the body is read. */
  readonly early: readonly PlannedLimit[];
  /** Asked when it is known what the request says: by model, and tokens. */
  readonly late: readonly PlannedLimit[];
}

/** By limit of a snapshot: most of them are in the next snapshot too. */
const known = new WeakMap<SnapshotRateLimit, PlannedLimit>();

/** Null where there are none. */
export function planLimits(
  api: string,
  limits: readonly SnapshotRateLimit[] | undefined,
): PlannedLimits | null {
  if (limits === undefined || limits.length === 0) return null;
  const planned = limits.map((config) => {
    const limit = known.get(config) ?? new PlannedLimit(api, config);
    known.set(config, limit);
    return limit;
  });
  const isLate = ({ config }: PlannedLimit): boolean => config.by === "model" || config.metric === "tokens";
  return { early: planned.filter((limit) => !isLate(limit)), late: planned.filter(isLate) };
}
