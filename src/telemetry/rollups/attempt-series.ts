// Attempts and fallbacks told apart by what only the way of an exchange knows: the reason of a failure, the service that
// was asked. Few series, so one look at the cells.
import type { MetricDimension } from "../../core/metric-names.ts";
import type { MetricFilter, MetricSelection, MetricSeries } from "../metrics-answers.ts";
import type { CellColumns } from "./cell-codec.ts";
import { dimensionIndex, sumIndex } from "./cell-layout.ts";
import { secondsOf, spanOf, type MetricScope } from "./metric-series.ts";
import {
  columnIn,
  isRowDimension,
  matcherOf,
  RowFilter,
  RowGroups,
  type RowDimension,
} from "./row-filter.ts";
import { readWayText, type WayTold } from "./way-text.ts";

const maxSeries = 5_000;

/** Whether a selection can be answered from here alone. */
export function needsWays(
  { name, groupBy, filters }: MetricSelection,
  all: readonly MetricFilter[],
): boolean {
  const named = new Set([...groupBy, ...[...filters, ...all].map(({ dimension }) => dimension)]);
  return named.has("reason") || (name === "attempts" && named.has("service"));
}

/** Of what a way tells. */
interface Event {
  readonly service: string;
  readonly reason: string;
  readonly count: number;
}

class WayEvents {
  readonly #name: string;
  readonly #failedOnly: boolean;

  constructor(name: string, failedOnly: boolean) {
    this.#name = name;
    this.#failedOnly = failedOnly;
  }

  of(way: WayTold, service: string): Event[] {
    if (this.#name === "fallbacks") return [{ service, reason: way.fallbackReason, count: 1 }];
    return way.attempts
      .filter(([, , reason]) => reason !== "" || !this.#failedOnly)
      .map(([asked, , reason, count]) => ({ service: asked, reason, count }));
  }
}

/** Series under a name, made when they are first counted. */
class NamedSeries {
  readonly #columns: number;
  readonly #byName = new Map<string, { readonly labels: readonly string[]; readonly values: Float64Array }>();

  constructor(columns: number) {
    this.#columns = columns;
  }

  add(labels: readonly string[], column: number, amount: number): void {
    const name = labels.join("\u0000");
    let series = this.#byName.get(name);
    if (series === undefined) {
      if (this.#byName.size >= maxSeries) return;
      this.#byName.set(name, (series = { labels, values: new Float64Array(this.#columns) }));
    }
    series.values[column] = (series.values[column] ?? 0) + amount;
  }

  /** Most first. */
  sorted(): { readonly labels: readonly string[]; readonly values: Float64Array; readonly total: number }[] {
    return [...this.#byName.values()]
      .map(({ labels, values }) => ({ labels, values, total: values.reduce((sum, value) => sum + value, 0) }))
      .filter(({ total }) => total > 0)
      .toSorted((one, other) => other.total - one.total);
  }
}

export function attemptSeries(selection: MetricSelection, scope: MetricScope): MetricSeries[] {
  const { name, groupBy, top } = selection;
  const { columns } = scope;
  const filters = [...scope.filters, ...selection.filters];
  const ofWay = (dimension: MetricDimension): dimension is "reason" | "service" =>
    dimension === "reason" || (dimension === "service" && name === "attempts");
  const rowFilter = new RowFilter(
    filters.filter(({ dimension }) => !ofWay(dimension)),
    spanOf(columns),
  );
  const wayFilters = filters.flatMap((filter) =>
    ofWay(filter.dimension) ? [{ dimension: filter.dimension, matches: matcherOf(filter) }] : [],
  );
  const events = new WayEvents(name, needsReason(groupBy, filters));
  const rowGroups = new RowGroups(
    groupBy.filter((dimension): dimension is RowDimension => isRowDimension(dimension) && !ofWay(dimension)),
  );
  const sum = name === "attempts" ? sumIndex.requests : sumIndex.fallbacks;
  const found = new NamedSeries(columns.count);
  for (const cells of scope.parts()) {
    const columnOf = columnIn(cells, columns);
    const rows = rowFilter.rowsOf(cells);
    const groups = rowGroups.groupsOf(cells, rows);
    const waysOf = waysIn(cells);
    const amounts = cells.sum(sum);
    for (const [at, row] of rows.entries()) {
      const amount = amounts?.[row] ?? 0;
      if (amount === 0) continue;
      const rowLabels = rowGroups.labels[groups[at] ?? 0] ?? [];
      const { way, service } = waysOf(row);
      for (const event of events.of(way, service)) {
        if (!wayFilters.every(({ dimension, matches }) => matches(event[dimension]))) continue;
        let next = 0;
        const labels = groupBy.map((dimension) =>
          ofWay(dimension) ? event[dimension] : (rowLabels[next++] ?? ""),
        );
        found.add(labels, columnOf(row), amount * event.count);
      }
    }
  }
  return seriesOf(found, groupBy, top, scope);
}

function needsReason(groupBy: readonly MetricDimension[], filters: readonly MetricFilter[]): boolean {
  return groupBy.includes("reason") || filters.some(({ dimension }) => dimension === "reason");
}

/** The way of a row, read once for each text and service. */
function waysIn(columns: CellColumns): (row: number) => { readonly way: WayTold; readonly service: string } {
  const ways = columns.dimension(dimensionIndex.way);
  const services = columns.dimension(dimensionIndex.service);
  const known: { readonly way: WayTold; readonly service: string }[] = [];
  const width = services.texts.length;
  return (row) => {
    const wayCode = ways.codes[row] ?? 0;
    const serviceCode = services.codes[row] ?? 0;
    const service = services.texts[serviceCode] ?? "";
    return (known[wayCode * width + serviceCode] ??= {
      way: readWayText(ways.texts[wayCode] ?? "", service, ""),
      service,
    });
  };
}

function seriesOf(
  found: NamedSeries,
  groupBy: readonly MetricDimension[],
  top: number,
  scope: MetricScope,
): MetricSeries[] {
  const sorted = found.sorted();
  const seconds = secondsOf(scope);
  const valuesOf = (values: Float64Array): (number | null)[] =>
    Array.from(values, (value, column) => (value === 0 && seconds[column] === 0 ? null : value));
  const own = sorted.slice(0, top).map(({ labels, values, total }) => ({
    labels: Object.fromEntries(groupBy.map((dimension, index) => [dimension, labels[index] ?? ""])),
    other: false,
    values: valuesOf(values),
    total,
  }));
  const rest = sorted.slice(top);
  if (rest.length === 0) return own;
  const values = new Float64Array(scope.columns.count);
  for (const series of rest)
    for (const [column, value] of series.values.entries()) values[column] = (values[column] ?? 0) + value;
  const total = rest.reduce((sum, series) => sum + series.total, 0);
  return [...own, { labels: {}, other: true, values: valuesOf(values), total }];
}
