// Similarity of one prompt to thousands of others, in some hundredths of a millisecond: three rows lie in one float64, so
// that one multiplication serves three. Exact, as all numbers are whole and small. Knows no label.

/** Each sum is below 2^15 as vectors have length 127 (`longestSquare`), so three of them lie apart in 53 bits. */
const shift = 2 ** 17;
const half = shift / 2;
const rowsTogether = 3;
/** Similarity 1 in whole numbers. */
export const fullSimilarity = 127 * 127;
/** Rounding may add half a unit to each coordinate. */
const longestSquare = 145 * 145;

export interface Rows {
  readonly count: number;
  /** Multiple of 4. */
  readonly length: number;
  readonly packed: Float64Array;
}

/** @param vectors row by row */
export function packRows(vectors: Int8Array, length: number): Rows {
  const count = vectors.length / length;
  const padded = Math.ceil(length / 4) * 4;
  const packed = new Float64Array(Math.ceil(count / rowsTogether) * padded);
  for (let row = 0; row < count; row += 1) {
    const to = Math.floor(row / rowsTogether) * padded;
    const factor = shift ** (row % rowsTogether);
    let squares = 0;
    for (let at = 0; at < length; at += 1) {
      const value = vectors[row * length + at] ?? 0;
      squares += value * value;
      packed[to + at] = (packed[to + at] ?? 0) + value * factor;
    }
    if (squares > longestSquare) throw new Error(`row ${row} of the table of labels is too long`);
  }
  return { count, length: padded, packed };
}

/**
 * @param query whole numbers of length 127 at most, padded to the length of the rows
 * @param into by row, of three rows more than there are
 */
export function similarities(rows: Rows, query: Float64Array, into: Int32Array): void {
  const { packed, length, count } = rows;
  let from = 0;
  for (let row = 0; row < count; row += rowsTogether) {
    let first = 0;
    let second = 0;
    let third = 0;
    let fourth = 0;
    for (let at = 0; at < length; at += 4, from += 4) {
      // `noUncheckedIndexedAccess`: the lengths agree by `packRows`.
      first += (packed[from] as number) * (query[at] as number);
      second += (packed[from + 1] as number) * (query[at + 1] as number);
      third += (packed[from + 2] as number) * (query[at + 2] as number);
      fourth += (packed[from + 3] as number) * (query[at + 3] as number);
    }
    const sum = first + second + third + fourth;
    const upper = Math.floor((sum + half) / shift);
    const top = Math.floor((upper + half) / shift);
    into[row] = sum - upper * shift;
    into[row + 1] = upper - top * shift;
    into[row + 2] = top;
  }
}
