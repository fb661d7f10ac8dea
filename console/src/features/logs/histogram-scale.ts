// Columns of the histogram as heights and times, and a selection of them as a span. Pure.
import type { LogHistogram } from "../../../../src/control/routes/console-answers.ts";
import type { Bounds } from "./time-range.ts";

export interface Column {
  readonly startMs: number;
  readonly endMs: number;
  readonly succeeded: number;
  readonly refused: number;
  readonly failed: number;
}

export const totalOf = ({ succeeded, refused, failed }: Column): number => succeeded + refused + failed;

export function columnsOf({ startMs, stepMs, succeeded, refused, failed }: LogHistogram): Column[] {
  return succeeded.map((count, index) => ({
    startMs: startMs + index * stepMs,
    endMs: startMs + (index + 1) * stepMs,
    succeeded: count,
    refused: refused[index] ?? 0,
    failed: failed[index] ?? 0,
  }));
}

export function highest(columns: readonly Column[]): number {
  return columns.reduce((most, column) => Math.max(most, totalOf(column)), 1);
}

/** Index of the column at a share of the width. */
export function columnAt(share: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(share * count)));
}

/** The span of two columns, whichever comes first, within what is shown. */
export function spanBetween(
  columns: readonly Column[],
  one: number,
  other: number,
  bounds: Bounds,
): Bounds | undefined {
  const first = columns[Math.min(one, other)];
  const last = columns[Math.max(one, other)];
  if (first === undefined || last === undefined) return undefined;
  return {
    fromMs: Math.max(first.startMs, bounds.fromMs),
    toMs: Math.max(Math.min(last.endMs, bounds.toMs), first.startMs + 1),
  };
}

/** How many exchanges lie in a selection. */
export function countBetween(columns: readonly Column[], one: number, other: number): number {
  return columns
    .slice(Math.min(one, other), Math.max(one, other) + 1)
    .reduce((sum, column) => sum + totalOf(column), 0);
}
