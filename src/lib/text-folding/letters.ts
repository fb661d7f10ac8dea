// A folded text as its letters and digits alone, with what stood between them: so that words are found however they are
// spread out. In linear time. Knows no words.
import { ViewBuilder, type TextView } from "./text-view.ts";

/** What a code unit of a folded text is. */
export const kinds = { unknown: 0, wordLetter: 1, letter: 2, digit: 3, soft: 4, stop: 5, mark: 6 } as const;

/**
 * What stands before a letter: nothing; what may spread words out; what ends sentences; too much; something unseen, which
 * is an edge for whole words, but nothing that a word is spread out by.
 */
export const breaks = { none: 0, soft: 1, hard: 2, wall: 3, gap: 4 } as const;

export interface Letters {
  readonly view: TextView;
  /** For each unit of the view, and one more for its end. */
  readonly breaks: Uint8Array;
}

const maxSeparators = 8;
const softMarks = new Set(Array.from(" -_.*/|+~·•'\"`^=\\‐‑‒–—―・,", (mark) => mark.charCodeAt(0)));
const stops = new Set(Array.from("!?;:。!?;:、", (mark) => mark.charCodeAt(0)));
const known = new Uint8Array(0x10000);

/** Scripts that put no spaces between words, and those written in syllables: their words are found inside of others. */
function isWithoutSpaces(code: number): boolean {
  return (
    code >= 0x2e80 ||
    (code >= 0x0e00 && code <= 0x109f) ||
    (code >= 0x1100 && code <= 0x11ff) ||
    isKhmer(code)
  );
}

function isKhmer(code: number): boolean {
  return code >= 0x1780 && code <= 0x17ff;
}

export function kindOf(unit: number): number {
  let kind = known[unit] ?? 0;
  if (kind === kinds.unknown) {
    kind = findKind(unit);
    known[unit] = kind;
  }
  return kind;
}

function findKind(unit: number): number {
  const character = String.fromCharCode(unit);
  if (/[\p{L}\p{M}]/u.test(character)) return isWithoutSpaces(unit) ? kinds.letter : kinds.wordLetter;
  if (/\p{N}/u.test(character)) return kinds.digit;
  // Halves of what is beyond the Basic Multilingual Plane: rare Chinese characters, emoji.
  if (unit >= 0xd800 && unit <= 0xdfff) return kinds.letter;
  if (softMarks.has(unit)) return kinds.soft;
  return stops.has(unit) ? kinds.stop : kinds.mark;
}

/** @param folded of `foldText` */
export function lettersOf(folded: TextView): Letters {
  const { units, starts, ends } = folded;
  const builder = new ViewBuilder(units.length);
  const between = new Uint8Array(units.length + 1);
  let separators = 0;
  let isHard = false;
  let lastEnd = -1;
  for (let at = 0; at < units.length; at += 1) {
    const unit = units[at] ?? 0;
    const kind = kindOf(unit);
    if (kind > kinds.digit) {
      separators += 1;
      // A full stop and such before a space ends a sentence; inside of `k.e.y` it does not.
      isHard ||= kind !== kinds.soft || (unit !== 0x20 && unit !== 0x2d && units[at + 1] === 0x20);
      continue;
    }
    const start = starts[at] ?? 0;
    const isGap = lastEnd !== -1 && start > lastEnd;
    between[builder.length] = breakOf(separators, isHard, isGap);
    builder.push(unit, start, ends[at] ?? 0);
    lastEnd = ends[at] ?? 0;
    separators = 0;
    isHard = false;
  }
  between[builder.length] = breaks.soft;
  between[0] = breaks.soft;
  return { view: builder.view(), breaks: between.subarray(0, builder.length + 1) };
}

function breakOf(separators: number, isHard: boolean, isGap: boolean): number {
  if (separators === 0) return isGap ? breaks.gap : breaks.none;
  if (separators > maxSeparators) return breaks.wall;
  return isHard ? breaks.hard : breaks.soft;
}
