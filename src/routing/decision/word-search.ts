// Which of many lists of words a text holds a word of: whole words, whatever their case, width and accents; in scripts
// without spaces anywhere. In one pass. Knows not what the lists are for.
import { foldText } from "../../lib/text-folding/fold.ts";
import { kindOf, kinds } from "../../lib/text-folding/letters.ts";
import { textOf, viewOf } from "../../lib/text-folding/text-view.ts";
import { WordAutomaton } from "../../lib/word-automaton.ts";

/** @returns the places of the lists of which the text holds a word */
export type WordSearch = (text: string) => ReadonlySet<number>;

const space = 0x20;
/** In `folds`: nobody asked yet; it is more than one unit, or half a character. */
const unasked = 0xfffe;
const several = 0xffff;
/** Room for signs that read as several, such as `…`: a text with more of them is folded the long way. */
const spareUnits = 256;
const expansions = new Map<number, Uint16Array>();
/** By unit what it reads as; 0 = it is not seen. Made when the first text is read. */
let folds: Uint16Array | undefined;
const nothing: ReadonlySet<number> = new Set();

export function createWordSearch(lists: readonly (readonly string[])[]): WordSearch {
  const listsOf = new Map<string, number[]>();
  for (const [index, words] of lists.entries()) {
    for (const word of words) {
      const folded = textOf(foldText(viewOf(word))).trim();
      if (folded === "") continue;
      const owners = listsOf.get(folded);
      if (owners === undefined) listsOf.set(folded, [index]);
      else owners.push(index);
    }
  }
  if (listsOf.size === 0) return () => nothing;
  const automaton = new WordAutomaton([...listsOf.keys()]);
  const owners = [...listsOf.values()];
  return (text) => {
    const found = new Set<number>();
    const units = foldedUnits(text);
    automaton.find(units, (word, end) => {
      const start = end - automaton.lengthOf(word);
      if (isPartOfWord(units, start) || isPartOfWord(units, end)) return false;
      for (const owner of owners[word] ?? []) found.add(owner);
      // Shorter words that end here may belong to other lists.
      return false;
    });
    return found;
  };
}

/** What `foldText` makes of a text. Most texts have nothing that is not folded unit by unit, in a fraction of the time. */
export function foldedUnits(text: string): Uint16Array {
  folds ??= new Uint16Array(0x1_0000).fill(unasked);
  const units = new Uint16Array(text.length + spareUnits);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    let folded = folds[unit] ?? several;
    if (folded === unasked) {
      folded = foldOf(unit);
      folds[unit] = folded;
    }
    if (folded === several) {
      const expansion = expansions.get(unit);
      // What is left of the text must find room whatever it is.
      if (expansion === undefined || length + expansion.length + text.length - at > units.length)
        return foldText(viewOf(text)).units;
      units.set(expansion, length);
      length += expansion.length;
      continue;
    }
    if (folded === 0 || (folded === space && units[length - 1] === space)) continue;
    units[length] = folded;
    length += 1;
  }
  return units.subarray(0, length);
}

function foldOf(unit: number): number {
  if (unit >= 0xd800 && unit <= 0xdfff) return several;
  const { units } = foldText(viewOf(String.fromCharCode(unit)));
  const [folded = 0] = units;
  if (units.length <= 1 && folded < unasked) return folded;
  expansions.set(unit, units);
  return several;
}

/** Whether a word, or a number, goes on across this place. */
function isPartOfWord(units: Uint16Array, at: number): boolean {
  return goesOn(units[at - 1]) && goesOn(units[at]);
}

function goesOn(unit: number | undefined): boolean {
  if (unit === undefined) return false;
  const kind = kindOf(unit);
  return kind === kinds.wordLetter || kind === kinds.digit;
}
