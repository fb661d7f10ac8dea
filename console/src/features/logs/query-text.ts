// The query bar's language: `status:5xx -consumer:x ttft:>2s "some words"` to terms and back, and terms to parameters of
// the admin API. Pure; asks nobody.
import { fieldRow, fieldWordOf, type FieldWord } from "./query-fields.ts";

/** `status:500,502`, `-consumer:x`: one of the values, or none of them. Values are as somebody writes them. */
export interface FieldTerm {
  readonly kind: "field";
  readonly word: FieldWord;
  readonly not: boolean;
  readonly values: readonly string[];
}

/** Words that the recorded content must hold. */
export interface SearchTerm {
  readonly kind: "search";
  readonly text: string;
  /** In quotes: in this order, side by side. */
  readonly phrase: boolean;
}

/** What cannot be understood; kept, so that it can be mended. */
export interface FaultTerm {
  readonly kind: "fault";
  readonly text: string;
  readonly fault: Fault;
  /** The field's word, or what stood in its place. */
  readonly word: string;
}

export type Fault = "no-field" | "no-value" | "status" | "time" | "count" | "money" | "flag" | "flag-list";
export type Term = FieldTerm | SearchTerm | FaultTerm;

/** One piece of a query: up to a space outside quotes. */
const piece = /(?:[^\s"]|"(?:[^"\\]|\\.)*"?)+/gu;

export function parseQuery(text: string): Term[] {
  return [...text.matchAll(piece)].map(([match]) => parseTerm(match));
}

function parseTerm(text: string): Term {
  const head = /^(?<not>-?)(?<word>[A-Za-z]+):(?<rest>.*)$/su.exec(text)?.groups;
  if (head === undefined) return searchTerm(text);
  const { not = "", word: written = "", rest = "" } = head;
  const word = fieldWordOf(written);
  // An address is no field: `https://…` is looked for.
  if (word === undefined)
    return rest.startsWith("//")
      ? searchTerm(text)
      : { kind: "fault", text, fault: "no-field", word: written };
  const values = splitValues(rest);
  const fault = values === undefined || rest === "" ? "no-value" : faultOf(word, values);
  if (values === undefined || fault !== undefined)
    return { kind: "fault", text, fault: fault ?? "no-value", word };
  return { kind: "field", word, not: not === "-", values };
}

function searchTerm(text: string): SearchTerm {
  const quoted = /^"((?:[^"\\]|\\.)*)"?$/su.exec(text)?.[1];
  return quoted === undefined
    ? { kind: "search", text: text.replaceAll('"', ""), phrase: false }
    : { kind: "search", text: quoted.replace(/\\(.)/gsu, "$1"), phrase: true };
}

/** Between commas outside quotes; undefined when one of several is empty. */
function splitValues(text: string): string[] | undefined {
  const parts = text.match(/(?:[^,"]|"(?:[^"\\]|\\.)*"?)+|(?<=,|^)(?=,|$)/gu) ?? [""];
  const values = parts.map((part) => {
    const quoted = /^"((?:[^"\\]|\\.)*)"?$/su.exec(part)?.[1];
    return {
      text: quoted?.replace(/\\(.)/gsu, "$1") ?? part.replaceAll('"', ""),
      quoted: quoted !== undefined,
    };
  });
  return values.some((value) => value.text === "" && !value.quoted)
    ? undefined
    : values.map((value) => value.text);
}

function faultOf(word: FieldWord, values: readonly string[]): Fault | undefined {
  const { kind, unit = "count" } = fieldRow(word);
  if (kind === "text") return undefined;
  if (kind === "flag") {
    if (values.length > 1) return "flag-list";
    return values[0] === "true" || values[0] === "false" ? undefined : "flag";
  }
  return values.every((value) => numberParameter(word, value) !== undefined) ? undefined : unit;
}

const units: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  time: { "": 1, ms: 1, s: 1_000, min: 60_000, h: 3_600_000 },
  count: { "": 1, k: 1_000, m: 1_000_000 },
  money: { "": 1 },
  status: { "": 1 },
};
const amount = String.raw`(\d+(?:\.\d+)?)\s*([a-z]*)`;
const compared = new RegExp(`^(>=|<=|>|<)?\\$?${amount}$`, "iu");
const between = new RegExp(`^(?:${amount})?\\.\\.(?:${amount})?$`, "iu");

