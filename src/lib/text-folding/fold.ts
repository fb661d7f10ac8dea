// How a text reads to whoever does not look at case, width, accents, invisible characters, letters of other scripts that
// look like Latin ones, and lengths of white space. In linear time. Knows not what is looked for.
import { confusableCapitals, confusables } from "./confusables.ts";
import { ViewBuilder, type TextView } from "./text-view.ts";

/**
 * What no reader sees: controls, soft hyphen, joiners, marks of direction, variation selectors, tags, fillers (Unicode's
 * Default_Ignorable_Code_Point and Cf); besides accents and other marks on letters, but those that tell kana apart.
 */
const unseen = /[[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Script=Inherited}\u2800]--[\u3099\u309a]]/gv;
const spaces = /^[\s\p{Z}\u0085]+$/u;
const space = 0x20;

/** A white space reads as one space; "" is unseen. By code point of the Basic Multilingual Plane. */
const folded: (string | undefined)[] = [];
const kept: (string | undefined)[] = [];
/** Of ASCII, the only one that is asked for most texts. */
const foldedAscii = Uint8Array.from({ length: 128 }, (_, code) => asciiUnit(code, true));
const keptAscii = Uint8Array.from({ length: 128 }, (_, code) => asciiUnit(code, false));

function asciiUnit(code: number, ignoresCase: boolean): number {
  if (code >= 0x09 && code <= 0x0d) return ignoresCase ? space : code;
  if (code < space || code === 0x7f) return 0;
  return ignoresCase && code >= 0x41 && code <= 0x5a ? code + 0x20 : code;
}

function foldCharacter(character: string): string {
  const plain = seen(character);
  const capital = confusableCapitals.get(plain);
  if (capital !== undefined) return capital;
  if (spaces.test(plain)) return " ";
  // Upper case first: that is how `ß` and `ſ` become `s`.
  const lower = plain.toUpperCase().toLowerCase().normalize("NFKD").replaceAll(unseen, "");
  let latin = "";
  for (const letter of lower) latin += confusables.get(letter) ?? digitOf(letter);
  return latin;
}

/** Digits of every script are those of ours. */
function digitOf(character: string): string {
  if (!/^\p{Nd}$/u.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  let zero = code;
  while (code - zero < 9 && /^\p{Nd}$/u.test(String.fromCodePoint(zero - 1))) zero -= 1;
  return String(code - zero);
}

/** Compatibility forms and the unseen are gone; case, accents and script stay. */
function keepCharacter(character: string): string {
  const plain = digitOf(character.normalize("NFKC").replaceAll(unseenButMarks, ""));
  return plain !== "" && spaces.test(plain) && plain !== "\n" ? " " : plain;
}

const unseenButMarks = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;

function seen(character: string): string {
  return character.normalize("NFKD").replaceAll(unseen, "");
}

function known(table: (string | undefined)[], make: (character: string) => string, code: number): string {
  if (code > 0xffff) return make(String.fromCodePoint(code));
  let text = table[code];
  if (text === undefined) {
    text = make(String.fromCharCode(code));
    table[code] = text;
  }
  return text;
}

/** For words: everything that a reader does not tell apart is the same, and runs of white space are one space. */
export function foldText(source: TextView): TextView {
  const { units, starts, ends } = source;
  const builder = new ViewBuilder(units.length);
  for (let at = 0; at < units.length; at += 1) {
    const unit = units[at] ?? 0;
    const start = starts[at] ?? 0;
    const end = ends[at] ?? 0;
    if (unit < 0x80) {
      const ascii = foldedAscii[unit] ?? 0;
      if (ascii !== 0 && (ascii !== space || builder.last() !== space)) builder.push(ascii, start, end);
      continue;
    }
    if (isBroken(units, at)) continue;
    const low = lowHalf(units, at);
    const code = low === 0 ? unit : (unit - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
    const text = known(folded, foldCharacter, code);
    const until = low === 0 ? end : (ends[at + 1] ?? end);
    if (text !== " " || builder.last() !== space) builder.pushText(text, start, until);
    if (low !== 0) at += 1;
  }
  return builder.view();
}

/** For patterns and numbers: full width, ligatures and the like as usual letters, the unseen gone, all else as it is. */
export function plainText(source: TextView): TextView {
  const { units, starts, ends } = source;
  const builder = new ViewBuilder(units.length);
  for (let at = 0; at < units.length; at += 1) {
    const unit = units[at] ?? 0;
    const start = starts[at] ?? 0;
    const end = ends[at] ?? 0;
    if (unit < 0x80) {
      const ascii = keptAscii[unit] ?? 0;
      if (ascii !== 0) builder.push(ascii, start, end);
      continue;
    }
    if (isBroken(units, at)) continue;
    const low = lowHalf(units, at);
    const code = low === 0 ? unit : (unit - 0xd800) * 0x400 + (low - 0xdc00) + 0x10000;
    builder.pushText(known(kept, keepCharacter, code), start, low === 0 ? end : (ends[at + 1] ?? end));
    if (low !== 0) at += 1;
  }
  return builder.view();
}

/** Half a character, or what stands for one that could not be read: services leave it out. */
function isBroken(units: Uint16Array, at: number): boolean {
  const unit = units[at] ?? 0;
  if (unit === 0xfffd || (unit >= 0xdc00 && unit <= 0xdfff)) return true;
  return unit >= 0xd800 && unit <= 0xdbff && lowHalf(units, at) === 0;
}

/** The second half of a surrogate pair that begins here; 0 = none does. */
function lowHalf(units: Uint16Array, at: number): number {
  const unit = units[at] ?? 0;
  if (unit < 0xd800 || unit > 0xdbff) return 0;
  const low = units[at + 1] ?? 0;
  return low >= 0xdc00 && low <= 0xdfff ? low : 0;
}
