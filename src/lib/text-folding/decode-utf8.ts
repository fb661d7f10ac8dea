// Bytes that were found encoded in a text, as text again, with the place of each of them. Knows no encoding but UTF-8.
import type { ViewBuilder } from "./text-view.ts";

/** Where a byte stands in the source. */
export interface BytePlaces {
  readonly startOf: (byte: number) => number;
  readonly endOf: (byte: number) => number;
}

/** Length of the character that begins at a byte; 0 = none does, or a control character that no text holds. */
export function characterBytes(bytes: Uint8Array, at: number): number {
  const lead = bytes[at] ?? 0;
  if (lead < 0x80) return (lead >= 0x20 && lead !== 0x7f) || (lead >= 0x09 && lead <= 0x0d) ? 1 : 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || at + length > bytes.length) return 0;
  for (let next = at + 1; next < at + length; next += 1) {
    if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  }
  return length;
}

/** Puts the characters of some bytes, which `characterBytes` has seen, into a view. */
export function pushBytes(
  builder: ViewBuilder,
  bytes: Uint8Array,
  { from, to, places }: { readonly from: number; readonly to: number; readonly places: BytePlaces },
): void {
  for (let at = from; at < to;) {
    const length = Math.max(characterBytes(bytes, at), 1);
    const start = places.startOf(at);
    const end = places.endOf(at + length - 1);
    if (length === 1) builder.push(bytes[at] ?? 0, start, end);
    else builder.pushText(Buffer.from(bytes.subarray(at, at + length)).toString("utf8"), start, end);
    at += length;
  }
}
