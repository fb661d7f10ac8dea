// The panels of requests and of how long they take, as data. A new panel is a row.
import { chart, groupedPanel, heatPanel, linesPanel, percentilesPanel, rankingPanel } from "./panel-kinds.ts";
import { beforeTotal, fixedSeries, type FixedSeries, type Panel } from "./panel.ts";
import type { Ask } from "./metrics-query.ts";
import { durationOf, requestCount, successOf, ttftOf } from "./ranking-sources.ts";

const streams = { stream: ["true"] } as const;
const plains = { stream: ["false"] } as const;

export const ttft = percentilesPanel(
  {
    title: "pTtft",
    size: 3,
    promQl:
      "histogram_quantile(0.5, sum by (le) (rate(gen_ai_server_time_to_first_token_seconds_bucket{$f}[$i])))",
  },
  "ttft",
);

const requestRate: Ask = { name: "request_rate" };
const streamRate: Ask = { name: "request_rate", filters: streams };
const plainRate: Ask = { name: "request_rate", filters: plains };

const streamParts: readonly FixedSeries[] = [
  { ask: streamRate, word: "stream", colour: "c1" },
  { ask: plainRate, word: "nonStream", colour: "c2" },
];

export const requests: Panel = {
  title: "pRequests",
  unit: "perSecond",
  size: 3,
  asks: [streamRate, plainRate],
  promQl: "sum by (stream) (rate(moongate_requests_total{$f}[$i]))",
  content: (context) =>
    chart(context, {
      kind: "area",
      unit: "perSecond",
      series: [
        ...fixedSeries({ ...context, before: null }, streamParts),
        ...beforeTotal(context, [streamRate, plainRate]),
      ],
    }),
};

const success = linesPanel(
  {
    title: "pSuccess",
    size: 3,
    promQl:
      'sum(rate(moongate_requests_total{$f,status!~"5..|429"}[$i])) / sum(rate(moongate_requests_total{$f}[$i]))',
  },
  "share",
  [{ ask: { name: "success_rate" }, word: "success", colour: "c1" }],
  { fromZero: false, most: 1 },
);

export const traffic: readonly Panel[] = [
  linesPanel(
    {
      title: "pRequests",
      unit: "perSecond",
      size: 3,
      promQl: "sum by (stream) (rate(moongate_requests_total{$f}[$i]))",
    },
    "perSecond",
    [{ ask: requestRate, word: "all", colour: "c3" }, ...streamParts],
  ),
  success,
  groupedPanel(
    {
      title: "pStatus",
      unit: "perStep",
      size: 2,
      promQl: "sum by (status) (increase(moongate_requests_total{$f}[$i]))",
    },
    "bars",
    { name: "requests", groupBy: ["statusClass"] },
  ),
  groupedPanel(
    {
      title: "pErrors",
      unit: "perStep",
      size: 2,
      promQl: 'sum by (outcome) (increase(moongate_requests_total{$f,outcome!="ok"}[$i]))',
    },
    "bars",
    { name: "failed", groupBy: ["errorCode"] },
  ),
  linesPanel(
    {
      title: "pOverhead",
      size: 2,
      promQl: "histogram_quantile(0.99, sum by (le) (rate(moongate_overhead_seconds_bucket{$f}[$i])))",
    },
    "ms",
    [
      { ask: { name: "overhead_p50" }, word: null, name: "p50", colour: "c1" },
      { ask: { name: "overhead_p99" }, word: null, name: "p99", colour: "c3" },
    ],
  ),
  groupedPanel(
    {
      title: "pByApi",
      unit: "perStep",
      size: 3,
      promQl: "sum by (api) (increase(moongate_requests_total{$f}[$i]))",
    },
    "bars",
    { name: "requests", groupBy: ["api"] },
  ),
  groupedPanel(
    {
      title: "pByConsumer",
      unit: "perStep",
      size: 3,
      promQl: "sum by (consumer) (increase(moongate_requests_total{$f}[$i]))",
    },
    "bars",
    { name: "requests", groupBy: ["consumer"] },
  ),
  rankingPanel({ title: "pRoutes", size: 6 }, "route", [requestCount, successOf, ttftOf, durationOf]),
];

const durationPromQl = (stream: boolean): string =>
  `histogram_quantile(0.5, sum by (le) (rate(moongate_request_duration_seconds_bucket{$f,stream="${stream}"}[$i])))`;

export const latency: readonly Panel[] = [
  ttft,
  percentilesPanel({ title: "pDurationStream", size: 3, promQl: durationPromQl(true) }, "duration", streams),
  percentilesPanel({ title: "pDurationPlain", size: 3, promQl: durationPromQl(false) }, "duration", plains),
  groupedPanel({ title: "pDurationByService", size: 3 }, "lines", {
    name: "duration_p95",
    groupBy: ["service"],
  }),
  groupedPanel({ title: "pTtftByModel", size: 3 }, "lines", { name: "ttft_p50", groupBy: ["model"] }),
  groupedPanel({ title: "pSpeed", unit: "tokensPerSecond", size: 3 }, "lines", {
    name: "output_speed_p50",
    groupBy: ["model"],
  }),
  heatPanel({ title: "pDurationHeat", size: 3 }, "duration_heat"),
  heatPanel({ title: "pTtftHeat", size: 3 }, "ttft_heat"),
];
