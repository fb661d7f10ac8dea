// Attempts and fallbacks told apart by what only the way of an exchange knows: the reason of a failure, the service that
// was asked. Few series, so one look at the cells.
import type { MetricDimension } from "../../core/metric-names.ts";
import type { MetricFilter, MetricSelection, MetricSeries } from "../metrics-answers.ts";
import type { CellColumns } from "./cell-codec.ts";
import { dimensionIndex, sumIndex } from "./cell-layout.ts";
import type { GroupedRows } from "./meant-rows.ts";
import { isRowDimension, matcherOf, type RowDimension } from "./row-filter.ts";
import { secondsOf, type MetricScope, type SeriesCollector } from "./series-collector.ts";
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

  /** Undefined: there are too many. */
  valuesOf(labels: readonly string[]): Float64Array | undefined {
    const name = labels.join("\u0000");
    let series = this.#byName.get(name);
    if (series === undefined) {
      if (this.#byName.size >= maxSeries) return undefined;
      this.#byName.set(name, (series = { labels, values: new Float64Array(this.#columns) }));
    }
    return series.values;
  }

  /** Most first. */
  sorted(): { readonly labels: readonly string[]; readonly values: Float64Array; readonly total: number }[] {
    return [...this.#byName.values()]
      .map(({ labels, values }) => ({ labels, values, total: values.reduce((sum, value) => sum + value, 0) }))
      .filter(({ total }) => total > 0)
      .toSorted((one, other) => other.total - one.total);
  }
}

/** What the rows of a way and a group add to, with the count of each. */
type Additions = readonly { readonly values: Float64Array; readonly count: number }[];

class AttemptCollector implements SeriesCollector {
  readonly #selection: MetricSelection;
  readonly #scope: MetricScope;
  readonly #grouped: GroupedRows;
  readonly #wayFilters: readonly {
    readonly dimension: "reason" | "service";
    readonly matches: (text: string) => boolean;
  }[];

  readonly #events: WayEvents;
  readonly #found: NamedSeries;

  constructor(selection: MetricSelection, scope: MetricScope) {
    const { name, groupBy } = selection;
    const filters = [...scope.filters, ...selection.filters];
    this.#selection = selection;
    this.#scope = scope;
    this.#grouped = scope.rows.grouped(
      filters.filter(({ dimension }) => !isOfWay(name, dimension)),
      groupBy.filter(
        (dimension): dimension is RowDimension => isRowDimension(dimension) && !isOfWay(name, dimension),
      ),
    );
    this.#wayFilters = filters.flatMap((filter) =>
      isOfWay(name, filter.dimension) ? [{ dimension: filter.dimension, matches: matcherOf(filter) }] : [],
    );
    this.#events = new WayEvents(name, needsReason(groupBy, filters));
    this.#found = new NamedSeries(scope.columns.count);
  }

  add(cells: CellColumns): void {
    const amounts = cells.sum(this.#selection.name === "attempts" ? sumIndex.requests : sumIndex.fallbacks);
    if (amounts === undefined) return;
    const { rows, columns, groups } = this.#grouped.of(cells);
    const ways = cells.dimension(dimensionIndex.way);
    const services = cells.dimension(dimensionIndex.service);
    const width = services.texts.length;
    // By group, then by way and service.
    const known: (Additions | undefined)[][] = [];
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? 0;
      const amount = amounts[row] ?? 0;
      if (amount === 0) continue;
      const group = groups[at] ?? 0;
      const wayCode = ways.codes[row] ?? 0;
      const serviceCode = services.codes[row] ?? 0;
      const additions = ((known[group] ??= [])[wayCode * width + serviceCode] ??= this.#additionsOf(
        ways.texts[wayCode] ?? "",
        services.texts[serviceCode] ?? "",
        group,
      ));
      const column = columns[at] ?? 0;
      for (const { values, count } of additions) values[column] = (values[column] ?? 0) + amount * count;
    }
  }

  #additionsOf(wayText: string, service: string, group: number): Additions {
    const { name, groupBy } = this.#selection;
    const rowLabels = this.#grouped.groups.labels[group] ?? [];
    return this.#events
      .of(readWayText(wayText, service, ""), service)
      .filter((event) => this.#wayFilters.every(({ dimension, matches }) => matches(event[dimension])))
      .flatMap((event) => {
        let next = 0;
        const labels = groupBy.map((dimension) =>
          isOfWay(name, dimension) ? event[dimension] : (rowLabels[next++] ?? ""),
        );
        const values = this.#found.valuesOf(labels);
        return values === undefined ? [] : { values, count: event.count };
      });
  }

  choose(): boolean {
    return false;
  }

  series(): MetricSeries[] {
    const { groupBy, top } = this.#selection;
    return seriesOf(this.#found, groupBy, top, this.#scope);
  }
}

export function attemptCollector(selection: MetricSelection, scope: MetricScope): SeriesCollector {
  return new AttemptCollector(selection, scope);
}

function isOfWay(name: string, dimension: MetricDimension): dimension is "reason" | "service" {
  return dimension === "reason" || (dimension === "service" && name === "attempts");
}

function needsReason(groupBy: readonly MetricDimension[], filters: readonly MetricFilter[]): boolean {
  return groupBy.includes("reason") || filters.some(({ dimension }) => dimension === "reason");
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
