// The page of the benchmark, made of its results; the same for the same results.
import { checksOf, percent, plain, signed, type Results } from "./checks.ts";
import type { CostPoint } from "./nine.ts";
import { plot } from "./plot.ts";
import { ours, type Scored } from "./pairs.ts";

type Cells = readonly (number | string)[];

export function pageOf(results: Results): string {
  const { fewLabels, mmlu, gsm8k, newTopics } = results;
  return `# Routing benchmark

Written by \`npm run bench:routing\`; the figures are the same each time. How it is done: [bench/routing](../../bench/routing/README.md).

MT-Bench and RouterArena are not here: their data did not come with this project, and figures of others are not repeated as ours.

## What must be reached

${table(
  ["check", "must reach", "reached", "95 %", ""],
  checksOf(results).map(({ check, must, reached, interval, met }) => [
    check,
    must,
    reached,
    interval,
    met ? "met" : "**not met**",
  ]),
)}

## Two models
GPT-4-1106 beside Mixtral-8x7B, judged by five folds: APGR (0.5 at random), and the share of strong calls that wins back half (CPT(50)) and four fifths (CPT(80)) of the gap.

### MMLU
${pairs(mmlu)}

![Quality against the share of strong calls, MMLU](routing-mmlu.svg)

Of ${fewLabels.labels} labels, mean of ${fewLabels.draws} draws: APGR ${plain(fewLabels.measures.apgr.value)}, draws from ${plain(fewLabels.measures.apgr.low)} to ${plain(fewLabels.measures.apgr.high)}; CPT(50) ${percent(fewLabels.measures.cpt50.value)}, CPT(80) ${percent(fewLabels.measures.cpt80.value)}.
Subjects of which nothing was learnt: APGR ${plain(newTopics.ours.apgr.value)}; by length alone ${plain(newTopics.length.apgr.value)}.

### GSM8K
${pairs(gsm8k)}

${manyModels(results)}`;
}

function manyModels({ nine, families }: Results): string {
  return `## Nine models
${nine.rows} prompts of 14 tasks, five folds. Best single model: quality ${plain(nine.best.quality)} at USD ${nine.best.cost.toFixed(2)} per million tokens. Perfect foresight: ${plain(nine.oracle.quality)} at ${nine.oracle.cost.toFixed(2)}. The table knows the true task of each prompt; at equal quality it saves ${percent(nine.tableSaved)}.

${table(
  ["weight of cost", "quality", "beside the best single", "cost", "saved", "table by true task", "saved"],
  nine.ours.map((point, at) => {
    const other = nine.table[at] ?? point;
    return [
      ...costCells(point, nine.best),
      signed(other.quality / nine.best.quality - 1),
      percent(1 - other.cost / nine.best.cost),
    ];
  }),
)}

![Quality against cost, nine models](routing-nine.svg)

## Families never seen
Learnt from the other families, judged on this one, profile quality; the default is the best model of what was learnt from.

${table(
  ["family", "prompts", "default", "its quality", "beside it", "unfamiliar"],
  families.map(({ family, rows, standard, standardQuality, change, unfamiliar }) => [
    family,
    rows,
    standard,
    plain(standardQuality),
    signed(change),
    percent(unfamiliar),
  ]),
)}
`;
}

function costCells({ costWeight, quality, cost }: CostPoint, best: CostPoint): Cells {
  return [
    costWeight,
    plain(quality),
    signed(quality / best.quality - 1),
    cost.toFixed(2),
    percent(1 - cost / best.cost),
  ];
}

function pairs(scored: readonly Scored[]): string {
  return table(
    ["router", "APGR", "95 %", "CPT(50)", "CPT(80)"],
    scored.map(({ name, measures: { apgr, cpt50, cpt80 } }) => [
      name,
      plain(apgr.value),
      `${plain(apgr.low)} to ${plain(apgr.high)}`,
      percent(cpt50.value),
      percent(cpt80.value),
    ]),
  );
}

function table(head: readonly string[], rows: readonly Cells[]): string {
  const line = (cells: Cells) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, at) => (at === 0 ? "---" : "--:"))), ...rows.map(line)].join("\n");
}

export function pairPlot(scored: readonly Scored[]): string {
  const axes = {
    title: "MMLU: quality against the share of strong calls",
    x: "share of calls to the strong model",
    y: "share of right answers",
    xOf: (value: number) => `${Math.round(value * 100)} %`,
    yOf: (value: number) => value.toFixed(2),
  };
  const shown = scored.filter(({ name }) => name !== "oracle");
  return plot(
    axes,
    shown.map(({ name, curve }) => ({
      name,
      isOurs: name === ours,
      points: curve.map(({ strongShare, quality }) => ({ x: strongShare, y: quality })),
    })),
  );
}

export function costPlot({ nine }: Results): string {
  const axes = {
    title: "Nine models: quality against cost",
    x: "USD per million tokens",
    y: "quality",
    xOf: (value: number) => value.toFixed(2),
    yOf: (value: number) => value.toFixed(2),
  };
  const points = (curve: readonly CostPoint[]) => curve.map(({ cost, quality }) => ({ x: cost, y: quality }));
  const good = nine.single.filter(({ quality }) => quality > 0.35);
  return plot(axes, [
    { name: "Moongate", isOurs: true, points: points(nine.ours) },
    { name: "table by true task", points: points(nine.table) },
    {
      name: "single models above .35",
      points: good.map(({ cost, quality }) => ({ x: cost, y: quality })),
      marks: good.map(({ model }) => model),
    },
  ]);
}
