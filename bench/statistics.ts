// Median, lowest and highest over the rounds, and ratios taken inside a round.
// It must not know what the figures mean.

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One figure of one round; null where the measurement failed. */
export type RoundValue = number | null;

/** Over the rounds that gave a figure; null if none did. */
export function spread(values: readonly RoundValue[]): Spread | null {
  const sorted = values.filter((value) => value !== null).toSorted((left, right) => left - right);
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return null;
  const upper = sorted[sorted.length >> 1] ?? max;
  const lower = sorted[(sorted.length - 1) >> 1] ?? min;
  return { median: (lower + upper) / 2, min, max };
}

/**
 * Value over base, round by round: neighbours on the machine disturb both sides of one round alike,
 * so a ratio says more than its two absolute figures. Null where either side is missing or the base is not positive.
 */
export function ratios(values: readonly RoundValue[], base: readonly RoundValue[]): RoundValue[] {
  return values.map((value, round) => {
    const under = base[round] ?? null;
    return value === null || under === null || under <= 0 ? null : value / under;
  });
}
