// How well a score sends prompts to the strong one of two models: quality against the share of strong calls. Knows no router.
import { randomStream } from "../lab/random.ts";

export interface Pair {
  readonly score: number;
  readonly weak: number;
  readonly strong: number;
}

export interface PairMeasures {
  /** Mean share of the gap in quality that is won back, over all shares of strong calls; 0.5: at random. */
  readonly apgr: number;
  /** Least share of strong calls, 0 to 1, that wins back half of the gap; 0.8 of it. */
  readonly cpt50: number;
  readonly cpt80: number;
}

export interface CurvePoint {
  readonly strongShare: number;
  readonly quality: number;
}

/** The highest scores go to the strong model first; prompts of the same score are mixed evenly. */
function ordered(pairs: readonly Pair[]): readonly Pair[] {
  const random = randomStream(20_240);
  return pairs
    .map((pair) => ({ pair, tie: random() }))
    .toSorted((left, right) => right.pair.score - left.pair.score || left.tie - right.tie)
    .map(({ pair }) => pair);
}

export function measurePairs(pairs: readonly Pair[]): PairMeasures {
  return measureOrdered(ordered(pairs), undefined);
}

function measureOrdered(pairs: readonly Pair[], counts: Uint16Array | undefined): PairMeasures {
  let gap = 0;
  let total = 0;
  for (let at = 0; at < pairs.length; at += 1) {
    const count = counts?.[at] ?? 1;
    const pair = pairs[at];
    if (pair === undefined) continue;
    total += count;
    gap += count * (pair.strong - pair.weak);
  }
  let gained = 0;
  let area = 0;
  let sent = 0;
  let cpt50 = 1;
  let cpt80 = 1;
  for (let at = 0; at < pairs.length; at += 1) {
    const count = counts?.[at] ?? 1;
    const pair = pairs[at];
    if (pair === undefined || count === 0) continue;
    const before = gained / gap;
    gained += count * (pair.strong - pair.weak);
    sent += count;
    const share = gained / gap;
    area += (count * (before + share)) / 2;
    if (share >= 0.5 && cpt50 === 1) cpt50 = sent / total;
    if (share >= 0.8 && cpt80 === 1) cpt80 = sent / total;
  }
  return { apgr: area / total, cpt50, cpt80 };
}

export function curveOf(pairs: readonly Pair[], points = 100): readonly CurvePoint[] {
  const rows = ordered(pairs);
  let quality = rows.reduce((sum, { weak }) => sum + weak, 0);
  const curve = [{ strongShare: 0, quality: quality / rows.length }];
  let next = 1;
  for (const [at, { weak, strong }] of rows.entries()) {
    quality += strong - weak;
    if (at + 1 < (next * rows.length) / points) continue;
    curve.push({ strongShare: (at + 1) / rows.length, quality: quality / rows.length });
    next += 1;
  }
  return curve;
}

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export type PairIntervals = Readonly<Record<keyof PairMeasures, Interval>>;

/** 95 %, by drawing as many of the rows again and again (Efron). */
export function pairIntervals(pairs: readonly Pair[], draws: number, seed = 1): PairIntervals {
  const rows = ordered(pairs);
  const values = measureOrdered(rows, undefined);
  const random = randomStream(seed);
  const drawn: PairMeasures[] = [];
  for (let draw = 0; draw < draws; draw += 1) drawn.push(measureOrdered(rows, resample(rows.length, random)));
  const interval = (name: keyof PairMeasures): Interval => ({
    value: values[name],
    ...middle(drawn.map((one) => one[name])),
  });
  return { apgr: interval("apgr"), cpt50: interval("cpt50"), cpt80: interval("cpt80") };
}

/** How often each of so many rows was drawn. */
export function resample(length: number, random: () => number): Uint16Array {
  const counts = new Uint16Array(length);
  for (let draw = 0; draw < length; draw += 1) {
    const at = Math.floor(random() * length);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts;
}

/** Where the middle 95 % of the values lie. */
export function middle(values: readonly number[]): { readonly low: number; readonly high: number } {
  const sorted = values.toSorted((left, right) => left - right);
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
  return { low: at(0.025), high: at(0.975) };
}
