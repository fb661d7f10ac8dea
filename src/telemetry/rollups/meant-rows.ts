// The rows of a part that the selections of one question mean, with the column and the group of each: made once for each
// part, and shared by all selections with the same filters and groups. Knows no sums.
import type { MetricFilter } from "../metrics-answers.ts";
import type { CellColumns } from "./cell-codec.ts";
import { dimensionIndex } from "./cell-layout.ts";
import { spanOf, type Columns } from "./metric-span.ts";
import { RowFilter, RowGroups, type RowDimension } from "./row-filter.ts";

export interface Meant {
  readonly rows: Uint32Array;
  /** Column of the answer, of each of the rows. */
  readonly columns: Uint32Array;
}

export interface Grouped extends Meant {
  readonly groups: Int32Array;
}

/** Rows that meet the filters. What was made last is remembered: parts are looked at one after the other. */
export class MeantRows {
  readonly #filter: RowFilter;
  readonly #columns: Columns;
  #cells: CellColumns | undefined;
  #meant: Meant = { rows: new Uint32Array(), columns: new Uint32Array() };

  constructor(filters: readonly MetricFilter[], columns: Columns) {
    this.#filter = new RowFilter(filters, spanOf(columns));
    this.#columns = columns;
  }

  of(cells: CellColumns): Meant {
    if (cells === this.#cells) return this.#meant;
    const rows = this.#filter.rowsOf(cells);
    this.#cells = cells;
    this.#meant = { rows, columns: this.#columnsOf(cells, rows) };
    return this.#meant;
  }

  #columnsOf(cells: CellColumns, rows: Uint32Array): Uint32Array {
    const { startMs, stepMs } = this.#columns;
    const byCode = cells.slotsMs.map((ms) => Math.floor((ms - startMs) / stepMs));
    const columns = new Uint32Array(rows.length);
    // Most parts hold one time only.
    const [only = 0] = byCode;
    if (byCode.length <= 1) return only === 0 ? columns : columns.fill(only);
    const { codes } = cells.dimension(dimensionIndex.slot);
    for (let at = 0; at < rows.length; at += 1) columns[at] = byCode[codes[rows[at] ?? 0] ?? 0] ?? 0;
    return columns;
  }
}

/** The same, with the group of each. */
export class GroupedRows {
  readonly groups: RowGroups;
  readonly #meant: MeantRows;
  #cells: CellColumns | undefined;
  #grouped: Grouped = { rows: new Uint32Array(), columns: new Uint32Array(), groups: new Int32Array() };

  constructor(meant: MeantRows, groupBy: readonly RowDimension[]) {
    this.groups = new RowGroups(groupBy);
    this.#meant = meant;
  }

  of(cells: CellColumns): Grouped {
    if (cells === this.#cells) return this.#grouped;
    const meant = this.#meant.of(cells);
    this.#cells = cells;
    this.#grouped = { ...meant, groups: this.groups.groupsOf(cells, meant.rows) };
    return this.#grouped;
  }
}

/** Of one question. */
export class SharedRows {
  readonly #columns: Columns;
  readonly #meant = new Map<string, MeantRows>();
  readonly #grouped = new Map<string, GroupedRows>();

  constructor(columns: Columns) {
    this.#columns = columns;
  }

  meeting(filters: readonly MetricFilter[]): MeantRows {
    const name = JSON.stringify(filters);
    const known = this.#meant.get(name) ?? new MeantRows(filters, this.#columns);
    this.#meant.set(name, known);
    return known;
  }

  grouped(filters: readonly MetricFilter[], groupBy: readonly RowDimension[]): GroupedRows {
    const name = JSON.stringify([groupBy, filters]);
    const known = this.#grouped.get(name) ?? new GroupedRows(this.meeting(filters), groupBy);
    this.#grouped.set(name, known);
    return known;
  }
}
