import { describe, expect, test } from "vitest";
import { SharedCells } from "./shared-cells.ts";

/** Views of one memory, one per thread. */
function views(columns: number, rows: number, maxRows = rows): SharedCells[] {
  const memory = SharedCells.allocate(columns, rows, maxRows);
  return Array.from({ length: columns }, (_, column) => new SharedCells(memory, columns, column));
}

function at(cells: readonly SharedCells[], column: number): SharedCells {
  const view = cells[column];
  if (view === undefined) throw new RangeError(`no column ${column}`);
  return view;
}

describe("SharedCells", () => {
  test("every thread sees the sum of what all have added to a row", () => {
    const cells = views(3, 2);
    at(cells, 0).add(0, 5);
    at(cells, 1).add(0, 7);
    at(cells, 2).add(0, -2);
    at(cells, 2).add(1, 1);
    expect(cells.map((view) => [view.sum(0), view.sum(1)])).toEqual([
      [10, 1],
      [10, 1],
      [10, 1],
    ]);
  });

  test("a dead thread's column is taken back whole, the others stay", () => {
    const cells = views(2, 3);
    for (const row of [0, 1, 2]) {
      at(cells, 0).add(row, 10 + row);
      at(cells, 1).add(row, 100);
    }
    at(cells, 0).clearColumn(1);
    expect([0, 1, 2].map((row) => at(cells, 1).sum(row))).toEqual([10, 11, 12]);
    at(cells, 0).clearColumn(0);
    expect([0, 1, 2].map((row) => at(cells, 1).sum(row))).toEqual([0, 0, 0]);
  });

  test("a row is cleared in every column, its neighbours stay", () => {
    const cells = views(2, 3);
    for (const row of [0, 1, 2]) for (const view of cells) view.add(row, row + 1);
    at(cells, 0).clearRow(1);
    expect([0, 1, 2].map((row) => at(cells, 0).sum(row))).toEqual([2, 0, 6]);
  });

  test("rows that one view makes can be used by views opened before", () => {
    const cells = views(2, 1, 100);
    at(cells, 0).add(0, 3);
    expect(() => at(cells, 1).add(50, 1)).toThrow(RangeError);
    at(cells, 0).grow(51);
    at(cells, 1).add(50, 4);
    expect(at(cells, 0).sum(50)).toBe(4);
    expect(at(cells, 1).sum(0)).toBe(3);
    at(cells, 0).clearColumn(1);
    expect(at(cells, 0).sum(50)).toBe(0);
  });

  test("growing to fewer rows than there are changes nothing", () => {
    const cells = views(2, 4, 8);
    at(cells, 1).add(3, 9);
    at(cells, 0).grow(1);
    expect(at(cells, 0).sum(3)).toBe(9);
  });

  test("growing beyond the maximum is refused", () => {
    const cells = views(2, 1, 4);
    at(cells, 0).grow(4);
    expect(() => at(cells, 0).grow(5)).toThrow(RangeError);
  });
});
