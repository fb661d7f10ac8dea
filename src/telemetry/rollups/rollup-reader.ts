// Answers what is asked of counts, from the cells of the partitions and those that are still open.
import { metrics } from "../../core/metric-names.ts";
import { isoTime } from "../../lib/iso-time.ts";
import type {
  MetricAnswer,
  MetricsAnswer,
  MetricSelection,
  MetricsQuery,
  UsageAnswer,
  UsageQuery,
} from "../metrics-answers.ts";
import { attemptSeries, needsWays } from "./attempt-series.ts";
import { seriesOf, type MetricScope } from "./metric-series.ts";
import { columnsOf, levelOf, type Kept } from "./metric-span.ts";
import { makings } from "./metric-table.ts";
import { PartSource, type RollupSources } from "./part-source.ts";
import { levelMs } from "./rollup-levels.ts";
import { viewUsage } from "./usage-view.ts";

export interface RollupReaderOptions extends RollupSources {
  readonly wallMs: () => number;
  /** Whether every record that is there has been added. */
  readonly caughtUp: () => boolean;
  /** What is kept of cells that have been read. */
  readonly maxBytes?: number;
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
    const { startMs, stepMs, count } = columns;
    const span = { fromMs: startMs, toMs: startMs + count * stepMs };
    const { sinceMs, ...covered } = this.#covered(startMs);
    const scope: MetricScope = {
      columns,
      parts: () => this.#source.read(span, columns.level),
      covered: { fromMs: sinceMs ?? Infinity, toMs: kept.nowMs },
      filters: query.filters,
    };
    return {
      startMs,
      stepMs,
      columns: count,
      metrics: query.selections.map((selection) => answerOf(selection, scope)),
      ...covered,
      tookMs: performance.now() - beganMs,
    };
  }

  usage(query: UsageQuery): UsageAnswer {
    const level = levelOf(query.fromMs, query.toMs - query.fromMs, this.#kept());
    const wholeMs = levelMs[level];
    const fromMs = Math.floor(query.fromMs / wholeMs) * wholeMs;
    const toMs = Math.ceil(query.toMs / wholeMs) * wholeMs;
    const view = viewUsage(query, this.#source.read({ fromMs, toMs }, level));
    return { from: isoTime(fromMs), to: isoTime(toMs), ...view, complete: this.#covered(fromMs).complete };
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

/** @throws RangeError when a filter or a grouping is none of the metric's */
function answerOf(selection: MetricSelection, scope: MetricScope): MetricAnswer {
  const { name, groupBy } = selection;
  const ways = needsWays(selection, scope.filters);
  if (ways && name !== "attempts" && name !== "fallbacks")
    throw new RangeError(`reason is a dimension of attempts and fallbacks, not of ${name}`);
  return {
    name,
    unit: metrics[name].unit,
    groupBy,
    series: ways ? attemptSeries(selection, scope) : seriesOf(selection, makings[name], scope),
  };
}
