// Texts in two languages, complete at compile time: a text that lacks its translation does not compile.
// A text may hold `{name}` (a value), `{n|one|many}` (chosen by the number n), `<b>…</b>` and `<code>…</code>`.
import { createElement, Fragment, type ReactNode } from "react";
import { formatCount } from "./format.ts";

export const languages = ["en", "zh"] as const;
export type Language = (typeof languages)[number];

type Texts = Readonly<Record<string, string>>;

/** Texts of one feature in both languages. */
export interface Messages<English extends Texts> {
  readonly en: English;
  readonly zh: { readonly [Key in keyof English]: string };
}

/** Names of the values that a text needs. */
type ValueNames<Text extends string> = Text extends `${string}{${infer Inside}}${infer Rest}`
  ? (Inside extends `${infer Name}|${string}` ? Name : Inside) | ValueNames<Rest>
  : never;

type Values<Text extends string, Value> = [ValueNames<Text>] extends [never]
  ? []
  : [values: Readonly<Record<ValueNames<Text>, Value>>];

/** Keys of the texts that need no value, for tables that name a text. */
export type PlainKey<All extends Messages<Texts>> = {
  [Key in keyof All["en"]]: [ValueNames<All["en"][Key]>] extends [never] ? Key : never;
}[keyof All["en"]];

export interface Translate<English extends Texts> {
  /** The text with its values; numbers are written as counts. */
  <Key extends keyof English>(key: Key, ...values: Values<English[Key], string | number>): string;
  /** The same as nodes: values may be nodes, and bold and code marks of the text become elements. */
  rich<Key extends keyof English>(key: Key, ...values: Values<English[Key], ReactNode>): ReactNode;
}

/** Joins English texts with their Chinese ones. */
export function defineMessages<const English extends Texts>(
  en: English,
  zh: { readonly [Key in keyof NoInfer<English>]: string },
): Messages<English> {
  return { en, zh };
}

/** The text of a key in a language, with values put in. */
export function createTranslate<English extends Texts>(
  messages: Messages<English>,
  language: Language,
): Translate<English> {
  const textOf = (key: keyof English): string => messages[language][key] ?? String(key);
  const translate = (key: keyof English, values: Readonly<Record<string, string | number>> = {}): string =>
    pieces(textOf(key), values, (text) => text).join("");
  const rich = (key: keyof English, values: Readonly<Record<string, ReactNode>> = {}): ReactNode =>
    marked(textOf(key), values);
  // The signatures above narrow what the two closures accept to the keys and values of these texts.
  return Object.assign(translate, { rich }) as Translate<English>;
}

type Piece = string | ReactNode;

/** Splits a text at its braces and puts the values in; `literal` is told of what stands between. */
function pieces<Result>(
  text: string,
  values: Readonly<Record<string, Result | string | number>>,
  literal: (text: string) => Result | string,
): (Result | string)[] {
  return text.split(/(\{[^{}]+\})/u).map((part) => {
    const inside = /^\{(.+)\}$/u.exec(part)?.[1];
    if (inside === undefined) return literal(part);
    const [name = "", one, many] = inside.split("|");
    const value = values[name] ?? "";
    if (one !== undefined) return Number(value) === 1 ? one : (many ?? one);
    return typeof value === "number" ? formatCount(value) : value;
  });
}

const elements: Readonly<Record<string, { tag: string; className?: string }>> = {
  b: { tag: "b", className: "strong" },
  code: { tag: "code", className: "mono" },
};

/** Only the text's own marks become elements: a value stays what it is. */
function marked(text: string, values: Readonly<Record<string, Piece>>): ReactNode {
  const parts = text.split(/(<b>.*?<\/b>|<code>.*?<\/code>)/u);
  const nodes = parts.map((part, index) => {
    const match = /^<(b|code)>(.*)<\/\1>$/u.exec(part);
    const content = pieces<ReactNode>(match?.[2] ?? part, values, (literal) => literal);
    const element = elements[match?.[1] ?? ""];
    return createElement(
      element?.tag ?? Fragment,
      { key: index, ...(element?.className === undefined ? {} : { className: element.className }) },
      ...content.map((node, at) => createElement(Fragment, { key: at }, node)),
    );
  });
  return createElement(Fragment, null, ...nodes);
}
