// Changes chosen bytes of a JSON text and keeps all others. Must not know what the text means.

/** Replaces `[start, end)` by `text`; with start equal to end it inserts. Offsets in bytes of the original. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Applies edits, which must be sorted by offset and must not overlap, with one allocation. No edit: the same Buffer. Throws RangeError. */
export function splice(body: Buffer, edits: readonly Edit[]): Buffer {
  if (edits.length === 0) return body;
  let length = body.length;
  let last = 0;
  for (const edit of edits) {
    if (edit.start < last || edit.end < edit.start || edit.end > body.length) {
      throw new RangeError("edits must be sorted, apart and inside the body");
    }
    last = edit.end;
    length += Buffer.byteLength(edit.text) - (edit.end - edit.start);
  }
  const result = Buffer.allocUnsafe(length);
  let from = 0;
  let to = 0;
  for (const edit of edits) {
    to += body.copy(result, to, from, edit.start);
    to += result.write(edit.text, to);
    from = edit.end;
  }
  body.copy(result, to, from);
  return result;
}

/** Replaces one value by another JSON text. */
export function replaceValue(body: Buffer, start: number, end: number, jsonText: string): Buffer {
  return splice(body, [{ start, end, text: jsonText }]);
}

/** The edit that puts a member first in an object: `insideStart` is the offset after its opening brace. */
export function memberFirst(insideStart: number, empty: boolean, key: string, jsonText: string): Edit {
  const text = `${JSON.stringify(key)}:${jsonText}${empty ? "" : ","}`;
  return { start: insideStart, end: insideStart, text };
}
