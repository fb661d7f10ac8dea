// Vectors of the most frequent English words, found by the hash of a word. Knows no text and no file.
import { Phrases } from "./phrases.ts";
import { vectorLength } from "./prompt-features.ts";

/** Begin of the file, then: version, words, places of the table as 32 bits; all little-endian. */
export const vectorsMagic = 0x56_57_47_4d;
export const vectorsVersion = 1;
export const vectorsHeaderBytes = 16;

export interface WordVectors {
  readonly count: number;
  /** By row, `vectorLength` signed bytes each; the more frequent a word, the lower its row. */
  readonly vectors: Int8Array;
  /** Direction that all words share, of length 1. */
  readonly common: Float32Array;
  /** Chinese words, by what they mean in English. */
  readonly phrases: Phrases;
  /** Row of the word with this hash (`endOfHash`); -1: unknown. */
  rowOf(hash: number): number;
}

/** The vectors are read where they are. `chinese`: lines such as `doctor physician = 医生 大夫`. */
export function openWordVectors(bytes: Uint8Array, chinese = ""): WordVectors {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < vectorsHeaderBytes || view.getUint32(0, true) !== vectorsMagic)
    throw new Error("the word vectors cannot be read: this is another file");
  const version = view.getUint32(4, true);
  if (version !== vectorsVersion)
    throw new Error(`the word vectors cannot be read: version ${version} instead of ${vectorsVersion}`);
  const count = view.getUint32(8, true);
  const places = view.getUint32(12, true);
  const rowsAt = vectorsHeaderBytes + places * 4;
  const commonAt = rowsAt + places * 2;
  const vectorsAt = commonAt + vectorLength * 4;
  const isPowerOfTwo = places > 0 && (places & (places - 1)) === 0;
  if (!isPowerOfTwo || count >= places || count > 0xfffe || bytes.length !== vectorsAt + count * vectorLength)
    throw new Error("the word vectors cannot be read: the file is damaged");

  const hashes = new Int32Array(places);
  const rows = new Uint16Array(places);
  for (let place = 0; place < places; place += 1) {
    hashes[place] = view.getInt32(vectorsHeaderBytes + place * 4, true);
    rows[place] = view.getUint16(rowsAt + place * 2, true);
  }
  if (rows.some((row) => row >= count) || !hashes.includes(0))
    throw new Error("the word vectors cannot be read: the table is damaged");
  const common = new Float32Array(vectorLength);
  for (let at = 0; at < vectorLength; at += 1) common[at] = view.getFloat32(commonAt + at * 4, true);
  const vectors = new Int8Array(bytes.buffer, bytes.byteOffset + vectorsAt, count * vectorLength);
  const rowOf = (hash: number) => rowIn(hashes, rows, hash);
  const phrases = new Phrases(chinese, (hash, into) => {
    const row = rowOf(hash);
    if (row < 0) return;
    for (let at = 0; at < vectorLength; at += 1)
      into[at] = (into[at] ?? 0) + (vectors[row * vectorLength + at] ?? 0);
  });
  return { count, common, vectors, phrases, rowOf };
}

function rowIn(hashes: Int32Array, rows: Uint16Array, hash: number): number {
  const last = hashes.length - 1;
  for (let place = hash & last; ; place = (place + 1) & last) {
    const found = hashes[place];
    if (found === hash) return rows[place] ?? -1;
    if (found === 0) return -1;
  }
}
