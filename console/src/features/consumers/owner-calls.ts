// What consumers and consumer groups have used: lists of all, and of one. Asks the admin API; shows nothing.
import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import type { ListedQuota, QuotaState } from "../../../../src/control/quotas/quota-answers.ts";
import type { UsageAnswer } from "../../../../src/control/routes/console-answers.ts";
import { call } from "../../api/client.ts";
import type { Page } from "../../api/resources.ts";
import { ownerPath, type Owner } from "./owner.ts";
import type { Span } from "./owner-search.ts";

const everyMs = 15_000;
/** As many as one request may bring: those nearest to their end come first. */
const mostQuotas = 1000;
const dayMs = 86_400_000;

/** The quotas of everybody. */
export const quotasQuery = queryOptions({
  queryKey: ["quotas", "all"],
  queryFn: ({ signal }) =>
    call<Page<ListedQuota>>("GET", "/quotas", { query: { limit: mostQuotas }, signal }),
  refetchInterval: everyMs,
});

/** As many as the overview shows of them. */
const mostUrgent = 10;

/** Those near their end or over it, nearest first. */
export const urgentQuotasQuery = queryOptions({
  queryKey: ["quotas", "urgent"],
  queryFn: ({ signal }) =>
    call<Page<ListedQuota>>("GET", `/quotas?state=warned&state=exhausted&limit=${mostUrgent}`, { signal }),
  refetchInterval: everyMs,
});

/** What every consumer used in 24 hours, in one answer. */
export const dayUsageQuery = queryOptions({
  queryKey: ["usage", "consumers", "24h"],
  queryFn: ({ signal }) => {
    const now = Date.now();
    return call<UsageAnswer>("GET", "/usage", {
      query: { groupBy: "consumer", from: now - dayMs, to: now },
      signal,
    });
  },
  refetchInterval: everyMs,
});

export interface OwnerUsage {
  readonly quotas: readonly QuotaState[];
  readonly models: readonly ModelUsage[];
}

export interface ModelUsage {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly costUsd: number;
  readonly requests: number;
}

/** Begin of a span that ends now; a month is a calendar month of local time. */
export function spanStart(span: Span, now: Date): number {
  if (span === "month") return new Date(now.getFullYear(), now.getMonth(), 1).getTime();
  const days = span === "24h" ? 1 : span === "7d" ? 7 : 30;
  return now.getTime() - days * dayMs;
}

/** Of one consumer or group: how its quotas stand, and what it used by model. */
export function ownerUsageQuery(owner: Pick<Owner, "kind" | "name">, span: Span) {
  return queryOptions({
    queryKey: ["usage", owner.kind, owner.name, span],
    queryFn: ({ signal }) => {
      const now = new Date();
      return call<OwnerUsage>("GET", `${ownerPath(owner)}/usage`, {
        query: { from: spanStart(span, now), to: now.getTime() },
        signal,
      });
    },
    refetchInterval: everyMs,
    placeholderData: keepPreviousData,
  });
}

/** Sets what is used of a quota back to nothing. */
export function useResetQuota(owner: Pick<Owner, "kind" | "name">) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (quota: string) =>
      call("POST", `${ownerPath(owner)}/quotas/${encodeURIComponent(quota)}/reset`),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["usage"] }),
        client.invalidateQueries({ queryKey: ["quotas"] }),
      ]),
  });
}
