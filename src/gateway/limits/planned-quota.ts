// A quota as requests meet it: what it asks of the store, and what it says when it refuses. Knows no store.
import { GatewayError } from "../../core/errors.ts";
import { CalendarPeriods } from "../../lib/calendar-period.ts";
import { isoTime } from "../../lib/iso-time.ts";
import type { SnapshotQuota } from "../../snapshot/snapshot.ts";
import { rateLimitHeaders, retryAfterSeconds } from "./limit-refusal.ts";
import type { LimitState, LimitWindow } from "./limit-store.ts";
import type { AskPolicy, PolicyAsk } from "./policy-ask.ts";

/** Of a thread: periods are found once and kept until they end. */
const periods = new CalendarPeriods();

/** Asked for what reserves nothing that can be told beforehand, so that nothing passes once all is used. */
const leastAmount = 1e-9;

export class PlannedQuota implements AskPolicy {
  readonly config: SnapshotQuota;
  readonly #owner: string;
  #window: Extract<LimitWindow, { kind: "period" }> = { kind: "period", startMs: 0, endMs: 0 };

  /** @param owner in words */
  constructor(config: SnapshotQuota, owner: string) {
    this.config = config;
    this.#owner = owner;
  }

  get name(): string {
    return this.config.name;
  }

  /** @param amount of its metric. @param looks nothing is made: looking is never refused */
  ask(amount: number, looks: boolean, wallMs: number): PolicyAsk {
    const { key, limit, metric, dryRun = false } = this.config;
    return {
      key,
      lasting: true,
      window: this.#windowAt(wallMs),
      limit,
      amount: looks ? amount : Math.max(amount, leastAmount),
      dryRun: dryRun || looks,
      metric,
      policy: this,
    };
  }

  #windowAt(wallMs: number): LimitWindow {
    const { period, timeZone } = this.config;
    const span = periods.at(period, timeZone, wallMs);
    const { startMs, endMs } = span;
    if (this.#window.startMs !== startMs || this.#window.endMs !== endMs)
      this.#window = { kind: "period", startMs, endMs };
    return this.#window;
  }

  refusal(refusedBy: LimitState<PolicyAsk>, states: readonly LimitState<PolicyAsk>[]): GatewayError {
    const seconds = retryAfterSeconds(states);
    return new GatewayError("quota_exceeded", {
      message: this.#message(refusedBy),
      ...(seconds === undefined ? {} : { retryAfterSeconds: seconds }),
      headers: rateLimitHeaders(states),
    });
  }

  #message({ ask: { amount, limit, window }, used }: LimitState): string {
    const { name, metric, timeZone } = this.config;
    const told = (value: number): string => amountText(value, metric);
    const start = `Quota "${name}" of ${this.#owner} allows ${told(limit)} ${this.periodName}`;
    if (limit > 0 && amount > limit) {
      return `${start}, and this request may need ${told(amount)}: it cannot pass. Ask for fewer output tokens, or for a higher quota.`;
    }
    const need = amount > leastAmount ? `, and this request may need ${told(amount)}` : "";
    const ends = window.kind === "period" ? ` It resets at ${isoTime(window.endMs)} (${timeZone}).` : "";
    return `${start}: ${told(used)} are used or reserved${need}.${ends} Wait until then, or ask for a higher quota.`;
  }

  get periodName(): string {
    const { period } = this.config;
    if (typeof period === "string") return `a ${period}`;
    return period.days === 1 ? "a day" : `in ${period.days} days`;
  }
}

function amountText(value: number, metric: SnapshotQuota["metric"]): string {
  return metric === "tokens"
    ? `${Math.ceil(value)} tokens`
    : `USD ${Number.parseFloat(Math.max(0, value).toPrecision(6))}`;
}

/** By quota of a snapshot: most of them are in the next snapshot too. */
const known = new WeakMap<SnapshotQuota, PlannedQuota>();

export function plannedQuota(config: SnapshotQuota, kind: string, owner: string): PlannedQuota {
  let quota = known.get(config);
  if (quota === undefined) {
    quota = new PlannedQuota(config, `${kind} "${owner}"`);
    known.set(config, quota);
  }
  return quota;
}
