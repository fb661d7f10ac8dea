// What stands in a text in base64 or in hexadecimal digits, as far as it is text again. In linear time: each run is read
// from each place where its first byte may begin, as it may be a part cut out of a longer one. Knows no words.
import { characterBytes, pushBytes, type BytePlaces } from "./decode-utf8.ts";
import { ViewBuilder, textOf, type TextView } from "./text-view.ts";

/** Shorter runs are words. */
const base64Run = /(?:[A-Za-z0-9+/_-]{60,}\r?\n)*[A-Za-z0-9+/_-]{16,}={0,2}/g;
const hexRun = /(?:(?:0x|\\x)?[0-9A-Fa-f]{2}[ \t\r\n:,;]{0,2}){12,}/g;
/** Bytes that are text by chance come in shorter runs. */
const fewestBytes = 10;

/** Everything that could be decoded, parted by line ends; null when nothing could. */
export function decodeRuns(source: TextView): TextView | null {
  if (source.units.length < 16) return null;
  const text = textOf(source);
  const builder = new ViewBuilder(64);
  for (const match of text.matchAll(base64Run)) {
    const places = digitPlaces(match, (code) => code !== 0x0a && code !== 0x0d && code !== 0x3d);
    for (let skipped = 0; skipped < 4; skipped += 1) {
      const digits = places
        .map((at) => text.charAt(at))
        .join("")
        .slice(skipped);
      // Both alphabets are read.
      pushText(builder, Buffer.from(digits, "base64"), placesOf(source, places, { skipped, bits: 6 }));
    }
  }
  for (const match of text.matchAll(hexRun)) {
    const places = hexPlaces(match);
    for (let skipped = 0; skipped < 2; skipped += 1) {
      const digits = places
        .map((at) => text.charAt(at))
        .join("")
        .slice(skipped);
      const even = digits.slice(0, digits.length - (digits.length % 2));
      pushText(builder, Buffer.from(even, "hex"), placesOf(source, places, { skipped, bits: 4 }));
    }
  }
  return builder.length === 0 ? null : builder.view();
}

function digitPlaces(match: RegExpExecArray, isDigit: (code: number) => boolean): number[] {
  const places: number[] = [];
  for (let at = 0; at < match[0].length; at += 1) {
    if (isDigit(match[0].charCodeAt(at))) places.push(match.index + at);
  }
  return places;
}

function hexPlaces(match: RegExpExecArray): number[] {
  const run = match[0];
  return digitPlaces(match, (code) => /[0-9A-Fa-f]/.test(String.fromCharCode(code))).filter(
    // The 0 of `0x` is no digit of a byte.
    (at) => run.charAt(at - match.index + 1) !== "x",
  );
}

/** Where each byte of a run stands, given how many bits a digit is. */
function placesOf(
  { starts, ends }: TextView,
  digits: readonly number[],
  { skipped, bits }: { readonly skipped: number; readonly bits: number },
): BytePlaces {
  const digitOf = (bit: number): number => digits[Math.floor(bit / bits) + skipped] ?? digits.at(-1) ?? 0;
  return {
    startOf: (byte) => starts[digitOf(byte * 8)] ?? 0,
    endOf: (byte) => ends[digitOf(byte * 8 + 7)] ?? 0,
  };
}

/** The parts of some bytes that are text. */
function pushText(builder: ViewBuilder, bytes: Uint8Array, places: BytePlaces): void {
  let from = 0;
  for (let at = 0; at <= bytes.length;) {
    const length = at === bytes.length ? 0 : characterBytes(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    if (at - from >= fewestBytes) {
      if (builder.length > 0) builder.push(0x0a, places.startOf(from), places.startOf(from));
      pushBytes(builder, bytes, { from, to: at, places });
    }
    at += 1;
    from = at;
  }
}
