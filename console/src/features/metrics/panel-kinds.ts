// The panels that come up again: percentiles, groups as lines or stacks, rankings, heat maps, health. Pure.
import type { MetricName, MetricUnit } from "../../../../src/control/routes/console-answers.ts";
import type { HealthRow } from "../../ui/chart/health.ts";
import type { ChartKind, ChartPicture, ChartSeries } from "../../ui/chart/picture.ts";
import type { Ask, AskFilters } from "./metrics-query.ts";
import type { FilterName } from "./metrics-search.ts";
import {
  beforeTotal,
  fitted,
  fixedSeries,
  groupedSeries,
  rankingAsks,
  rankingOf,
  valuesOf,
  type FixedSeries,
  type MetricsWord,
  type Panel,
  type PanelContent,
  type PanelContext,
  type RankingSource,
} from "./panel.ts";

type Frame = Pick<Panel, "title" | "size"> & Partial<Pick<Panel, "unit" | "promQl" | "isCost">>;

interface PictureParts {
  readonly kind: ChartKind;
  readonly unit: MetricUnit;
  readonly series: readonly ChartSeries[];
  readonly fromZero?: boolean;
  readonly most?: number;
}

export function chart({ columns }: PanelContext, parts: PictureParts): PanelContent {
  const { startMs, stepMs, columns: count } = columns;
  return { type: "chart", picture: { ...parts, startMs, stepMs, columns: count } };
}

/** Lines that are always there. */
export function linesPanel(
  frame: Frame,
  unit: MetricUnit,
  fixed: readonly FixedSeries[],
  options: Pick<PictureParts, "fromZero" | "most"> = {},
): Panel {
  return {
    ...frame,
    asks: fixed.map(({ ask }) => ask),
    content: (context) =>
      chart(context, { kind: "lines", unit, series: fixedSeries(context, fixed), ...options }),
  };
}

/** p50, p90 and p99 of a histogram, in their own colours. */
export function percentilesPanel(
  frame: Frame,
  histogram: "duration" | "ttft",
  filters: AskFilters = {},
): Panel {
  return linesPanel(frame, "ms", [
    { ask: { name: `${histogram}_p50`, filters }, word: null, name: "p50", colour: "c1" },
    { ask: { name: `${histogram}_p90`, filters }, word: null, name: "p90", colour: "c2" },
    { ask: { name: `${histogram}_p99`, filters }, word: null, name: "p99", colour: "c3" },
  ]);
}

/** A line or a part of a stack for each value. */
export function groupedPanel(frame: Frame, kind: "lines" | "area" | "bars", ask: Ask): Panel {
  return {
    ...frame,
    asks: [ask],
    content: (context) => {
      const { unit } = context.answers(ask);
      const series = groupedSeries(context, ask);
      const before = kind === "lines" ? linesBefore(context, ask, series) : beforeTotal(context, [ask]);
      return chart(context, { kind, unit, series: [...series, ...before] });
    },
  };
}

/** Lines of the time before, in the colour of the same name now; names that are gone are left out. */
function linesBefore(context: PanelContext, ask: Ask, now: readonly ChartSeries[]): ChartSeries[] {
  const { before, columns, t } = context;
  if (before === null) return [];
  const past = groupedSeries({ ...context, answers: before }, ask);
  return now.flatMap(({ key, name, colour }) => {
    const found = past.find((each) => each.key === key);
    if (found === undefined) return [];
    const values = fitted(found.values, columns.columns);
    return [{ key: `before ${key}`, name: t("before", { name }), colour, values, dashed: true, past: true }];
  });
}

export function rankingPanel(frame: Frame, dimension: FilterName, sources: readonly RankingSource[]): Panel {
  return {
    ...frame,
    asks: rankingAsks(dimension, sources),
    content: (context) => rankingOf(context, dimension, sources),
  };
}

const heatTop = 100;

/** How many took how long, by bucket and time. */
export function heatPanel(frame: Frame, name: Extract<MetricName, `${string}_heat`>): Panel {
  const ask: Ask = { name, top: heatTop };
  return {
    ...frame,
    asks: [ask],
    content: (context) => {
      const heat = context
        .answers(ask)
        // The label `status` holds the upper bound of the bucket.
        .series.map(({ labels, values }) => ({ upperMs: Number(labels.status ?? Number.NaN), values }))
        .filter(({ upperMs }) => Number.isFinite(upperMs) && upperMs > 0)
        .toSorted((one, other) => one.upperMs - other.upperMs);
      const { startMs, stepMs, columns } = context.columns;
      const picture: ChartPicture = {
        kind: "heat",
        unit: "count",
        series: [],
        heat,
        startMs,
        stepMs,
        columns,
      };
      return { type: "chart", picture };
    },
  };
}

const healthTop = 20;
const sent: Ask = { name: "attempts", groupBy: ["service"], top: healthTop };
const failed: Ask = { name: "attempts", groupBy: ["service", "reason"], top: 100 };

/** Attempts at each service, and those of them that failed. */
export function healthPanel(frame: Frame): Panel {
  return {
    ...frame,
    asks: [sent, failed],
    content: (context) => ({ type: "health", rows: healthRows(context) }),
  };
}

function healthRows({ answers, columns: { columns } }: PanelContext): readonly HealthRow[] {
  const failures = answers(failed).series.filter(
    ({ labels, other }) => !other && (labels.reason ?? "") !== "",
  );
  return answers(sent)
    .series.filter(({ other, labels }) => !other && (labels.service ?? "") !== "")
    .map(({ labels: { service = "" }, values }) => {
      const own = failures.filter(({ labels }) => labels.service === service);
      return {
        service,
        attempts: values,
        failed: Array.from({ length: columns }, (_, column) =>
          own.reduce((sum, each) => sum + (each.values[column] ?? 0), 0),
        ),
      };
    })
    .toSorted((one, other) => (one.service < other.service ? -1 : 1));
}

/** One sum as a share of another, column by column; nothing where there is nothing to have a share of. */
export function ratioSeries(
  context: PanelContext,
  word: MetricsWord,
  { part, whole }: { readonly part: Ask; readonly whole: Ask },
): ChartSeries {
  const { answers, columns, t } = context;
  const parts = valuesOf(answers, part, columns.columns);
  const values = valuesOf(answers, whole, columns.columns).map((all, column) =>
    all === null || all === 0 ? null : (parts[column] ?? 0) / all,
  );
  return { key: word, name: t(word), colour: "c5", values };
}
