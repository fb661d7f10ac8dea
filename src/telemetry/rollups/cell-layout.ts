// What a cell of the roll-ups holds: the dimensions of its series, its sums, its histograms. Names and order only.

/** `way` is the text of `way-text.ts`: where the exchange ended, and what was tried. */
const seriesDimensions = [
  "api",
  "route",
  "service",
  "model",
  "requestedModel",
  "consumer",
  "resourceGroup",
  "stream",
  "status",
  "outcome",
  "errorCode",
  "way",
] as const;

/** `slot`: beginning of the time of the cell, milliseconds since 1970. */
export const cellDimensions = [...seriesDimensions, "slot"] as const;

export type CellDimension = (typeof cellDimensions)[number];

/** Values of a series: all dimensions in their order but `slot`. */
export type SeriesTexts = readonly string[];

export const cellSums = [
  "requests",
  "succeeded",
  "estimated",
  "inputTokens",
  "cachedInputTokens",
  "cacheWriteTokens",
  "outputTokens",
  "reasoningTokens",
  "images",
  "seconds",
  "characters",
  "costUsd",
  "fallbacks",
  "recovered",
  "attempts",
  "cacheHits",
  "cacheMisses",
  /** Not a sum but the latest: start of the last exchange, milliseconds since 1970. */
  "lastStartMs",
  "savedInputTokens",
  "savedOutputTokens",
  "savedCostUsd",
] as const;

export type CellSum = (typeof cellSums)[number];

/** Counts by bucket of `log-buckets.ts`. `targetTtft`: of the target that was chosen first, where it answered. */
export const cellHistograms = ["duration", "ttft", "overhead", "speed", "targetTtft"] as const;

export type CellHistogram = (typeof cellHistograms)[number];

export const sumIndex = indexOf(cellSums);
export const dimensionIndex = indexOf(cellDimensions);
export const histogramIndex = indexOf(cellHistograms);

function indexOf<Name extends string>(names: readonly Name[]): Readonly<Record<Name, number>> {
  // Every name is a key by the line before.
  return Object.fromEntries(names.map((name, index) => [name, index])) as Record<Name, number>;
}
