// Makes embedding vectors from texts: the same text gives the same vector of length one. Must not know protocols.
import { createHash } from "node:crypto";

/** A vector of `dimensions` 32-bit numbers. */
export function vectorOf(text: string, dimensions: number): Float32Array {
  let state = createHash("sha256").update(text).digest().readUInt32LE(0) | 1;
  const vector = new Float32Array(dimensions);
  let squares = 0;
  for (let index = 0; index < dimensions; index += 1) {
    // Xorshift: a short generator that never repeats within a vector.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    const value = state / 2 ** 31;
    vector[index] = value;
    squares += value * value;
  }
  const length = Math.sqrt(squares);
  return vector.map((value) => value / length);
}

/** The vector as base64 of its little-endian bytes, on every machine. */
export function base64Of(vector: Float32Array): string {
  const bytes = Buffer.alloc(vector.length * 4);
  for (const [index, value] of vector.entries()) bytes.writeFloatLE(value, index * 4);
  return bytes.toString("base64");
}
