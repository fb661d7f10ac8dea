// What the query bar offers while somebody writes: fields, then values of the field with how many exchanges have them. Pure.
import { fieldRow, fieldWordOf, fieldWords, type FieldWord } from "./query-fields.ts";

export interface CountedValue {
  readonly value: string;
  readonly count: number | null;
}

/** Values of a field as the data of the moment has them. */
export type KnownValues = (word: FieldWord) => readonly CountedValue[];

export type Suggestion =
  /** The field's word and a colon; its values follow. */
  | { readonly kind: "field"; readonly text: string; readonly word: FieldWord }
  /** A whole term. */
  | {
      readonly kind: "value";
      readonly text: string;
      readonly word: FieldWord;
      readonly value: string;
      readonly count: number | null;
    }
  /** Words to look for in recorded content. */
  | { readonly kind: "search"; readonly text: string };

const mostSuggestions = 12;

/** @param draft the term under the pen */
export function suggestions(draft: string, known: KnownValues): Suggestion[] {
  const text = draft.trimStart();
  const head = /^(-?)([A-Za-z]*)(:?)(.*)$/su.exec(text);
  const [, minus = "", written = "", colon = "", rest = ""] = head ?? [];
  if (head === null || (colon === "" && rest !== "")) return text === "" ? [] : [searchOf(text)];
  if (colon === "") {
    const fields = fieldWords
      .filter((word) => word.startsWith(written.toLowerCase()))
      .slice(0, mostSuggestions)
      .map((word): Suggestion => ({ kind: "field", text: `${minus}${word}:`, word }));
    return written === "" || minus !== "" ? fields : [...fields, searchOf(written)];
  }
  const word = fieldWordOf(written);
  return word === undefined ? [] : valuesOf(word, minus, rest, known);
}

function searchOf(text: string): Suggestion {
  return { kind: "search", text };
}

function valuesOf(word: FieldWord, minus: string, rest: string, known: KnownValues): Suggestion[] {
  // Of a list only the last value is under the pen.
  const at = rest.lastIndexOf(",") + 1;
  const before = rest.slice(0, at);
  const wanted = rest.slice(at).replaceAll('"', "").toLowerCase();
  const written = new Set(before.split(","));
  const found = new Map<string, number | null>();
  for (const { value, count } of known(word)) found.set(value, count);
  for (const value of fieldRow(word).values ?? []) if (!found.has(value)) found.set(value, null);
  return [...found]
    .filter(([value]) => value.toLowerCase().includes(wanted) && !written.has(value) && value !== "")
    .toSorted(([one], [other]) => rank(one, wanted) - rank(other, wanted))
    .slice(0, mostSuggestions)
    .map(([value, count]) => ({
      kind: "value",
      text: `${minus}${word}:${before}${/[\s",]/u.test(value) ? JSON.stringify(value) : value}`,
      word,
      value,
      count,
    }));
}

/** Values that begin as written come first; the rest stays in the order of frequency. */
function rank(value: string, wanted: string): number {
  return value.toLowerCase().startsWith(wanted) ? 0 : 1;
}
