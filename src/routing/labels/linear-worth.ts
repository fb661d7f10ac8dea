// What a model is worth as a straight line over the space of sketches: least squares with a penalty on leaving what is assumed
// beforehand. Beside the nearest prompts it sees trends that go through all of them. Knows no model.

export interface Row {
  readonly vector: Float32Array;
  readonly score: number;
  readonly weight: number;
}

/** Labels by which every coordinate is held at what is assumed. */
const penalty = 30;

/**
 * Slope by coordinate; the score expected is `mean` + slope x vector.
 * @param mean of the scores
 * @param assumed slope without labels
 */
export function slopeOf(rows: readonly Row[], mean: number, assumed: Float32Array): Float32Array {
  const length = rows[0]?.vector.length ?? 0;
  const matrix = new Float64Array(length * length);
  const right = new Float64Array(length);
  for (const { vector, score, weight } of rows) {
    const off = score - mean - product(assumed, vector);
    for (let line = 0; line < length; line += 1) {
      const weighted = weight * (vector[line] ?? 0);
      if (weighted === 0) continue;
      right[line] = (right[line] ?? 0) + weighted * off;
      const from = line * length;
      for (let at = 0; at <= line; at += 1)
        matrix[from + at] = (matrix[from + at] ?? 0) + weighted * (vector[at] ?? 0);
    }
  }
  for (let at = 0; at < length; at += 1) matrix[at * length + at] = (matrix[at * length + at] ?? 0) + penalty;
  return Float32Array.from(solve(matrix, right), (step, at) => step + (assumed[at] ?? 0));
}

function product(left: Float32Array, right: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}

/** Cholesky's way for a symmetric matrix that is positive definite: the penalty makes it so. Overwrites both. */
function solve(matrix: Float64Array, right: Float64Array): Float64Array {
  const length = right.length;
  for (let line = 0; line < length; line += 1) {
    for (let at = 0; at <= line; at += 1) {
      let sum = matrix[line * length + at] ?? 0;
      for (let before = 0; before < at; before += 1)
        sum -= (matrix[line * length + before] ?? 0) * (matrix[at * length + before] ?? 0);
      matrix[line * length + at] = line === at ? Math.sqrt(sum) : sum / (matrix[at * length + at] ?? 1);
    }
  }
  for (let line = 0; line < length; line += 1) {
    let sum = right[line] ?? 0;
    for (let at = 0; at < line; at += 1) sum -= (matrix[line * length + at] ?? 0) * (right[at] ?? 0);
    right[line] = sum / (matrix[line * length + line] ?? 1);
  }
  for (let line = length - 1; line >= 0; line -= 1) {
    let sum = right[line] ?? 0;
    for (let at = line + 1; at < length; at += 1) sum -= (matrix[at * length + line] ?? 0) * (right[at] ?? 0);
    right[line] = sum / (matrix[line * length + line] ?? 1);
  }
  return right;
}
