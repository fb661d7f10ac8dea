// Quotas of a consumer or consumer group -> what the data plane counts. Knows no other policy.
import { dayOfDate, type CalendarPeriod } from "../lib/calendar-period.ts";
import type { ConsumerGroup } from "../resources/consumer-group.ts";
import type { Quota } from "../resources/quota.ts";
import type { SnapshotConsumerGroup, SnapshotQuota } from "./snapshot.ts";

export type QuotaOwnerKind = "consumer" | "consumer-group";

/** Undefined for a group without quotas: nothing of it matters to the data plane. */
export function compileConsumerGroup({ name, quotas }: ConsumerGroup): SnapshotConsumerGroup | undefined {
  const counted = compileQuotas("consumer-group", name, quotas);
  return counted === undefined ? undefined : { name, quotas: counted };
}

/** Undefined when there is none that counts. */
export function compileQuotas(
  kind: QuotaOwnerKind,
  owner: string,
  quotas: readonly Quota[],
): SnapshotQuota[] | undefined {
  if (!quotas.some(({ enabled }) => enabled)) return undefined;
  return quotas.filter(({ enabled }) => enabled).map((quota) => compileQuota(kind, owner, quota));
}

export function compileQuota(kind: QuotaOwnerKind, owner: string, quota: Quota): SnapshotQuota {
  const { name, metric, limit, timeZone, dryRun } = quota;
  return {
    name,
    key: quotaKey(kind, owner, quota),
    metric,
    limit,
    period: calendarPeriod(quota.period),
    timeZone,
    ...(dryRun ? { dryRun } : {}),
  };
}

const keyStart = "quota";

/** Everything that, once changed, makes counts of before meaningless; not the limit. Names and zones hold no space. */
function quotaKey(kind: QuotaOwnerKind, owner: string, quota: Quota): string {
  const { name, metric, period, timeZone } = quota;
  const length = typeof period === "string" ? period : `${period.days}-days-from-${period.from}`;
  return `${keyStart} ${kind} ${owner} ${name} ${metric} ${length} ${timeZone}`;
}

/** Whose quota a counter is; undefined for what is no key of a quota. */
export function ownerInKey(
  key: string,
): { readonly kind: QuotaOwnerKind; readonly owner: string } | undefined {
  const [start, kind, owner] = key.split(" ", 3);
  if (start !== keyStart || owner === undefined) return undefined;
  return kind === "consumer" || kind === "consumer-group" ? { kind, owner } : undefined;
}

function calendarPeriod(period: Quota["period"]): CalendarPeriod {
  if (typeof period === "string") return period;
  return { days: period.days, fromDay: dayOfDate(period.from) };
}
