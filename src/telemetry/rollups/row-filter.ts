// Which rows of a part a question means, and which of its series each belongs to: decided for every value of a dimension
// once, then looked up by code. Knows no sums.
import type { MetricDimension } from "../../core/metric-names.ts";
import { compilePattern } from "../../lib/wildcard.ts";
import type { MetricFilter } from "../metrics-answers.ts";
import type { CellColumns, Column } from "./cell-codec.ts";
import { dimensionIndex, type CellDimension } from "./cell-layout.ts";

/** `reason` is none of a cell's: the way has it. */
export type RowDimension = Exclude<MetricDimension, "reason">;

export function isRowDimension(dimension: MetricDimension): dimension is RowDimension {
  return dimension !== "reason";
}

const none = new Uint8Array();

function columnOf(
  columns: CellColumns,
  dimension: RowDimension,
): { texts: readonly string[]; codes: Column } {
  const name: CellDimension = dimension === "statusClass" ? "status" : dimension;
  const { texts, codes } = columns.dimensions[dimensionIndex[name]] ?? { texts: [], codes: none };
  return { texts: dimension === "statusClass" ? texts.map(statusClassOf) : texts, codes };
}

function statusClassOf(status: string): string {
  return `${status.charAt(0)}xx`;
}

export function matcherOf({ values, not }: Pick<MetricFilter, "values" | "not">): (text: string) => boolean {
  const patterns = values.map(compilePattern);
  return (text) => patterns.some(({ matches }) => matches(text)) !== not;
}

/** Rows that meet every filter. */
export class RowFilter {
  readonly #filters: readonly {
    readonly dimension: RowDimension;
    readonly matches: (text: string) => boolean;
  }[];

  constructor(filters: readonly MetricFilter[]) {
    this.#filters = filters.flatMap((filter) =>
      isRowDimension(filter.dimension) ? [{ dimension: filter.dimension, matches: matcherOf(filter) }] : [],
    );
  }

  rowsOf(columns: CellColumns): Uint32Array {
    const rows = new Uint32Array(columns.rows);
    for (let row = 0; row < rows.length; row += 1) rows[row] = row;
    let length = rows.length;
    for (const { dimension, matches } of this.#filters) {
      const { texts, codes } = columnOf(columns, dimension);
      const fits = Uint8Array.from(texts, (text) => (matches(text) ? 1 : 0));
      if (!fits.includes(0)) continue;
      let kept = 0;
      for (let at = 0; at < length; at += 1) {
        const row = rows[at] ?? 0;
        if (fits[codes[row] ?? 0] !== 1) continue;
        rows[kept] = row;
        kept += 1;
      }
      length = kept;
    }
    return rows.subarray(0, length);
  }
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
    for (const [at, row] of rows.entries()) {
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
