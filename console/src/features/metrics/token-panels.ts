// The panels of tokens and cost, as data. A new panel is a row.
import { chart, groupedPanel, rankingPanel } from "./panel-kinds.ts";
import { beforeTotal, fixedSeries, perSecond, valuesOf, type FixedSeries, type Panel } from "./panel.ts";
import type { Ask } from "./metrics-query.ts";
import { costOf, inputOf, outputOf, requestCount, totalOf } from "./ranking-sources.ts";

const input: Ask = { name: "input_tokens" };
const cachedInput: Ask = { name: "cached_input_tokens" };
const output: Ask = { name: "output_tokens" };
const totalTokens: Ask = { name: "total_tokens" };

/** Input holds what was cached: a stack shows it once. */
export const tokens: Panel = {
  title: "pTokens",
  unit: "perStep",
  size: 2,
  asks: [input, cachedInput, output, totalTokens],
  promQl: "sum by (gen_ai_token_type) (rate(gen_ai_client_token_usage_sum{$f}[$i]))",
  content: (context) => {
    const { answers, columns, t } = context;
    const cached = valuesOf(answers, cachedInput, columns.columns);
    const rest = valuesOf(answers, input, columns.columns).map((value, column) =>
      value === null ? null : value - (cached[column] ?? 0),
    );
    const out = valuesOf(answers, output, columns.columns);
    return chart(context, {
      kind: "bars",
      unit: "tokens",
      series: [
        { key: "input", name: t("inputRest"), colour: "c1", values: rest },
        { key: "cached", name: t("cached"), colour: "c7", values: cached },
        { key: "output", name: t("output"), colour: "c2", values: out },
        ...beforeTotal(context, [totalTokens]),
      ],
    });
  },
};

const tokenLines: readonly FixedSeries[] = [
  { ask: totalTokens, word: "total", colour: "c3" },
  { ask: input, word: "input", colour: "c1" },
  { ask: cachedInput, word: "cached", colour: "c7" },
  { ask: output, word: "output", colour: "c2" },
  { ask: { name: "reasoning_tokens" }, word: "reasoning", colour: "c4" },
];

export const tokenPanels: readonly Panel[] = [
  {
    title: "pTokenRate",
    unit: "tokensPerSecond",
    size: 3,
    asks: tokenLines.map(({ ask }) => ask),
    promQl: "sum by (gen_ai_token_type) (rate(gen_ai_client_token_usage_sum{$f}[$i]))",
    content: (context) =>
      chart(context, {
        kind: "lines",
        unit: "tokensPerSecond",
        series: perSecond(fixedSeries(context, tokenLines), context.columns.stepMs),
      }),
  },
  groupedPanel({ title: "pOutputByModel", unit: "perStep", size: 3 }, "bars", {
    name: "output_tokens",
    groupBy: ["model"],
  }),
  groupedPanel(
    {
      title: "pCostByModel",
      unit: "perStep",
      size: 3,
      promQl: "sum by (model) (increase(moongate_cost_usd_total{$f}[$i]))",
      isCost: true,
    },
    "bars",
    { name: "cost_usd", groupBy: ["model"] },
  ),
  rankingPanel({ title: "pCostByApi", size: 3 }, "api", [costOf, totalOf, requestCount]),
  rankingPanel({ title: "pModels", size: 3 }, "model", [totalOf, inputOf, outputOf, costOf]),
  rankingPanel({ title: "pConsumers", size: 3 }, "consumer", [totalOf, inputOf, outputOf, costOf]),
];
