// What a chart shows, as data: series over equal columns of time; stacked, read, told as a sentence, as rows. Pure.
import type { MetricUnit } from "../../../../src/control/routes/console-answers.ts";

/** Token of a colour: `c1` to `c8`, `rest`, or that of a state. */
export type ChartColour =
  | "c1"
  | "c2"
  | "c3"
  | "c4"
  | "c5"
  | "c6"
  | "c7"
  | "c8"
  | "rest"
  | "ink-3"
  | "ok"
  | "bad";

export interface ChartSeries {
  readonly key: string;
  readonly name: string;
  readonly colour: ChartColour;
  /** One per column; null = nothing was measured. */
  readonly values: readonly (number | null)[];
  /** Of another time, or wanted instead of measured. Never stacked. */
  readonly dashed?: boolean;
  /** Of another time: all of these have one place in the legend. */
  readonly past?: boolean;
}

/** A row of a heat map: how many were at most this long. */
export interface HeatRow {
  readonly upperMs: number;
  readonly values: readonly (number | null)[];
}

export type ChartKind = "lines" | "area" | "bars" | "heat";

/** A moment with a name: a dotted vertical. */
export interface ChartMark {
  readonly ms: number;
  readonly text: string;
}

export interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ChartPicture {
  readonly kind: ChartKind;
  readonly unit: MetricUnit;
  readonly startMs: number;
  readonly stepMs: number;
  readonly columns: number;
  readonly series: readonly ChartSeries[];
  readonly heat?: readonly HeatRow[];
  /** False: the axis begins near the least value. */
  readonly fromZero?: boolean;
  /** Largest value that there can be, such as 1 of a share. */
  readonly most?: number;
  readonly marks?: readonly ChartMark[];
  readonly threshold?: number;
  /** Times that are shaded, such as those at which an alert fires. */
  readonly fired?: readonly TimeRange[];
}

export const endOf = ({ startMs, stepMs, columns }: ChartPicture): number => startMs + stepMs * columns;

/** The column at a time; null outside. */
export function columnAt({ startMs, stepMs, columns }: ChartPicture, ms: number): number | null {
  const column = Math.floor((ms - startMs) / stepMs);
  return column >= 0 && column < columns ? column : null;
}

/** Widened to whole columns, within the picture. */
export function wholeColumns(picture: ChartPicture, { fromMs, toMs }: TimeRange): TimeRange {
  const { startMs, stepMs } = picture;
  const from = Math.max(0, Math.floor((fromMs - startMs) / stepMs));
  const to = Math.min(picture.columns, Math.max(from + 1, Math.ceil((toMs - startMs) / stepMs)));
  return { fromMs: startMs + from * stepMs, toMs: startMs + to * stepMs };
}

/** Each series on top of those before it. Where nothing at all was measured stays a gap. */
export function stacked(series: readonly ChartSeries[]): readonly (readonly (number | null)[])[] {
  const below: (number | null)[] = (series[0]?.values ?? []).map((_, column) =>
    series.every(({ values }) => (values[column] ?? null) === null) ? null : 0,
  );
  return series.map(({ values }) =>
    below.map((base, column) => {
      if (base === null) return null;
      const sum = base + (values[column] ?? 0);
      below[column] = sum;
      return sum;
    }),
  );
}

/** Least and largest value that is drawn; null when nothing was measured. */
export function extent(lines: readonly (readonly (number | null)[])[]): [least: number, most: number] | null {
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (const line of lines) {
    for (const value of line) {
      if (value === null) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  return most === Number.NEGATIVE_INFINITY ? null : [least, most];
}

/** Whether there is anything to draw. */
export function hasValues({ series, heat }: ChartPicture): boolean {
  if (heat !== undefined) return heat.some(({ values }) => values.some((value) => (value ?? 0) > 0));
  return series.some(({ values, dashed }) => dashed !== true && values.some((value) => value !== null));
}

export interface Reading {
  readonly key: string;
  readonly name: string;
  readonly colour: ChartColour;
  readonly value: number | null;
  readonly dashed: boolean;
}

/** Values of all series in a column. */
export function readingsAt({ series }: ChartPicture, column: number): readonly Reading[] {
  return series.map(({ key, name, colour, values, dashed = false }) => ({
    key,
    name,
    colour,
    dashed,
    value: values[column] ?? null,
  }));
}

export interface HeatReading {
  readonly count: number;
  /** Bounds of the fullest bucket. */
  readonly mostAt: number;
}

/** How many a column of a heat map holds, and where most of them are. */
export function heatAt(heat: readonly HeatRow[], column: number): HeatReading | null {
  let count = 0;
  let most = 0;
  let mostAt = 0;
  for (const { upperMs, values } of heat) {
    const value = values[column] ?? 0;
    count += value;
    if (value > most) [most, mostAt] = [value, upperMs];
  }
  return count === 0 ? null : { count, mostAt };
}

/** A text that a spreadsheet takes for a text, whatever it begins with. */
function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text;
  return /[",\n\r]/u.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** @param head titles of the columns @param rows texts as they are, numbers unformatted */
export function csvOf(
  head: readonly string[],
  rows: readonly (readonly (string | number | null)[])[],
): string {
  const lines = [head.map(csvCell), ...rows.map((row) => row.map((cell) => cellText(cell)))];
  return `${lines.map((line) => line.join(",")).join("\r\n")}\r\n`;
}

function cellText(cell: string | number | null): string {
  if (cell === null) return "";
  return typeof cell === "number" ? String(cell) : csvCell(cell);
}

/** One line per column: its time in UTC, then every series, or every bucket of a heat map. */
export function csvOfPicture(picture: ChartPicture, timeHead: string): string {
  const lines =
    picture.heat === undefined
      ? picture.series.map(({ name, values }) => ({ name, values }))
      : picture.heat.map(({ upperMs, values }) => ({ name: `<= ${upperMs} ms`, values }));
  return csvOf(
    [timeHead, ...lines.map(({ name }) => name)],
    Array.from({ length: picture.columns }, (_, column) => [
      new Date(picture.startMs + column * picture.stepMs).toISOString(),
      ...lines.map(({ values }) => values[column] ?? null),
    ]),
  );
}
