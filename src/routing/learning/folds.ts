// Splits labelled prompts so that none is judged by what was fitted on it, or on one that is nearly the same.

const foldCount = 5;
/** Cosine from which two prompts are nearly the same. */
const nearlySame = 0.97;

/** A fold, from 0 to 4, for each prompt. Prompts that are nearly the same are in the same one. */
export function foldsOf(sketches: readonly Int8Array[]): Int32Array {
  const folds = new Int32Array(sketches.length);
  const lengths = sketches.map(lengthOf);
  const leaders: number[] = [];
  for (const [index, sketch] of sketches.entries()) {
    const leader = leaders.find((other) => {
      const reach = nearlySame * (lengths[other] ?? 0) * (lengths[index] ?? 0);
      return dot(sketches[other], sketch) >= reach;
    });
    if (leader === undefined) {
      folds[index] = leaders.length % foldCount;
      leaders.push(index);
    } else folds[index] = folds[leader] ?? 0;
  }
  return folds;
}

export const folds: readonly number[] = Array.from({ length: foldCount }, (_, fold) => fold);

function lengthOf(sketch: Int8Array): number {
  return Math.sqrt(dot(sketch, sketch));
}

function dot(left: Int8Array | undefined, right: Int8Array): number {
  if (left?.length !== right.length) return -1;
  let sum = 0;
  for (let at = 0; at < right.length; at += 1) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}
