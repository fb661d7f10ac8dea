// When a quota is to be told of, and what a webhook is then told. Pure; knows no clock, no store and no HTTP.
import { createHash } from "node:crypto";
import type { KeptQuota, QuotaLetter } from "../../core/kept-quota.ts";
import { isoTime } from "../../lib/iso-time.ts";
import type { KnownQuota } from "./quota-directory.ts";

export interface QuotaOrigin {
  readonly instance: string;
  /** Address of the console, without a slash at its end. */
  readonly consoleUrl: string;
}

type Told = Pick<KeptQuota, "toldShare" | "toldLimit">;

/** What was told of a quota that is looked at again: another limit makes of the same use another share. */
function toldBefore(before: KeptQuota | undefined, startMs: number, share: number, limit: number): number {
  if (before === undefined || before.startMs !== startMs) return 0;
  return before.toldLimit === limit ? before.toldShare : Math.min(before.toldShare, share);
}

export interface Crossed {
  readonly told: Told;
  /** Shares that are to be told now, in order. */
  readonly shares: readonly number[];
}

/**
 * Which shares of a limit were crossed since the last look.
 * @param before what is known of the quota; undefined: nothing
 */
export function crossedShares(
  { config: { warnAt, limit } }: KnownQuota,
  before: KeptQuota | undefined,
  now: { readonly startMs: number; readonly used: number },
): Crossed {
  if (limit === 0) return { told: { toldShare: 0, toldLimit: 0 }, shares: [] };
  const share = now.used / limit;
  const told = toldBefore(before, now.startMs, share, limit);
  const shares = [...new Set([...warnAt, 1])]
    .filter((mark) => mark > told && mark <= share)
    .toSorted((left, right) => left - right);
  return { told: { toldShare: shares.at(-1) ?? told, toldLimit: limit }, shares };
}

/** One message for each webhook; the same message has the same id however often it is sent. */
export function lettersOf(
  quota: KnownQuota,
  share: number,
  count: Pick<KeptQuota, "startMs" | "endMs" | "used">,
  sent: { readonly atMs: number; readonly origin: QuotaOrigin },
): QuotaLetter[] {
  const { config, counted } = quota;
  if (config.notify.length === 0) return [];
  const body = bodyOf(quota, share, count, sent);
  return config.notify.map(({ webhook }) => ({
    key: counted.key,
    webhook,
    deliveryId: deliveryIdOf([counted.key, share, count.startMs, sent.atMs, webhook]),
    body,
    tries: 0,
    nextTryMs: sent.atMs,
  }));
}

function deliveryIdOf(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

function bodyOf(
  { kind, owner, config }: KnownQuota,
  share: number,
  { startMs, endMs, used }: Pick<KeptQuota, "startMs" | "endMs" | "used">,
  { atMs, origin }: { readonly atMs: number; readonly origin: QuotaOrigin },
): string {
  return JSON.stringify({
    quota: config.name,
    [kind === "consumers" ? "consumer" : "consumerGroup"]: owner,
    state: share >= 1 ? "exhausted" : "warned",
    share,
    metric: config.metric,
    unit: config.metric === "cost" ? "USD" : "tokens",
    used,
    limit: config.limit,
    dryRun: config.dryRun,
    startsAt: isoTime(startMs),
    resetsAt: isoTime(endMs),
    at: isoTime(atMs),
    instance: origin.instance,
    link: `${origin.consoleUrl}/consumers${kind === "consumers" ? `/${owner}` : ""}`,
  });
}
