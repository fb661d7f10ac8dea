// What both forms of the Way are drawn with: the shapes, and how wide a count is. Knows no settings.
import type { WayPicture } from "./way-picture.ts";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Box extends Point {
  readonly w: number;
  readonly h: number;
}

export interface Line {
  readonly d: string;
  readonly width: number;
}

export interface ColouredLine extends Line {
  /** Place in the chart colours; -1 for the rest. */
  readonly colour: number;
}

/** A red thread of what was stopped before a gate. */
export interface Thread extends Line {
  /** Index of the gate. */
  readonly gate: number;
  /** Where it ends, and its words begin. */
  readonly end: Point;
}

export interface WayLayout {
  readonly form: "wide" | "tall";
  readonly width: number;
  readonly height: number;
  readonly radius: number;
  /** Distance of two gates. */
  readonly gap: number;
  readonly gates: readonly Point[];
  readonly reply: Point;
  /** Walls of the gates that are on. */
  readonly walls: string;
  readonly bands: readonly Line[];
  readonly splits: readonly ColouredLine[];
  readonly joins: readonly ColouredLine[];
  /** What failed at a target, on its way to the first fallback, and from one fallback to the next. */
  readonly fails: readonly Line[];
  /** Where failures end when no fallback is set. */
  readonly lost: Point | null;
  /** What a fallback served. */
  readonly returns: readonly Line[];
  readonly threads: readonly Thread[];
  readonly targets: readonly Box[];
  readonly fallbacks: readonly Box[];
  /** Where "n failed, sent on" is written. */
  readonly sentOn: Point | null;
  /** One way from end to end for each target, for the dots. */
  readonly dots: readonly { readonly d: string; readonly weight: number }[];
}

export const leastWidth = 1.5;

/** Linear in the count; `full` px are all that arrived. Without records everything is a fine line. */
export function widthOf(count: number | null, arrived: number | null, full: number): number {
  if (count === null || arrived === null || arrived === 0) return leastWidth;
  return Math.max(leastWidth, round((count / arrived) * full));
}

/** Centres of lines that lie side by side, from `start` on. */
export function stacked(widths: readonly number[], start: number, direction: 1 | -1 = 1): number[] {
  let at = start;
  return widths.map((width) => {
    const centre = at + (direction * width) / 2;
    at += direction * width;
    return round(centre);
  });
}

/** Threads show that something is there: between least and most px, by its share of the largest. */
export function threadWidth(count: number, largest: number, least: number, most: number): number {
  return largest === 0 ? least : round(least + (count / largest) * (most - least));
}

export function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0);
}

export function stoppedAt(gate: WayPicture["gates"][number]): number {
  return total(gate.stops.map(({ count }) => count));
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
