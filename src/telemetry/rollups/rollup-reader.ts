// Answers what is asked of counts, from the cells of the partitions and those that are still open.
import { metrics } from "../../core/metric-names.ts";
import { isoTime } from "../../lib/iso-time.ts";
import type {
  MetricFilter,
  MetricsAnswer,
  MetricsQuery,
  UsageAnswer,
  UsageQuery,
} from "../metrics-answers.ts";
import type { TrafficAnswer, TrafficWindow, WayAnswer } from "../traffic-answers.ts";
import { bucketsOf, windowLevels } from "../traffic-window.ts";
import { SharedRows } from "./meant-rows.ts";
import { seriesOfAll } from "./metric-series.ts";
import { columnsOf, levelOf, spanOf, type Kept } from "./metric-span.ts";
import { PartSource, type RollupSources, type Span } from "./part-source.ts";
import { sumIndex } from "./cell-layout.ts";
import { levelMs, slotOf, type RollupLevel } from "./rollup-levels.ts";
import { columnIn, RowFilter } from "./row-filter.ts";
import { Room } from "./series-collector.ts";
import { groupFilters, viewPrevious, viewTraffic } from "./traffic-view.ts";
import { viewUsage } from "./usage-view.ts";
import { viewWay } from "./way-view.ts";

export interface RollupReaderOptions extends RollupSources {
  readonly wallMs: () => number;
  /** Whether every record that is there has been added. */
  readonly caughtUp: () => boolean;
  /** What is kept of cells that have been read. */
  readonly maxBytes?: number;
  /** Numbers that one question may hold for groups before it looks twice. Another bound only in tests. */
  readonly roomForGroups?: number;
}

export class RollupReader {
  readonly #source: PartSource;
  readonly #options: RollupReaderOptions;

  constructor(options: RollupReaderOptions) {
    this.#options = options;
    this.#source = new PartSource(options, options.maxBytes);
  }

  metrics(query: MetricsQuery): MetricsAnswer {
    const beganMs = performance.now();
    const kept = this.#kept();
    const columns = columnsOf(query, kept);
    const { startMs, stepMs, count, level } = columns;
    const { sinceMs, ...covered } = this.#covered(startMs);
    const series = seriesOfAll(query.selections, {
      columns,
      parts: () => this.#source.read(spanOf(columns), level),
      covered: { fromMs: sinceMs ?? Infinity, toMs: kept.nowMs },
      filters: query.filters,
      rows: new SharedRows(columns),
      room: new Room(this.#options.roomForGroups),
    });
    return {
      startMs,
      stepMs,
      columns: count,
      metrics: query.selections.map(({ name, groupBy }, index) => ({
        name,
        unit: metrics[name].unit,
        groupBy,
        series: series[index] ?? [],
      })),
      ...covered,
      tookMs: performance.now() - beganMs,
    };
  }

  usage(query: UsageQuery): UsageAnswer {
    const level = levelOf(query.fromMs, query.toMs - query.fromMs, this.#kept());
    const wholeMs = levelMs[level];
    const fromMs = Math.floor(query.fromMs / wholeMs) * wholeMs;
    const toMs = Math.ceil(query.toMs / wholeMs) * wholeMs;
    const span = { fromMs, toMs };
    const view = viewUsage(query, this.#source.read(span, level), span);
    return { from: isoTime(fromMs), to: isoTime(toMs), ...view, complete: this.#covered(fromMs).complete };
  }

  /** @param resourceGroups undefined: of all */
  traffic(window: TrafficWindow, resourceGroups?: readonly string[]): TrafficAnswer {
    const { wallMs } = this.#options;
    const nowMs = wallMs();
    const buckets = bucketsOf(window, nowMs);
    const { startMs, stepMs, count } = buckets;
    const level = this.#windowLevel(window, startMs);
    const { sinceMs, ...covered } = this.#covered(startMs);
    const parts = this.#source.read({ fromMs: startMs, toMs: startMs + count * stepMs }, level);
    const before = this.#before(window, startMs, nowMs);
    return {
      ...this.#window(window, startMs, nowMs),
      ...covered,
      buckets,
      ...viewTraffic(parts, buckets, resourceGroups),
      previous:
        sinceMs === null || sinceMs > before.fromMs
          ? null
          : viewPrevious(this.#source.read(before, before.level), before, resourceGroups),
    };
  }

  /** As much time before the window as it has had, in whole cells. */
  #before(window: TrafficWindow, startMs: number, nowMs: number): Span & { readonly level: RollupLevel } {
    const level = this.#windowLevel(window, startMs - (nowMs - startMs));
    const cells = Math.floor((nowMs - startMs) / levelMs[level]);
    const toMs = slotOf(level, startMs);
    return { fromMs: toMs - cells * levelMs[level], toMs, level };
  }

  /** @param resourceGroups undefined: of all that the Model API has been in */
  way(
    api: string,
    window: TrafficWindow,
    resourceGroups?: readonly string[],
  ): Omit<WayAnswer, "lastExchanges"> {
    const filters: MetricFilter[] = [
      { dimension: "api", not: false, values: [api] },
      ...groupFilters(resourceGroups),
    ];
    const nowMs = this.#options.wallMs();
    const { startMs, stepMs, count } = bucketsOf(window, nowMs);
    const span = { fromMs: startMs, toMs: startMs + count * stepMs };
    const { sinceMs: _since, ...covered } = this.#covered(startMs);
    const level = this.#windowLevel(window, startMs);
    return {
      ...this.#window(window, startMs, nowMs),
      ...covered,
      api,
      rate: this.#rate(filters, nowMs),
      ...viewWay(this.#source.read(span, level), span, filters),
    };
  }

  /** Exchanges a second over the last minute; of the ten seconds with which it begins the part that is in it. */
  #rate(filters: readonly MetricFilter[], nowMs: number): number {
    const slotMs = levelMs["10s"];
    const fromMs = nowMs - levelMs["1m"];
    const firstMs = Math.floor(fromMs / slotMs) * slotMs;
    const span = { fromMs: firstMs, toMs: nowMs + 1 };
    const filter = new RowFilter(filters, span);
    let requests = 0;
    for (const cells of this.#source.read(span, "10s")) {
      const inSlot = columnIn(cells, { startMs: firstMs, stepMs: slotMs });
      const counts = cells.sum(sumIndex.requests);
      for (const row of filter.rowsOf(cells))
        requests += (inSlot(row) === 0 ? (firstMs + slotMs - fromMs) / slotMs : 1) * (counts?.[row] ?? 0);
    }
    return requests / 60;
  }

  /** Where minutes are gone, hours stand in for them. */
  #windowLevel(window: TrafficWindow, startMs: number): RollupLevel {
    const level = windowLevels[window];
    return startMs < this.#source.minutesSinceMs ? "1h" : level;
  }

  #window(
    window: TrafficWindow,
    startMs: number,
    nowMs: number,
  ): Pick<TrafficAnswer, "window" | "from" | "to"> {
    return { window, from: isoTime(startMs), to: isoTime(nowMs) };
  }

  #kept(): Kept {
    return { nowMs: this.#options.wallMs(), minutesSinceMs: this.#source.minutesSinceMs };
  }

  #covered(startMs: number): {
    readonly complete: boolean;
    readonly since: string | null;
    readonly sinceMs: number | null;
  } {
    const sinceMs = this.#source.oldestMs;
    return {
      complete: this.#options.caughtUp() && sinceMs !== null && sinceMs <= startMs,
      since: sinceMs === null ? null : isoTime(sinceMs),
      sinceMs,
    };
  }
}
