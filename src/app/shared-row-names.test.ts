import { describe, expect, test } from "vitest";
import { SharedCells } from "../lib/shared-cells.ts";
import { SharedRows } from "../lib/shared-rows.ts";
import { SharedRowNames } from "./shared-row-names.ts";

/** Rows over four cells at most, with the revision that every worker has reached as a variable. */
function createRows(maxRows = 4) {
  const cells = new SharedCells(SharedCells.allocate(1, 1, maxRows), 1, 0);
  const learnt = new SharedRows(SharedRows.allocate(maxRows));
  const reached = { revision: 0 };
  const rows = new SharedRowNames(cells, learnt, (revision) => reached.revision >= revision);
  return { cells, learnt, reached, rows };
}

const rowOf = (assigned: ReadonlyMap<string, number>, name: string): number => {
  const row = assigned.get(name);
  if (row === undefined) throw new Error(`no row for ${name}`);
  return row;
};

describe("SharedRowNames", () => {
  test("gives every name a row of its own", () => {
    const { rows, cells } = createRows();
    const assigned = rows.assign(["a", "b", "c", "a"], 1);
    expect([...assigned.keys()].toSorted()).toEqual(["a", "b", "c"]);
    expect(new Set(assigned.values()).size).toBe(3);
    for (const row of assigned.values()) expect(cells.sum(row)).toBe(0);
  });

  test("keeps a name's row, and what it counts, while other names come and go", () => {
    const { rows, cells } = createRows();
    const row = rowOf(rows.assign(["a", "b"], 1), "b");
    cells.add(row, 7);
    expect(rowOf(rows.assign(["b"], 2), "b")).toBe(row);
    expect(rowOf(rows.assign(["c", "b"], 3), "b")).toBe(row);
    expect(cells.sum(row)).toBe(7);
  });

  test("reuses a row once every worker has left its name behind and nothing counts on it", () => {
    const { rows, reached } = createRows();
    const row = rowOf(rows.assign(["a"], 1), "a");
    rows.assign([], 2);
    reached.revision = 2;
    expect(rowOf(rows.assign(["b"], 3), "b")).toBe(row);
  });

  test("does not reuse a row while a worker may still serve its name", () => {
    const { rows, reached } = createRows();
    const row = rowOf(rows.assign(["a"], 1), "a");
    reached.revision = 1;
    expect(rowOf(rows.assign(["b"], 2), "b")).not.toBe(row);
  });

  test("does not reuse a row while a request of its name is in flight", () => {
    const { rows, reached, cells } = createRows();
    const row = rowOf(rows.assign(["a"], 1), "a");
    cells.add(row, 1);
    rows.assign([], 2);
    reached.revision = 2;
    expect(rowOf(rows.assign(["b"], 3), "b")).not.toBe(row);
    cells.add(row, -1);
    expect(rowOf(rows.assign(["b", "c"], 4), "c")).toBe(row);
  });

  test("a name that comes back does not get a row that another one has", () => {
    const { rows, reached } = createRows();
    rows.assign(["a"], 1);
    rows.assign([], 2);
    reached.revision = 2;
    const assigned = rows.assign(["b", "a"], 3);
    expect(rowOf(assigned, "a")).not.toBe(rowOf(assigned, "b"));
  });

  test("names come and go for ever within a few rows", () => {
    const { rows, reached } = createRows(3);
    for (let revision = 1; revision < 50; revision += 1) {
      rows.assign([`service-${revision}`], revision);
      reached.revision = revision;
    }
    expect([...rows.assign(["last"], 50).keys()]).toEqual(["last"]);
  });

  test("more names at once than there is memory for are refused", () => {
    const { rows } = createRows(2);
    expect(() => rows.assign(["a", "b", "c"], 1)).toThrow(RangeError);
  });
});
