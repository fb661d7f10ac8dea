// The panels of routing and protection, as data. A new panel is a row.
import { chart, groupedPanel, healthPanel, rankingPanel, ratioSeries } from "./panel-kinds.ts";
import {
  fixedSeries,
  groupedSeries,
  perSecond,
  sharesOf,
  type FixedSeries,
  type Panel,
  type PanelContext,
} from "./panel.ts";
import type { Ask } from "./metrics-query.ts";
import { requestCount } from "./ranking-sources.ts";

const byService: Ask = { name: "requests", groupBy: ["service"] };

export const share = (size: Panel["size"]): Panel => ({
  title: "pShare",
  unit: "percentOfRequests",
  size,
  asks: [byService],
  promQl: "sum by (service) (rate(moongate_requests_total{$f}[$i]))",
  content: (context) => {
    const series = sharesOf(groupedSeries(context, byService));
    return chart(context, {
      kind: "lines",
      unit: "share",
      most: 1,
      series: [...series, ...wantedSeries(context, series)],
    });
  },
});

function wantedSeries({ wanted, t }: PanelContext, series: ReturnType<typeof sharesOf>) {
  return series.flatMap(({ key, name, colour, values }) => {
    const weight = wanted?.get(name);
    if (weight === undefined) return [];
    return [
      {
        key: `wanted ${key}`,
        name: t("wanted", { name }),
        colour,
        values: values.map(() => weight),
        dashed: true,
      },
    ];
  });
}

export const fallbacks = groupedPanel(
  {
    title: "pFallbacks",
    unit: "perStep",
    size: 2,
    promQl: "sum by (reason) (increase(moongate_fallbacks_total{$f}[$i]))",
  },
  "bars",
  { name: "fallbacks", groupBy: ["reason"] },
);

export const health = healthPanel({ title: "pHealth", size: 6 });

const fallbackCount: Ask = { name: "fallbacks" };
const recoveredCount: Ask = { name: "recovered" };

export const routing: readonly Panel[] = [
  share(3),
  groupedPanel(
    {
      title: "pAttempts",
      unit: "perStep",
      size: 3,
      promQl: "sum by (service) (increase(moongate_attempts_total{$f}[$i]))",
    },
    "bars",
    { name: "attempts", groupBy: ["service"] },
  ),
  {
    title: "pFallbackRate",
    size: 2,
    asks: [{ name: "fallback_rate" }, fallbackCount, recoveredCount],
    promQl: "sum(rate(moongate_fallbacks_total{$f}[$i])) / sum(rate(moongate_requests_total{$f}[$i]))",
    content: (context) =>
      chart(context, {
        kind: "lines",
        unit: "share",
        series: [
          ...fixedSeries(context, [{ ask: { name: "fallback_rate" }, word: "rate", colour: "c2" }]),
          ratioSeries(context, "recovered", { part: recoveredCount, whole: fallbackCount }),
        ],
      }),
  },
  fallbacks,
  groupedPanel(
    {
      title: "pReasons",
      unit: "perStep",
      size: 2,
      promQl: "sum by (reason) (increase(moongate_attempts_total{$f,reason!=''}[$i]))",
    },
    "bars",
    { name: "attempts", groupBy: ["reason"] },
  ),
  groupedPanel({ title: "pFirstPacket", unit: "perStep", size: 6 }, "bars", {
    name: "attempts",
    groupBy: ["service"],
    filters: { reason: ["first-packet-timeout"] },
  }),
  health,
];

const hits: Ask = { name: "cache_hits" };
const misses: Ask = { name: "cache_misses" };
const cacheLines: readonly FixedSeries[] = [
  { ask: hits, word: "hits", colour: "c1" },
  { ask: misses, word: "misses", colour: "c2" },
];

export const protection: readonly Panel[] = [
  {
    title: "pCache",
    unit: "perSecond",
    size: 2,
    asks: [hits, misses],
    promQl: "sum by (result) (rate(moongate_cache_total{$f}[$i]))",
    content: (context) =>
      chart(context, {
        kind: "lines",
        unit: "perSecond",
        series: perSecond(fixedSeries(context, cacheLines), context.columns.stepMs),
      }),
  },
  groupedPanel(
    {
      title: "pLimited",
      unit: "perStep",
      size: 2,
      promQl: "sum by (api) (increase(moongate_limited_total{$f}[$i]))",
    },
    "bars",
    { name: "limited", groupBy: ["api"] },
  ),
  groupedPanel(
    {
      title: "pBlocked",
      unit: "perStep",
      size: 2,
      promQl: "sum by (api) (increase(moongate_moderation_total{$f}[$i]))",
    },
    "bars",
    { name: "blocked", groupBy: ["api"] },
  ),
  groupedPanel({ title: "pSavedTokens", unit: "perStep", size: 3 }, "bars", {
    name: "saved_tokens",
    groupBy: ["api"],
  }),
  groupedPanel({ title: "pSavedCost", unit: "perStep", size: 3 }, "bars", {
    name: "saved_cost",
    groupBy: ["api"],
  }),
  rankingPanel({ title: "pLimitedConsumers", size: 3 }, "consumer", [
    { name: "limited", column: { word: "cLimited", unit: "count" } },
    requestCount,
  ]),
  rankingPanel({ title: "pBlockedConsumers", size: 3 }, "consumer", [
    { name: "blocked", column: { word: "cBlocked", unit: "count" } },
    requestCount,
  ]),
];
