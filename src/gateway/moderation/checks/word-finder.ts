// The check for words: found in any spelling by case, width, accents, letters that look alike, what is unseen, and spread
// out by signs. Knows not what follows from a find.
import { breaks, kindOf, kinds, lettersOf, type Letters } from "../../../lib/text-folding/letters.ts";
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
    let longest = 0;
    for (const word of words) {
      longest = Math.max(longest, word.length * 6, Buffer.byteLength(word) * 3);
      for (const spelling of new Set([word, word.toLowerCase(), word.toUpperCase()])) {
        const folded = foldText(viewOf(spelling.trim()));
        const text = textOf(folded).trim();
        const signed = hasSigns(folded);
        const { view, breaks: between } = lettersOf(folded);
        if (signed) signWords.add(text);
        else if (view.units.length > 0) {
          const inside = between
            .subarray(1, -1)
            .filter((at) => at === breaks.soft || at === breaks.hard).length;
          letterWords.set(`${inside} ${textOf(view)}`, { text: textOf(view), breaks: inside });
        }
      }
    }
    signWords.delete("");
    this.#letterWords = [...letterWords.values()];
    this.#letters =
      letterWords.size === 0 ? null : new WordAutomaton(this.#letterWords.map(({ text }) => text));
    this.#signs = signWords.size === 0 ? null : new WordAutomaton([...signWords]);
    this.#wholeWords = wholeWords;
    this.reach = longest + 16;
  }

  find(reading: Reading): Span[] {
    const spans: Span[] = [];
    this.#findLetters(reading.letters, spans);
    this.#findSigns(reading.folded, spans);
    return spans;
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

function hasSigns({ units }: TextView): boolean {
  return units.some((unit) => unit !== 0x20 && kindOf(unit) > kinds.digit);
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
