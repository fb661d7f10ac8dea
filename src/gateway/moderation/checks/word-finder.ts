// The check for words: found in any spelling by case, width, accents, letters that look alike, what is unseen, and spread
// out by signs. Knows not what follows from a find.
import { breaks, kindOf, kinds, type Letters } from "../../../lib/text-folding/letters.ts";
import { foldText } from "../../../lib/text-folding/fold.ts";
import { sourceSpan, textOf, viewOf, type Span, type TextView } from "../../../lib/text-folding/text-view.ts";
import type { Reading } from "../../../lib/text-folding/readings.ts";
import { WordAutomaton } from "../../../lib/word-automaton.ts";

/** Of a word whose letters are spread out without being single letters: shorter ones stand between others by chance. */
const longEnough = 6;
/** Single letters of alphabets that make up a word; of scripts without spaces, two do. */
const fewestSpread = 3;

/** Words as their letters alone. */
interface LetterWord {
  readonly text: string;
  /** White space and the like in the word as it was given. */
  readonly breaks: number;
}

export class WordFinder {
  /** Words of letters and digits; found without regard to what stands between. */
  readonly #letters: WordAutomaton | null;
  readonly #letterWords: readonly LetterWord[];
  /** Words with signs, such as `c++`; found as they are. */
  readonly #signs: WordAutomaton | null;
  readonly #wholeWords: boolean;
  /** How far a find may stretch, in code units of the text as it was sent. */
  readonly reach: number;

  constructor(words: readonly string[], wholeWords: boolean) {
    const letterWords = new Map<string, LetterWord>();
    const signWords = new Set<string>();
    for (const folded of foldedWords(words)) {
      const word = lettersIn(folded);
      if (word === null) signWords.add(folded);
      else if (word.text !== "") letterWords.set(`${word.breaks} ${word.text}`, word);
    }
    this.#letterWords = [...letterWords.values()];
    this.#letters =
      letterWords.size === 0 ? null : new WordAutomaton(this.#letterWords.map(({ text }) => text));
    this.#signs = signWords.size === 0 ? null : new WordAutomaton([...signWords]);
    this.#wholeWords = wholeWords;
    // Six characters for each escaped one, three for each byte in percent.
    const lengths = words.map((word) => Math.max(word.length * 6, Buffer.byteLength(word) * 3));
    this.reach = lengths.reduce((longest, length) => Math.max(longest, length), 0) + 16;
  }

  find(reading: Reading): Span[] {
    const spans: Span[] = [];
    this.#findLetters(reading.letters, spans);
    this.#findSigns(reading.folded, spans);
    return spans;
  }

  /** Where a word begins that the end of the text may be the beginning of; Infinity: nowhere. */
  openFrom({ letters, folded }: Reading): number {
    return Math.min(beginOfLast(letters.view, this.#letters), beginOfLast(folded, this.#signs));
  }

  #findLetters({ view, breaks: between }: Letters, spans: Span[]): void {
    const automaton = this.#letters;
    if (automaton === null) return;
    automaton.find(view.units, (word, end) => {
      const start = end - automaton.lengthOf(word);
      const fewest = kindOf(view.units[start] ?? 0) === kinds.letter ? 2 : fewestSpread;
      if (!this.#isSpreadRight(this.#letterWords[word], between, { start, end, fewest })) return false;
      if (this.#wholeWords && !hasEdges(view.units, between, start, end)) return false;
      spans.push(sourceSpan(view, start, end));
      return true;
    });
  }

  #isSpreadRight(
    word: LetterWord | undefined,
    between: Uint8Array,
    { start, end, fewest }: Span & { readonly fewest: number },
  ): boolean {
    let soft = 0;
    let hard = 0;
    for (let at = start + 1; at < end; at += 1) {
      const found = between[at] ?? 0;
      if (found === breaks.wall) return false;
      if (found === breaks.soft) soft += 1;
      if (found === breaks.hard) hard += 1;
    }
    const length = end - start;
    if (soft + hard === 0) return true;
    if (length >= fewest && soft + hard === length - 1) return true;
    if (hard > 0) return false;
    return length >= longEnough || soft === word?.breaks;
  }

  #findSigns(folded: TextView, spans: Span[]): void {
    const automaton = this.#signs;
    if (automaton === null) return;
    const { units } = folded;
    automaton.find(units, (word, end) => {
      const start = end - automaton.lengthOf(word);
      const isInside = parts(units[start - 1], units[start]) || parts(units[end - 1], units[end]);
      if (this.#wholeWords && isInside) return false;
      spans.push(sourceSpan(folded, start, end));
      return true;
    });
  }
}

/** Stands between words that are folded together, which takes a tenth of the time. Of private use: no word needs it. */
const separator = "\ue000";
/** Greek letters whose capitals look like other Latin letters than they do: such words have two spellings. */
const twofold = /[\u0397\u039d\u03a5\u0396\u03b7\u03bd\u03c5\u03b6]/;

function foldedWords(words: readonly string[]): Set<string> {
  const spelled = words.flatMap((word) =>
    twofold.test(word) ? [word, word.toLowerCase(), word.toUpperCase()] : word,
  );
  const joined = spelled.map((word) => word.replaceAll(separator, "")).join(separator);
  const folded = textOf(foldText(viewOf(joined))).split(separator);
  const trimmed = new Set(folded.map((word) => word.trim()));
  trimmed.delete("");
  return trimmed;
}

/** Null for a word with signs. */
function lettersIn(folded: string): LetterWord | null {
  let text = "";
  let spaces = 0;
  for (let at = 0; at < folded.length; at += 1) {
    const unit = folded.charCodeAt(at);
    if (unit === 0x20) spaces += 1;
    else if (kindOf(unit) > kinds.digit) return null;
    else text += folded.charAt(at);
  }
  return { text, breaks: spaces };
}

function beginOfLast({ units, starts }: TextView, automaton: WordAutomaton | null): number {
  const depth = automaton?.depthAtEnd(units) ?? 0;
  return depth === 0 ? Infinity : (starts[units.length - depth] ?? Infinity);
}

function hasEdges(units: Uint16Array, between: Uint8Array, start: number, end: number): boolean {
  const before = between[start] !== breaks.none || !parts(units[start - 1], units[start]);
  return before && (between[end] !== breaks.none || !parts(units[end - 1], units[end]));
}

/** Whether two neighbours belong to one word, or to one number. */
function parts(left: number | undefined, right: number | undefined): boolean {
  if (left === undefined || right === undefined) return false;
  const kind = kindOf(left);
  return (kind === kinds.wordLetter || kind === kinds.digit) && kind === kindOf(right);
}
