// What a panel of the metrics is: its questions, and how their answers become a picture, a table or cells. Types, and the
// pieces that panels are made of. Pure.
import type {
  MetricDimension,
  MetricName,
  MetricSeries,
  MetricUnit,
} from "../../../../src/control/routes/console-answers.ts";
import type { PlainKey, Translate } from "../../i18n/messages.ts";
import type { HealthRow } from "../../ui/chart/health.ts";
import type { ChartColour, ChartPicture, ChartSeries } from "../../ui/chart/picture.ts";
import type { metricsMessages } from "./metrics-messages.ts";
import type { Answers, Ask } from "./metrics-query.ts";
import type { FilterName } from "./metrics-search.ts";
import type { Colours } from "./series-colours.ts";

export type MetricsWords = Translate<(typeof metricsMessages)["en"]>;
export type MetricsWord = PlainKey<typeof metricsMessages>;

export interface PanelContext {
  readonly answers: Answers;
  /** Of the time before; null where it is not compared. */
  readonly before: Answers | null;
  readonly columns: Pick<ChartPicture, "startMs" | "stepMs" | "columns">;
  readonly colours: Colours;
  readonly t: MetricsWords;
  /** Share that each service is meant to have, 0 to 1; null where that is not fixed. */
  readonly wanted: ReadonlyMap<string, number> | null;
}

export interface RankingColumn {
  readonly word: MetricsWord;
  readonly unit: MetricUnit;
}

export interface RankingRow {
  readonly key: string;
  readonly name: string;
  /** What a press on the name filters by; null for all that is not told apart. */
  readonly filter: string | null;
  readonly cells: readonly (number | null)[];
  /** Of the first column's total, 0 to 1. */
  readonly share: number;
  readonly colour: ChartColour;
}

export type PanelContent =
  | { readonly type: "chart"; readonly picture: ChartPicture }
  | {
      readonly type: "ranking";
      readonly dimension: FilterName;
      readonly columns: readonly RankingColumn[];
      readonly rows: readonly RankingRow[];
    }
  | { readonly type: "health"; readonly rows: readonly HealthRow[] };

export interface Panel {
  readonly title: MetricsWord;
  readonly unit?: MetricsWord | "perStep";
  /** Sixths of the width. */
  readonly size: 2 | 3 | 6;
  readonly asks: readonly Ask[];
  readonly content: (context: PanelContext) => PanelContent;
  /** `$f` stands for the filters, `$i` for the interval. */
  readonly promQl?: string;
  /** A sentence about cost stands under the title. */
  readonly isCost?: boolean;
}

const emptyWords: Readonly<Partial<Record<MetricDimension, MetricsWord>>> = {
  api: "noApi",
  service: "noService",
  model: "noModel",
  requestedModel: "noModel",
  consumer: "noConsumer",
};

const reasonWords: Readonly<Record<string, MetricsWord>> = {
  "first-packet-timeout": "reasonFirstPacket",
  "upstream-5xx": "reason5xx",
  "upstream-429": "reason429",
  "upstream-credentials": "reasonCredentials",
  "upstream-4xx": "reason4xx",
  "upstream-any-4xx": "reason4xx",
  "network-error": "reasonNetwork",
  timeout: "reasonTimeout",
  "error-in-200": "reasonErrorIn200",
  "empty-answer": "reasonEmpty",
};

/** A value of a dimension as people read it. */
export function valueName(dimension: MetricDimension, value: string, t: MetricsWords): string {
  if (value === "") return t(emptyWords[dimension] ?? "none");
  if (dimension === "stream") return t(value === "true" ? "stream" : "nonStream");
  const reason = dimension === "reason" ? reasonWords[value] : undefined;
  return reason === undefined ? value : t(reason);
}

/** What tells a series from the others. */
export function nameOf(
  { labels, other }: MetricSeries,
  groupBy: readonly MetricDimension[],
  t: MetricsWords,
): string {
  if (other) return t("others");
  return groupBy.map((dimension) => valueName(dimension, labels[dimension] ?? "", t)).join(" · ");
}

/** Classes of status are states rather than categories. */
const classColours: Readonly<Record<string, ChartColour>> = {
  "2xx": "c1",
  "3xx": "c7",
  "4xx": "c2",
  "5xx": "bad",
};

/** A series per value of what the question groups by, each in its colour. */
export function groupedSeries(context: PanelContext, ask: Ask): ChartSeries[] {
  const { groupBy = [] } = ask;
  const { series } = context.answers(ask);
  const names = series.map((each) => nameOf(each, groupBy, context.t));
  const told = series.map(({ other }, index) => (other ? "" : (names[index] ?? "")));
  const colours = new Map(
    context.colours
      .of(told.filter((name) => name !== ""))
      .map((colour, index) => [told.filter((name) => name !== "")[index] ?? "", colour]),
  );
  return series.map(({ labels, values, other }, index) => ({
    key: other ? "other" : `=${names[index] ?? ""}`,
    name: names[index] ?? "",
    colour: other
      ? "rest"
      : (classColours[labels.statusClass ?? ""] ?? colours.get(names[index] ?? "") ?? "rest"),
    values,
  }));
}

