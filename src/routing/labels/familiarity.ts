// How far a prompt is like labelled ones: how near its nearest are, beside how near labelled prompts are to each other.

/** How many nearest prompts are asked. */
export const familiarNeighbours = 10;
/** From so many labelled prompts on, less alike ones are familiar too: the table covers more of what comes. */
const manyPrompts = 1_000;
const bounds = { few: { low: 0.2, high: 0.6 }, many: { low: 0.05, high: 0.25 } };

export interface FamiliarityScale {
  readonly promptCount: number;
  /** Nearness of labelled prompts, by percentile; empty: too few to tell, so nothing is familiar. */
  readonly percentiles: Float32Array;
}

/** @param nearness mean similarity to the nearest (`familiarNeighbours`) */
export function familiarity({ promptCount, percentiles }: FamiliarityScale, nearness: number): number {
  if (percentiles.length === 0) return 0;
  const { low, high } = promptCount < manyPrompts ? bounds.few : bounds.many;
  return Math.max(0, Math.min(1, (shareBelow(percentiles, nearness) - low) / (high - low)));
}

/** Share of ascending values below one, 0 to 1, with straight lines between them. */
function shareBelow(values: Float32Array, value: number): number {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  if (low === 0) return 0;
  if (low === values.length) return 1;
  const before = values[low - 1] ?? 0;
  const after = values[low] ?? 0;
  return (low - 1 + (value - before) / (after - before)) / (values.length - 1);
}
