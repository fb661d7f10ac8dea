// Facets of fields whose values clients choose: memory has a bound, and what occurs often is still told.
import { expect, test, vi } from "vitest";
import type { Block } from "./block-columns.ts";
import { Facets } from "./log-facets.ts";

const records = 4_096;

/** A block in whose rows a value is the usual one at every eighth, and else one that never comes again. */
function blockOf(number: number): Block {
  const values = Array.from({ length: records }, (_, row) => (row === 0 ? "usual" : `${number}-${row}`));
  const codes = Uint16Array.from(values, (_, row) => (row % 8 === 0 ? 0 : row));
  const unasked = (): never => {
    throw new Error("a facet of texts asks for texts alone");
  };
  return {
    first: 0,
    records,
    minMs: 0,
    maxMs: 0,
    texts: () => ({ values, codes }),
    numbers: unasked,
    ids: unasked,
    times: unasked,
    flags: unasked,
  };
}

test("of values without end the one that occurs often is told, and every row is counted once", () => {
  const blocks = 40;
  const facets = new Facets(["domain"]);
  const fits = new Uint8Array(records).fill(1);
  const set = vi.spyOn(Map.prototype, "set");
  for (let number = 0; number < blocks; number += 1) facets.add(blockOf(number), fits);
  const maps = new Set(set.mock.contexts);
  set.mockRestore();
  const [facet] = facets.take();
  expect(facet?.values[0]).toEqual({ value: "usual", count: (blocks * records) / 8 });
  const told = facet?.values.reduce((sum, { count }) => sum + count, 0) ?? 0;
  expect(told + (facet?.others ?? 0)).toBe(blocks * records);
  // What the counts are kept in.
  expect(maps.size).toBeGreaterThan(0);
  for (const map of maps) expect(map instanceof Map ? map.size : Infinity).toBeLessThan(50_000);
});
