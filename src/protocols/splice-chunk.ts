// Edits a body that passes in chunks. Must not know what it holds.
import type { Edit } from "../lib/json-splice.ts";

/** The pieces of one chunk of a body after an edit of the whole body. @param offset of the chunk in the body */
export function spliceChunk(chunk: Buffer, offset: number, edit: Edit): readonly Buffer[] {
  const start = edit.start - offset;
  const end = edit.end - offset;
  if (end < 0 || start >= chunk.length || (end === 0 && start < 0)) return [chunk];
  const pieces: Buffer[] = [];
  if (start > 0) pieces.push(chunk.subarray(0, start));
  // The new text goes with the chunk in which the old one begins.
  if (start >= 0) pieces.push(Buffer.from(edit.text));
  if (end < chunk.length) pieces.push(chunk.subarray(end));
  return pieces;
}
