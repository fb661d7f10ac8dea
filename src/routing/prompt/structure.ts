// What a prompt looks like, in numbers from 0 to 1: length, lines, code, mathematics, lists and so on. Knows no meaning.
import { maxPromptCharacters } from "./prompt-features.ts";
import type { MarkCounts } from "./mark-counts.ts";
import type { Tokenizer } from "./tokenizer.ts";

export const structureNames = [
  "length",
  "short",
  "lines",
  "line-length",
  "word-length",
  "digits",
  "numbers",
  "code-signs",
  "sign-pairs",
  "math-signs",
  "latex",
  "brackets",
  "commas",
  "sentences",
  "quotes",
  "questions",
  "asks-first",
  "exclamations",
  "fences",
  "indented",
  "lists",
  "options",
  "quoted-lines",
  "headings",
  "table-rows",
  "tags",
  "address",
  "money",
  "chinese",
  "other-script",
  "demands",
  "bounds",
  "greeting",
] as const;

/** 0 for none, 1/2 at `half`, towards 1. */
export function share(count: number, half: number): number {
  return count / (count + half);
}

/** By names of signs in ASCII. */
function total(signs: Uint16Array, characters: string): number {
  let sum = 0;
  for (let at = 0; at < characters.length; at += 1) sum += signs[characters.charCodeAt(at)] ?? 0;
  return sum;
}

/** Writes the numbers in the order of `structureNames`. */
export function writeStructure(
  target: Float32Array,
  read: Tokenizer,
  marks: MarkCounts,
  length: number,
): void {
  const { signs, lines } = read;
  // Spaces and politeness make nothing longer.
  const size = Math.max(1, read.filled - marks.politeCharacters);
  const lineCount = Math.max(1, lines.lines - marks.politeLines);
  const sentences = total(signs, ".!?;");
  let at = 0;
  const put = (value: number): void => {
    target[at] = value;
    at += 1;
  };
  const long = length > maxPromptCharacters ? length : size;
  put(share(long, 500));
  put(1 - share(long, 35));
  put(share(lineCount - 1, 8));
  put(share(size / lineCount, 100));
  put(marks.words === 0 ? 0 : share(marks.wordCharacters / marks.words, 5));
  put(share(read.digits, size / 12));
  put(share(read.digits, 12));
  put(share(total(signs, "{}()[];=<>_"), size / 12));
  put(share(read.signPairs, 4));
  put(share(total(signs, "+*/^=<>%\\$"), size / 25));
  put(share(total(signs, "\\$^"), 4));
  put(share(total(signs, "()[]"), 8));
  put(share(total(signs, ","), size / 25));
  put(share(sentences, 6));
  put(share(total(signs, '"'), 4));
  put(share(total(signs, "?"), 1));
  put(marks.asksFirst);
  put(share(total(signs, "!"), 2));
  put(share(lines.fences, 1));
  put(share(lines.indented, 3));
  put(share(lines.listed, 3));
  put(share(lines.options, 2));
  put(share(lines.quoted, 2));
  put(share(lines.headings, 2));
  put(share(total(signs, "|\t"), 6));
  put(share(Math.min(total(signs, "<"), total(signs, ">")), 4));
  put(share(total(signs, "/:@"), 6));
  put(share(total(signs, "$%"), 2));
  put(read.han === 0 ? 0 : share(read.han * 3, read.latin + 1));
  put(share(read.kana + read.otherLetters, read.latin + read.han + 1));
  put(share(marks.demanding, 2));
  put(share(marks.binding, 3));
  put(share(marks.polite, marks.meant + 0.5));
}
