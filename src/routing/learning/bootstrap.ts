// How far a figure may be off: its bounds by drawing the same rows again and again. Knows not what is measured.
import { seededRandom } from "../../lib/seeded-random.ts";

export interface Bounded {
  readonly value: number;
  /** With `high` the bounds within which it lies with 95 % probability. */
  readonly low: number;
  readonly high: number;
}

export interface BootstrapOptions {
  readonly seed?: number;
  readonly draws?: number;
}

const usualSeed = 20_261_122;
const usualDraws = 1_000;

/** @param statistic of the rows with these numbers, from 0 to `count - 1`; some stand more than once */
export function bootstrap(
  count: number,
  statistic: (rows: Int32Array) => number,
  { seed = usualSeed, draws = usualDraws }: BootstrapOptions = {},
): Bounded {
  const rows = Int32Array.from({ length: count }, (_, row) => row);
  const value = statistic(rows);
  if (count === 0) return { value, low: value, high: value };
  const random = seededRandom(seed);
  const found = new Float64Array(draws);
  for (let draw = 0; draw < draws; draw += 1) {
    for (let at = 0; at < count; at += 1) rows[at] = Math.floor(random() * count);
    found[draw] = statistic(rows);
  }
  found.sort();
  return { value, low: quantile(found, 0.025), high: quantile(found, 0.975) };
}

/** 0 of no values. */
export function bootstrapMean(values: readonly number[], options: BootstrapOptions = {}): Bounded {
  return bootstrap(values.length, (rows) => meanOf(rows, values), options);
}

function meanOf(rows: Int32Array, values: readonly number[]): number {
  let sum = 0;
  for (const row of rows) sum += values[row] ?? 0;
  return rows.length === 0 ? 0 : sum / rows.length;
}

function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const low = sorted[below] ?? 0;
  const high = sorted[Math.min(below + 1, sorted.length - 1)] ?? low;
  return low + (high - low) * (place - below);
}
