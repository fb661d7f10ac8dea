// A text with its escapes read: `%41`, `\u0041`, `\x41`, `&#65;`, `&#x41;`, `&lt;`. In linear time. Knows no words.
import { characterBytes, pushBytes } from "./decode-utf8.ts";
import { ViewBuilder, textOf, type TextView } from "./text-view.ts";

const named: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
  nbsp: " ",
  shy: "\u00ad",
  zwj: "\u200d",
  zwnj: "\u200c",
};

const escape =
  /(?:%[0-9A-Fa-f]{2})+|\\u\{([0-9A-Fa-f]{1,6})\}|\\{1,2}u([0-9A-Fa-f]{4})|\\{1,2}x([0-9A-Fa-f]{2})|&#(\d{1,7});?|&#[xX]([0-9A-Fa-f]{1,6});?|&([a-z]{2,6});/g;

/** Null when there are none. */
export function decodeEscapes(source: TextView): TextView | null {
  const text = textOf(source);
  if (!/[%\\&]/.test(text)) return null;
  const { starts, ends, units } = source;
  const builder = new ViewBuilder(units.length);
  let from = 0;
  let isAny = false;
  const copy = (to: number): void => {
    for (let at = from; at < to; at += 1) builder.push(units[at] ?? 0, starts[at] ?? 0, ends[at] ?? 0);
  };
  for (const match of text.matchAll(escape)) {
    const at = match.index;
    const whole = match[0];
    const start = starts[at] ?? 0;
    const end = ends[at + whole.length - 1] ?? start;
    if (whole.startsWith("%")) {
      const bytes = Buffer.from(whole.replaceAll("%", ""), "hex");
      if (!isText(bytes)) continue;
      copy(at);
      const startOf = (byte: number): number => starts[at + byte * 3] ?? start;
      const endOf = (byte: number): number => ends[at + byte * 3 + 2] ?? end;
      pushBytes(builder, bytes, { from: 0, to: bytes.length, places: { startOf, endOf } });
    } else {
      const decoded = decodedOf(match);
      if (decoded === undefined) continue;
      copy(at);
      builder.pushText(decoded, start, end);
    }
    from = at + whole.length;
    isAny = true;
  }
  if (!isAny) return null;
  copy(units.length);
  return builder.view();
}

function decodedOf(match: RegExpExecArray): string | undefined {
  const [, braced, four, two, decimal, hexadecimal, name] = match;
  if (name !== undefined) return Object.hasOwn(named, name) ? named[name] : undefined;
  const hex = braced ?? four ?? two ?? hexadecimal;
  const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  if (code > 0x10ffff) return undefined;
  return String.fromCodePoint(code);
}

function isText(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length;) {
    const length = characterBytes(bytes, at);
    if (length === 0) return false;
    at += length;
  }
  return true;
}
