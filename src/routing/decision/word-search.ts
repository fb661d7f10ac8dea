// Which of many lists of words a text holds a word of: whole words, whatever their case, width and accents; in scripts
// without spaces anywhere. In one pass. Knows not what the lists are for.
import { foldText } from "../../lib/text-folding/fold.ts";
import { kindOf, kinds } from "../../lib/text-folding/letters.ts";
import { textOf, viewOf } from "../../lib/text-folding/text-view.ts";
import { WordAutomaton } from "../../lib/word-automaton.ts";

/** @returns the places of the lists of which the text holds a word */
export type WordSearch = (text: string) => ReadonlySet<number>;

const space = 0x20;
/** By character of ASCII; 0 = it is not seen. */
const asciiFolds = Uint8Array.from(
  { length: 0x80 },
  (_, code) => foldText(viewOf(String.fromCharCode(code))).units[0] ?? 0,
);
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

/** What `foldText` makes of a text. Most texts are ASCII, and are folded in a tenth of the time. */
export function foldedUnits(text: string): Uint16Array {
  const units = new Uint16Array(text.length);
  let length = 0;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    if (unit > 0x7f) return foldText(viewOf(text)).units;
    const folded = asciiFolds[unit] ?? 0;
    if (folded === 0 || (folded === space && units[length - 1] === space)) continue;
    units[length] = folded;
    length += 1;
  }
  return units.subarray(0, length);
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
