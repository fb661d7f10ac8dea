// Which time the usage is of, and the question about it. Pure but for the call.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type { UsageAnswer, UsageRow } from "../../../../src/control/routes/console-answers.ts";
import { call } from "../../api/client.ts";
import { bodyFilters } from "../metrics/metrics-query.ts";
import type { TimeSpan } from "../metrics/metrics-span.ts";
import { usageGroups, type UsageGroup, type UsageRange, type UsageSearch } from "./usage-search.ts";

export const usualGroups: readonly UsageGroup[] = ["api"];
export const usualRange: UsageRange = "30d";

const dayMs = 24 * 3_600_000;

/** Months are calendar months of local time. */
export function usageSpan({ range = usualRange, from, to }: UsageSearch, now: Date): TimeSpan {
  if (from !== undefined && to !== undefined) return { fromMs: from, toMs: to };
  const monthStart = new Date(now.getFullYear(), now.getMonth(), 1);
  switch (range) {
    case "24h":
      return { fromMs: now.getTime() - dayMs, toMs: now.getTime() };
    case "7d":
      return { fromMs: now.getTime() - 7 * dayMs, toMs: now.getTime() };
    case "30d":
      return { fromMs: now.getTime() - 30 * dayMs, toMs: now.getTime() };
    case "month":
      return { fromMs: monthStart.getTime(), toMs: now.getTime() };
    case "lastMonth":
      return {
        fromMs: new Date(now.getFullYear(), now.getMonth() - 1, 1).getTime(),
        toMs: monthStart.getTime(),
      };
  }
}

export type UsageFilters = { readonly [Name in UsageGroup]?: readonly string[] };

export function usageFilters(search: UsageSearch): UsageFilters {
  return Object.fromEntries(
    usageGroups.flatMap((name) => (search[name] === undefined ? [] : [[name, search[name]]])),
  );
}

/** Of the admin API. */
export function usageParameters(search: UsageSearch, now: Date): Record<string, string | number> {
  const { fromMs, toMs } = usageSpan(search, now);
  return {
    groupBy: (search.by ?? usualGroups).join(","),
    from: fromMs,
    to: toMs,
    ...bodyFilters(usageFilters(search)),
  };
}

export function usageQuery(search: UsageSearch) {
  return queryOptions({
    queryKey: ["usage", search],
    queryFn: ({ signal }) =>
      call<UsageAnswer>("GET", "/usage", { query: usageParameters(search, new Date()), signal }),
    placeholderData: keepPreviousData,
  });
}

/** By what the bars compare: cost where there is any, else tokens, else requests. */
export type UsageMeasure = "cost" | "tokens" | "requests";

const tokensOf = ({ inputTokens, outputTokens }: UsageRow): number => inputTokens + outputTokens;

export function measureOf(total: UsageRow): UsageMeasure {
  if (total.costUsd > 0) return "cost";
  return tokensOf(total) > 0 ? "tokens" : "requests";
}

/** Share of a row in the total, 0 to 1. */
export function shareOf(row: UsageRow, total: UsageRow, measure: UsageMeasure): number {
  const [part, whole] =
    measure === "cost"
      ? [row.costUsd, total.costUsd]
      : measure === "tokens"
        ? [tokensOf(row), tokensOf(total)]
        : [row.requests, total.requests];
  return whole === 0 ? 0 : part / whole;
}
