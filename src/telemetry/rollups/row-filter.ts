// Which rows of a part a question means, and which of its series each belongs to: decided for every value of a dimension
// once, then looked up by code. Knows no sums.
import type { MetricDimension } from "../../core/metric-names.ts";
import { compilePattern } from "../../lib/wildcard.ts";
import type { MetricFilter } from "../metrics-answers.ts";
import type { CellColumns, Column, TextColumn } from "./cell-codec.ts";
import { dimensionIndex, type CellDimension } from "./cell-layout.ts";
import type { Span } from "./part-source.ts";

/** `reason` is none of a cell's: the way has it. */
export type RowDimension = Exclude<MetricDimension, "reason">;

export function isRowDimension(dimension: MetricDimension): dimension is RowDimension {
  return dimension !== "reason";
}

function columnOf(columns: CellColumns, dimension: RowDimension): TextColumn {
  const name: CellDimension = dimension === "statusClass" ? "status" : dimension;
  const { texts, codes } = columns.dimension(dimensionIndex[name]);
  return { texts: dimension === "statusClass" ? texts.map(statusClassOf) : texts, codes };
}

function statusClassOf(status: string): string {
  return `${status.charAt(0)}xx`;
}

export function matcherOf({ values, not }: Pick<MetricFilter, "values" | "not">): (text: string) => boolean {
  const patterns = values.map(compilePattern);
  // Names may be asked for by the thousand: the members of a consumer group.
  const exact = new Set(patterns.filter((pattern) => pattern.exact).map(({ source }) => source));
  const others = patterns.filter((pattern) => !pattern.exact);
  return (text) => (exact.has(text) || others.some(({ matches }) => matches(text))) !== not;
}

/** Rows of a time that meet every filter. */
export class RowFilter {
  readonly #filters: readonly {
    readonly dimension: RowDimension;
    readonly matches: (text: string) => boolean;
  }[];

  readonly #span: Span;

  constructor(filters: readonly MetricFilter[], span: Span) {
    this.#span = span;
    this.#filters = filters.flatMap((filter) =>
      isRowDimension(filter.dimension) ? [{ dimension: filter.dimension, matches: matcherOf(filter) }] : [],
    );
  }

  rowsOf(columns: CellColumns): Uint32Array {
    const rows = new Uint32Array(columns.rows);
    for (let row = 0; row < rows.length; row += 1) rows[row] = row;
    const { fromMs, toMs } = this.#span;
    const within = Uint8Array.from(columns.slotsMs, (ms) => (ms >= fromMs && ms < toMs ? 1 : 0));
    let kept = keepFitting(rows, columns.dimension(dimensionIndex.slot).codes, within);
    for (const { dimension, matches } of this.#filters) {
      const { texts, codes } = columnOf(columns, dimension);
      kept = keepFitting(
        kept,
        codes,
        Uint8Array.from(texts, (text) => (matches(text) ? 1 : 0)),
      );
    }
    return kept;
  }
}

/** @param fits by code, 1 or 0 */
function keepFitting(rows: Uint32Array, codes: Column, fits: Uint8Array): Uint32Array {
  if (!fits.includes(0)) return rows;
  if (!fits.includes(1)) return rows.subarray(0, 0);
  let kept = 0;
  for (let at = 0; at < rows.length; at += 1) {
    const row = rows[at] ?? 0;
    if (fits[codes[row] ?? 0] !== 1) continue;
    rows[kept] = row;
    kept += 1;
  }
  return rows.subarray(0, kept);
}

/** Numbers of the groups that rows fall into, the same in every part. */
export class RowGroups {
  readonly #groupBy: readonly RowDimension[];
  readonly #numbers = new Map<string, number>();
  /** Values of the dimensions, by group. */
  readonly labels: (readonly string[])[] = [];

  constructor(groupBy: readonly RowDimension[]) {
    this.#groupBy = groupBy;
    if (groupBy.length === 0) this.#numberOf([]);
  }

  /** The group of each of the rows. */
  groupsOf(columns: CellColumns, rows: Uint32Array): Int32Array {
    const groups = new Int32Array(rows.length);
    const [first, second] = this.#groupBy.map((dimension) => columnOf(columns, dimension));
    if (first === undefined) return groups;
    const width = second?.texts.length ?? 1;
    const known = new Int32Array(first.texts.length * width).fill(-1);
    for (let at = 0; at < rows.length; at += 1) {
      const row = rows[at] ?? 0;
      const firstCode = first.codes[row] ?? 0;
      const secondCode = second?.codes[row] ?? 0;
      const place = firstCode * width + secondCode;
      let group = known[place] ?? -1;
      if (group < 0) {
        const texts = [first.texts[firstCode] ?? ""];
        if (second !== undefined) texts.push(second.texts[secondCode] ?? "");
        group = this.#numberOf(texts);
        known[place] = group;
      }
      groups[at] = group;
    }
    return groups;
  }

  #numberOf(texts: readonly string[]): number {
    const name = texts.join("\u0000");
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const number = this.labels.length;
    this.labels.push(texts);
    this.#numbers.set(name, number);
    return number;
  }
}

/** Gives the column of a row's time. */
export function columnIn(
  columns: CellColumns,
  { startMs, stepMs }: { readonly startMs: number; readonly stepMs: number },
): (row: number) => number {
  const byCode = columns.slotsMs.map((ms) => Math.floor((ms - startMs) / stepMs));
  const { codes } = columns.dimension(dimensionIndex.slot);
  return (row) => byCode[codes[row] ?? 0] ?? 0;
}
