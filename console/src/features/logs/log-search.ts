// What the address of the log explorer holds: query, span of time, open exchange. Small: every page loads it.

export interface LogSearch {
  /** The query bar's text. */
  q?: string;
  /** Relative span such as `1h`; stays relative. */
  range?: string;
  /** Own span, milliseconds since 1970. */
  from?: number;
  to?: number;
  /** Request id of the exchange that is open beside the list. */
  log?: string;
  /** Open part of its content. */
  tab?: string;
  /** Whether new exchanges are shown as they come. */
  follow?: boolean;
}

/** Reads it; what it cannot be is left out. */
export function readLogSearch(search: Record<string, unknown>): LogSearch {
  const read: LogSearch = {};
  const { q, range, from, to, log, tab, follow } = search;
  // A query of digits alone comes as a number.
  if ((typeof q === "string" && q !== "") || typeof q === "number") read.q = String(q);
  if (typeof range === "string") read.range = range;
  if (typeof from === "number" && typeof to === "number" && from < to) Object.assign(read, { from, to });
  if ((typeof log === "string" && log !== "") || typeof log === "number") read.log = String(log);
  if (typeof tab === "string") read.tab = tab;
  if (follow === true) read.follow = true;
  return read;
}
