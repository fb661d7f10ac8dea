// Which rows are judged together: folds in which near-duplicates never part, and folds by topic. The same each time.
import { randomStream } from "../lab/random.ts";
import type { Row } from "./rows.ts";

const shingleWords = 4;
const signatures = 12;
/** Signatures out of `signatures` that agree: as many as in texts that share three shingles of four. */
const alike = 9;

/** For each row the number of its group; rows with nearly the same words are in one. */
export function nearDuplicates(rows: readonly Row[]): Int32Array {
  const parents = Int32Array.from(rows.keys());
  const rootOf = (row: number): number => {
    let root = row;
    while (parents[root] !== root) root = parents[root] ?? root;
    parents[row] = root;
    return root;
  };
  const sketches = rows.map(({ prompt }) => signatureOf(prompt));
  const buckets = new Map<string, number[]>();
  for (const [row, sketch] of sketches.entries())
    for (const [place, value] of sketch.entries()) {
      const key = `${place} ${value}`;
      const bucket = buckets.get(key) ?? [];
      for (const other of bucket) {
        if (rootOf(other) === rootOf(row)) continue;
        if (agreements(sketch, sketches[other] ?? new Int32Array()) >= alike)
          parents[rootOf(row)] = rootOf(other);
      }
      // What very many prompts share is a form, not a duplicate.
      if (bucket.length < 50) bucket.push(row);
      buckets.set(key, bucket);
    }
  return Int32Array.from(rows.keys(), rootOf);
}

/** Smallest hashes of the shingles under several hash functions (Broder): they agree as often as shingles are shared. */
function signatureOf(prompt: string): Int32Array {
  const words = prompt.toLowerCase().match(/\p{L}+|\d+/gu) ?? [];
  const least = new Int32Array(signatures).fill(0x7fffffff);
  const last = Math.max(1, words.length - shingleWords + 1);
  for (let at = 0; at < last; at += 1) {
    let hash = 0x811c9dc5;
    for (const word of words.slice(at, at + shingleWords))
      for (let place = 0; place <= word.length; place += 1)
        hash = Math.imul(hash ^ (word.charCodeAt(place) || 32), 0x01000193);
    for (let place = 0; place < signatures; place += 1) {
      let mixed = Math.imul(hash ^ (place * 0x9e3779b1), 0x85ebca6b);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
      mixed ^= mixed >>> 16;
      if (mixed < (least[place] ?? 0)) least[place] = mixed;
    }
  }
  return least;
}

function agreements(left: Int32Array, right: Int32Array): number {
  return left.reduce((sum, value, place) => sum + (value === right[place] ? 1 : 0), 0);
}

/** For each row its fold. Groups are dealt at random, so folds are about as large as each other. */
export function foldsOf(groups: ArrayLike<number | string>, folds: number, seed: number): Uint8Array {
  const names = [...new Set(Array.from(groups))];
  const random = randomStream(seed);
  const drawn = new Map(names.map((name) => [name, random()]));
  const order = names.toSorted((left, right) => (drawn.get(left) ?? 0) - (drawn.get(right) ?? 0));
  const fold = new Map(order.map((name, place) => [name, place % folds]));
  return Uint8Array.from(Array.from(groups), (group) => fold.get(group) ?? 0);
}

export interface Split {
  /** Places of rows. */
  readonly fit: readonly number[];
  readonly judged: readonly number[];
}

export function splitsOf(fold: Uint8Array, folds: number): readonly Split[] {
  return Array.from({ length: folds }, (_, out) => ({
    fit: [...fold.keys()].filter((row) => fold[row] !== out),
    judged: [...fold.keys()].filter((row) => fold[row] === out),
  }));
}