/** A number as the admin API takes it: `>2s` is `>2000`. Undefined for what is none. */
function numberParameter(word: FieldWord, value: string): string | undefined {
  const { unit = "count" } = fieldRow(word);
  if (unit === "status" && /^[1-5]xx$/iu.test(value)) return value.toLowerCase();
  const inUnit = (digits: string, name: string): string | undefined => {
    const factor = units[unit]?.[name.toLowerCase()];
    return factor === undefined ? undefined : String(Number((Number(digits) * factor).toFixed(9)));
  };
  const one = compared.exec(value);
  if (one !== null) {
    const number = inUnit(one[2] ?? "", one[3] ?? "");
    return number === undefined ? undefined : `${one[1] ?? ""}${number}`;
  }
  const two = between.exec(value);
  if (two === null || value === "..") return undefined;
  const bound = (digits?: string, name = ""): string | undefined =>
    digits === undefined ? "" : inUnit(digits, name);
  const from = bound(two[1], two[2]);
  const to = bound(two[3], two[4]);
  if (from === undefined || to === undefined) return undefined;
  return from !== "" && to !== "" && Number(from) > Number(to) ? undefined : `${from}..${to}`;
}

/** The query as its shortest text. */
export function writeQuery(terms: readonly Term[]): string {
  return terms.map(writeTerm).join(" ");
}

export function writeTerm(term: Term): string {
  if (term.kind === "fault") return term.text;
  if (term.kind === "search") return term.phrase ? quote(term.text) : term.text;
  return `${term.not ? "-" : ""}${term.word}:${term.values.map(writeValue).join(",")}`;
}

function writeValue(value: string): string {
  return value === "" || /[\s",]/u.test(value) ? quote(value) : value;
}

function quote(text: string): string {
  return `"${text.replace(/["\\]/gu, String.raw`\$&`)}"`;
}

/** Names and values for `GET /logs`, `/logs/export`; a name may come more than once. Faults are left out. */
export function queryParameters(terms: readonly Term[]): [name: string, value: string][] {
  const fields = terms
    .filter((term) => term.kind === "field")
    .map(({ word, not, values }): [string, string] => [
      fieldRow(word).field,
      values.map((value) => `${not ? "!" : ""}${parameterValue(word, value)}`).join(","),
    ]);
  const search = terms
    .filter((term) => term.kind === "search" && term.text.trim() !== "")
    .map(writeTerm)
    .join(" ");
  return search === "" ? fields : [...fields, ["search", search]];
}

function parameterValue(word: FieldWord, value: string): string {
  const { kind } = fieldRow(word);
  if (kind === "number") return numberParameter(word, value) ?? value;
  return value.replace(/[\\,!]/gu, String.raw`\$&`);
}

/** The values that are wanted of a field. */
export function wantedValues(terms: readonly Term[], word: FieldWord): readonly string[] {
  return terms.flatMap((term) =>
    term.kind === "field" && term.word === word && !term.not ? term.values : [],
  );
}

/** The same query with other wanted values of a field; none takes the field out. */
export function withWanted(terms: readonly Term[], word: FieldWord, values: readonly string[]): Term[] {
  const isWanted = (term: Term): boolean => term.kind === "field" && term.word === word && !term.not;
  const at = terms.findIndex(isWanted);
  const others = terms.filter((term) => !isWanted(term));
  if (values.length === 0) return others;
  const term: Term = { kind: "field", word, not: false, values };
  return at === -1 ? [...others, term] : others.toSpliced(at, 0, term);
}

/** The same query with one value more that must, or must not be there. */
export function withValue(terms: readonly Term[], word: FieldWord, value: string, not: boolean): Term[] {
  const same = terms.find((term) => term.kind === "field" && term.word === word && term.not === not);
  if (same?.kind === "field" && same.values.includes(value)) return [...terms];
  // What is wanted of one exchange replaces what was wanted before: both at once would find nothing more.
  if (!not) return withWanted(withoutValue(terms, word, value), word, [value]);
  const cleaned = withoutValue(terms, word, value);
  if (same?.kind !== "field") return [...cleaned, { kind: "field", word, not, values: [value] }];
  return cleaned.map((term) => (term === same ? { ...same, values: [...same.values, value] } : term));
}

/** Takes a value out of what is wanted and what is not. */
function withoutValue(terms: readonly Term[], word: FieldWord, value: string): Term[] {
  return terms.flatMap((term): Term[] => {
    if (term.kind !== "field" || term.word !== word || !term.values.includes(value)) return [term];
    const values = term.values.filter((other) => other !== value);
    return values.length === 0 ? [] : [{ ...term, values }];
  });
}