/** The one series of a question without groups; nothing measured where there is none. */
export function valuesOf(answers: Answers, ask: Ask, columns: number): readonly (number | null)[] {
  return answers(ask).series[0]?.values ?? Array.from({ length: columns }, () => null);
}

export interface FixedSeries {
  readonly ask: Ask;
  readonly word: MetricsWord | null;
  /** In the place of a word. */
  readonly name?: string;
  readonly colour: ChartColour;
}

/** Series that are always there, in this order, each with what it was before. */
export function fixedSeries(context: PanelContext, fixed: readonly FixedSeries[]): ChartSeries[] {
  const { t, answers, before, columns } = context;
  const nameFor = ({ word, name = "" }: FixedSeries): string => (word === null ? name : t(word));
  const now = fixed.map((each) => ({
    key: nameFor(each),
    name: nameFor(each),
    colour: each.colour,
    values: valuesOf(answers, each.ask, columns.columns),
  }));
  if (before === null) return now;
  return [
    ...now,
    ...fixed.map((each) => ({
      key: `before ${nameFor(each)}`,
      name: t("before", { name: nameFor(each) }),
      colour: each.colour,
      values: fitted(valuesOf(before, each.ask, columns.columns), columns.columns),
      dashed: true,
      past: true,
    })),
  ];
}

/** As many values as there are columns. */
export function fitted(values: readonly (number | null)[], columns: number): readonly (number | null)[] {
  return Array.from({ length: columns }, (_, column) => values[column] ?? null);
}

/** What all series of a question were together before: one dashed line over a stack. */
export function beforeTotal(context: PanelContext, asks: readonly Ask[]): ChartSeries[] {
  const { before, columns, t } = context;
  if (before === null) return [];
  const lines = asks.flatMap((ask) => before(ask).series.map(({ values }) => values));
  const values = Array.from({ length: columns.columns }, (_, column) => {
    const measured = lines.map((line) => line[column] ?? null).filter((value) => value !== null);
    return measured.length === 0 ? null : measured.reduce((sum, value) => sum + value, 0);
  });
  return [{ key: "before", name: t("beforeTotal"), colour: "ink-3", values, dashed: true, past: true }];
}

/** Each value as a share of the sum of its column. */
export function sharesOf(series: readonly ChartSeries[]): ChartSeries[] {
  const sums = (series[0]?.values ?? []).map((_, column) =>
    series.reduce((sum, { values }) => sum + (values[column] ?? 0), 0),
  );
  return series.map((each) => ({
    ...each,
    values: sums.map((sum, column) => (sum === 0 ? null : (each.values[column] ?? 0) / sum)),
  }));
}

/** Sums of a column as rates. */
export function perSecond(series: readonly ChartSeries[], stepMs: number): ChartSeries[] {
  return series.map((each) => ({
    ...each,
    values: each.values.map((value) => (value === null ? null : (value * 1_000) / stepMs)),
  }));
}

export interface RankingSource {
  readonly name: MetricName;
  readonly column: RankingColumn;
}

/** Values of a dimension with their totals, those with most of the first column first. */
export function rankingOf(
  context: PanelContext,
  dimension: FilterName,
  sources: readonly RankingSource[],
): PanelContent {
  const asks = rankingAsks(dimension, sources);
  const totals = asks.map((ask) => {
    const found = context.answers(ask).series;
    return new Map(found.map((each) => [each.other ? null : (each.labels[dimension] ?? ""), each.total]));
  });
  const values = [...(totals[0]?.entries() ?? [])];
  const sum = values.reduce((all, [, total]) => all + (total ?? 0), 0);
  const names = values.map(([value]) =>
    value === null ? context.t("others") : valueName(dimension, value, context.t),
  );
  const colours = context.colours.of(names);
  return {
    type: "ranking",
    dimension,
    columns: sources.map(({ column }) => column),
    rows: values.map(([value, total], index) => ({
      key: value === null ? "other" : `=${value}`,
      name: names[index] ?? "",
      filter: value,
      cells: totals.map((each) => each.get(value) ?? null),
      share: sum === 0 ? 0 : (total ?? 0) / sum,
      colour: value === null ? "rest" : (colours[index] ?? "rest"),
    })),
  };
}

const rankingTop = 20;

export function rankingAsks(dimension: FilterName, sources: readonly RankingSource[]): readonly Ask[] {
  return sources.map(({ name }) => ({ name, groupBy: [dimension], top: rankingTop }));
}
