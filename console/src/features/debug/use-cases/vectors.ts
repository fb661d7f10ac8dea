// Figures of embedding vectors. Knows no request.
import { listAt, textAt } from "../json.ts";

/** Vectors of an answer in OpenAI's shape, as numbers or as base64 of 32-bit floats. */
export function vectorsOf(body: unknown): number[][] {
  return listAt(body, "data").map((row) => {
    const encoded = textAt(row, "embedding");
    if (encoded !== "") return floatsOf(encoded);
    return listAt(row, "embedding").map(Number);
  });
}

function floatsOf(encoded: string): number[] {
  const bytes = Uint8Array.from(atob(encoded), (character) => character.codePointAt(0) ?? 0);
  const view = new DataView(bytes.buffer);
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => view.getFloat32(index * 4, true));
}

export function norm(vector: readonly number[]): number {
  return Math.hypot(...vector);
}

/** Null where they cannot be compared. */
export function cosine(one: readonly number[], other: readonly number[]): number | null {
  const length = norm(one) * norm(other);
  if (one.length !== other.length || length === 0) return null;
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0) / length;
}
