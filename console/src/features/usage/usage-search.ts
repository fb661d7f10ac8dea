// What the address of the usage holds: how it is grouped, which time, what is left out. Small: every page loads it.

export const usageGroups = ["api", "model", "consumer", "service", "resourceGroup"] as const;
export type UsageGroup = (typeof usageGroups)[number];

export const usageRanges = ["24h", "7d", "30d", "month", "lastMonth"] as const;
export type UsageRange = (typeof usageRanges)[number];

export type UsageSearch = {
  by?: UsageGroup[];
  range?: UsageRange;
  /** An own span, milliseconds since 1970; comes before `range`. */
  from?: number;
  to?: number;
} & { [Name in UsageGroup]?: string[] };

/** Reads it; what it cannot be is left out. */
export function readUsageSearch(search: Record<string, unknown>): UsageSearch {
  const read: UsageSearch = {};
  const { by, from, to } = search;
  const wanted = usageGroups.filter((group) => Array.isArray(by) && by.includes(group));
  if (wanted.length > 0) read.by = wanted;
  const range = usageRanges.find((each) => each === search["range"]);
  if (typeof from === "number" && typeof to === "number" && from < to) Object.assign(read, { from, to });
  else if (range !== undefined) read.range = range;
  for (const name of usageGroups) {
    const values = search[name];
    if (Array.isArray(values) && values.length > 0) read[name] = values.map(String);
  }
  return read;
}
