// Selections of a question about metrics -> their series: the groups with the most, and all others as one.
import { hasDimension } from "../../core/metric-names.ts";
import type { MetricFilter, MetricSelection, MetricSeries } from "../metrics-answers.ts";
import { attemptCollector, needsWays } from "./attempt-series.ts";
import { HeatCollector, PercentileCollector } from "./histogram-series.ts";
import { makings, type Making } from "./metric-table.ts";
import { isRowDimension } from "./row-filter.ts";
import { collect, type MetricScope, type SeriesCollector } from "./series-collector.ts";
import { shareCollector, sumCollector } from "./sum-series.ts";

/** @throws RangeError when a filter or a grouping is none of the metric's */
export function seriesOfAll(
  selections: readonly MetricSelection[],
  scope: MetricScope,
): readonly (readonly MetricSeries[])[] {
  return collect(
    selections.map((selection) => collectorOf(selection, scope)),
    scope.parts,
  );
}

function collectorOf(selection: MetricSelection, scope: MetricScope): SeriesCollector {
  const { name } = selection;
  if (needsWays(selection, scope.filters)) {
    if (!hasDimension(name, "reason"))
      throw new RangeError(`reason is a dimension of attempts and fallbacks, not of ${name}`);
    return attemptCollector(selection, scope);
  }
  const making = makings[name];
  const filters = [...scope.filters, ...selection.filters, ...filtersOf(making)];
  if (making.kind === "heat") return new HeatCollector(scope.rows.meeting(filters), scope, making.of);
  const grouped = scope.rows.grouped(filters, selection.groupBy.filter(isRowDimension));
  switch (making.kind) {
    case "sum":
      return sumCollector(selection, grouped, scope, making);
    case "share":
      return shareCollector(selection, grouped, scope, making.of);
    case "percentile":
      return new PercentileCollector(selection, grouped, scope, making);
  }
}

function filtersOf(making: Making): MetricFilter[] {
  if (making.kind !== "sum" || making.outcome === undefined) return [];
  return [{ dimension: "outcome", not: false, values: [making.outcome] }];
}
