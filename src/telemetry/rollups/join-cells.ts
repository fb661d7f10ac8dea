// Cells of several parts behind each other, each row as it is: what is already folded need not be looked up to be packed.
import type { CellColumns, CellSource } from "./cell-codec.ts";
import { cellDimensions, cellHistograms, cellSums } from "./cell-layout.ts";
import type { PackedHistogram } from "./histogram-log.ts";

export function joinCells(parts: readonly CellColumns[]): CellSource {
  const rows = parts.reduce((sum, part) => sum + part.rows, 0);
  const dimensions = cellDimensions.map((_name, dimension) => joinTexts(parts, dimension, rows));
  return {
    rows,
    texts: dimensions.map(({ texts }) => texts),
    codes: dimensions.map(({ codes }) => codes),
    sums: cellSums.map((_name, sum) => joinSums(parts, sum, rows)),
    histograms: cellHistograms.map((_name, histogram) => joinHistograms(parts, histogram, rows)),
  };
}

function joinTexts(
  parts: readonly CellColumns[],
  dimension: number,
  rows: number,
): { readonly texts: readonly string[]; readonly codes: Uint32Array } {
  const known = new Map<string, number>();
  const codes = new Uint32Array(rows);
  let at = 0;
  for (const part of parts) {
    const column = part.dimension(dimension);
    const joined = column.texts.map((text) => {
      const code = known.get(text) ?? known.size;
      known.set(text, code);
      return code;
    });
    for (let row = 0; row < part.rows; row += 1, at += 1) codes[at] = joined[column.codes[row] ?? 0] ?? 0;
  }
  return { texts: [...known.keys()], codes };
}

function joinSums(parts: readonly CellColumns[], sum: number, rows: number): Float64Array | undefined {
  if (parts.every((part) => part.sum(sum) === undefined)) return undefined;
  const sums = new Float64Array(rows);
  let at = 0;
  for (const part of parts) {
    const column = part.sum(sum);
    if (column !== undefined) sums.set(column, at);
    at += part.rows;
  }
  return sums;
}

function joinHistograms(
  parts: readonly CellColumns[],
  histogram: number,
  rows: number,
): PackedHistogram | undefined {
  const columns = parts.map((part) => part.histogram(histogram));
  const length = columns.reduce((sum, column) => sum + (column?.buckets.length ?? 0), 0);
  if (length === 0) return undefined;
  const ends = new Float64Array(rows);
  const buckets = new Uint8Array(length);
  const counts = new Float64Array(length);
  let row = 0;
  let entry = 0;
  for (const [index, part] of parts.entries()) {
    const column = columns[index];
    for (let own = 0; own < part.rows; own += 1, row += 1) ends[row] = entry + (column?.ends[own] ?? 0);
    if (column === undefined) continue;
    buckets.set(column.buckets, entry);
    counts.set(column.counts, entry);
    entry += column.buckets.length;
  }
  return { ends, buckets, counts };
}
