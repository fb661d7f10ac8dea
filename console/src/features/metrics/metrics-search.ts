// What the address of the metrics holds: view, time, filters, selection. Small: every page loads it.

export const views = ["summary", "traffic", "latency", "tokens", "routing", "protection"] as const;
export type MetricsView = (typeof views)[number];

export const ranges = ["15m", "1h", "6h", "24h", "7d", "30d"] as const;
export type MetricsRange = (typeof ranges)[number];

/** Dimensions that a chip filters by, in the order of the chips. */
export const filterNames = [
  "api",
  "route",
  "service",
  "model",
  "consumer",
  "resourceGroup",
  "stream",
  "status",
] as const;
export type FilterName = (typeof filterNames)[number];

export type Filters = { readonly [Name in FilterName]?: readonly string[] };

export type MetricsSearch = {
  view?: MetricsView;
  range?: MetricsRange;
  /** An own span, milliseconds since 1970; comes before `range`. */
  from?: number;
  to?: number;
  /** Selected on the charts. */
  markFrom?: number;
  markTo?: number;
  compare?: boolean;
  /** Seconds between two readings. */
  refresh?: 10 | 60;
  utc?: boolean;
} & { [Name in FilterName]?: string[] };

/** Reads it; what it cannot be is left out. */
export function readMetricsSearch(search: Record<string, unknown>): MetricsSearch {
  const read: MetricsSearch = {};
  const { from, to, markFrom, markTo, refresh } = search;
  const view = views.find((each) => each === search["view"]);
  const range = ranges.find((each) => each === search["range"]);
  if (view !== undefined) read.view = view;
  if (isSpan(from, to)) Object.assign(read, { from, to });
  else if (range !== undefined) read.range = range;
  if (isSpan(markFrom, markTo)) Object.assign(read, { markFrom, markTo });
  if (search["compare"] === true) read.compare = true;
  if (refresh === 10 || refresh === 60) read.refresh = refresh;
  if (search["utc"] === true) read.utc = true;
  for (const name of filterNames) {
    const values = search[name];
    if (Array.isArray(values) && values.length > 0) read[name] = values.map(String);
    else if (typeof values === "string" || typeof values === "number") read[name] = [String(values)];
  }
  return read;
}

function isSpan(from: unknown, to: unknown): boolean {
  return typeof from === "number" && typeof to === "number" && from < to;
}
