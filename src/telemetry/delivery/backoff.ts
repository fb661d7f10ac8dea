// How long to wait before the next try. Pure.

const firstMs = 500;
const mostMs = 30_000;
/** While somebody must change something, tries are only to find out whether that was done. */
const firstRefusedMs = 15_000;
const mostRefusedMs = 120_000;

/**
 * Doubles with every failure in a row, and spreads over half of itself, so that many senders do not come back together.
 * @param failures in a row, from 1
 * @param random 0 to 1
 */
export function waitMs(kind: "later" | "refused", failures: number, random: number): number {
  const [first, most] = kind === "later" ? [firstMs, mostMs] : [firstRefusedMs, mostRefusedMs];
  const full = Math.min(most, first * 2 ** Math.min(failures - 1, 30));
  return full / 2 + (full / 2) * random;
}
