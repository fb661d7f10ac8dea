// A quota under edit, as its form holds it: read from what is stored, checked, written back. Pure.
import type { Quota } from "../../../../src/resources/quota.ts";
import { isObjectName } from "../../api/object-name.ts";

export interface WebhookDraft {
  /** Tells rows apart. */
  readonly id: number;
  readonly webhook: string;
  /** As it was read: masked. It goes back as it came. */
  readonly kept: Quota["notify"][number]["secret"];
  /** Typed: comes in the place of what was kept. */
  readonly secret: string;
}

export interface QuotaDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly metric: Quota["metric"];
  readonly limit: number | "";
  readonly period: "day" | "week" | "month" | "days";
  readonly days: number | "";
  readonly from: string;
  readonly timeZone: string;
  /** In percent. */
  readonly warnAt: readonly number[];
  readonly notify: readonly WebhookDraft[];
  readonly dryRun: boolean;
}

export const usualShares = [50, 80, 90, 95] as const;

export function newDraft(name: string): QuotaDraft {
  return {
    name,
    enabled: true,
    metric: "tokens",
    limit: 1_000_000,
    period: "month",
    days: 30,
    from: "1970-01-01",
    timeZone: "UTC",
    warnAt: [80],
    notify: [],
    dryRun: false,
  };
}

export function draftOf(quota: Quota): QuotaDraft {
  const { name, enabled, metric, limit, period, timeZone, warnAt, notify, dryRun } = quota;
  const own = typeof period === "string" ? { days: 30, from: "1970-01-01" } : period;
  return {
    name,
    enabled,
    metric,
    limit,
    period: typeof period === "string" ? period : "days",
    days: own.days,
    from: own.from,
    timeZone,
    warnAt: warnAt.map((share) => rounded(share * 100)),
    notify: notify.map(({ webhook, secret }, id) => ({ id, webhook, kept: secret, secret: "" })),
    dryRun,
  };
}

/** The body that is stored; only of a draft without problems. */
export function quotaOf(draft: QuotaDraft): object {
  const { name, enabled, metric, timeZone, dryRun } = draft;
  return {
    name,
    enabled,
    metric,
    limit: draft.limit === "" ? 0 : draft.limit,
    period:
      draft.period === "days" ? { days: draft.days === "" ? 1 : draft.days, from: draft.from } : draft.period,
    timeZone,
    warnAt: draft.warnAt.map((percent) => rounded(percent / 100)),
    notify: draft.notify.map(({ webhook, kept, secret }) => ({
      webhook: webhook.trim(),
      ...(secret !== "" ? { secret } : kept === undefined ? {} : { secret: kept }),
    })),
    dryRun,
  };
}

export type QuotaField = "name" | "taken" | "limit" | "days" | "from" | `webhook${number}`;

/** @param taken names of the owner's other quotas */
export function problemsOf(draft: QuotaDraft, taken: readonly string[]): ReadonlySet<QuotaField> {
  const found = new Set<QuotaField>();
  if (!isObjectName(draft.name)) found.add("name");
  else if (taken.includes(draft.name)) found.add("taken");
  if (draft.limit === "" || draft.limit < 0) found.add("limit");
  if (draft.period === "days") {
    if (draft.days === "" || draft.days < 1 || draft.days > 3650) found.add("days");
    if (!/^\d{4}-\d{2}-\d{2}$/u.test(draft.from)) found.add("from");
  }
  for (const { id, webhook } of draft.notify) if (!isWebUrl(webhook)) found.add(`webhook${id}`);
  return found;
}

/** The shares with one more or without it, lowest first. */
export function toggledShare(shares: readonly number[], percent: number): readonly number[] {
  return shares.includes(percent)
    ? shares.filter((each) => each !== percent)
    : [...shares, percent].toSorted((left, right) => left - right);
}

/** A list of quotas with one put in the place of another, or behind the last. */
export function withQuota(
  quotas: readonly Pick<Quota, "name">[],
  replaced: string | undefined,
  body: object,
): readonly object[] {
  const all: readonly object[] = quotas;
  const at = quotas.findIndex(({ name }) => name === replaced);
  return at < 0 ? [...all, body] : all.with(at, body);
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text.trim()) && /^https?:$/u.test(new URL(text.trim()).protocol);
}

/** Without what floating point adds: 0.07 * 100. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
