// Reads the values of query parameters: lists with "not", numbers, moments, flags. Knows no field and no metric.
import { didYouMean } from "../../lib/edit-distance.ts";
import { ControlError } from "../control-error.ts";

/** Parameters by name, each with everything that was given for it. */
export type QueryLists = ReadonlyMap<string, readonly string[]>;

/** One value of a list, without its mark. */
export interface ListedValue {
  readonly text: string;
  /** It began with `!`. */
  readonly not: boolean;
}

const maximumValues = 200;
const maximumLength = 1_024;

/** A refusal that names the parameter. */
export function invalidParameter(name: string, problem: string): ControlError {
  const message = `${name} ${problem}`;
  return new ControlError("invalid", message, [{ path: name, message: problem }]);
}

/** The one value of a parameter; undefined without any. @throws ControlError `invalid` when it is given twice */
export function singleValue(lists: QueryLists, name: string): string | undefined {
  const values = lists.get(name);
  if (values !== undefined && values.length > 1) throw invalidParameter(name, "is given twice");
  return values?.[0];
}

/**
 * Values between commas, of every repetition of a parameter. `!` before a value means: not this one. A backslash takes
 * the meaning from a comma, an exclamation mark or another backslash.
 * @throws ControlError `invalid`
 */
export function listedValues(name: string, texts: readonly string[]): ListedValue[] {
  const values = texts.flatMap(splitList);
  if (values.length > maximumValues) throw invalidParameter(name, `takes at most ${maximumValues} values`);
  if (values.some(({ text }) => text.length > maximumLength))
    throw invalidParameter(name, `takes values of at most ${maximumLength} characters`);
  return values;
}

function splitList(text: string): ListedValue[] {
  const values: ListedValue[] = [];
  let not = false;
  let value = "";
  let begun = false;
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    const next = text.charAt(index + 1);
    if (character === ",") {
      values.push({ text: value, not });
      not = false;
      value = "";
      begun = false;
    } else if (character === "!" && !begun && !not) not = true;
    else {
      const escaped = character === "\\" && (next === "," || next === "!" || next === "\\");
      value += escaped ? next : character;
      if (escaped) index += 1;
      begun = true;
    }
  }
  values.push({ text: value, not });
  return values;
}

/** Bounds included; null = open. */
export type NumberRange = readonly [from: number | null, to: number | null];

const decimal = String.raw`-?\d{1,15}(?:\.\d{1,9})?`;
const exactly = new RegExp(`^${decimal}$`, "u");
const compared = new RegExp(`^(>=|<=|>|<)(${decimal})$`, "u");
const between = new RegExp(`^(${decimal})?\\.\\.(${decimal})?$`, "u");

/** `5`, `>5`, `>=5`, `<5`, `<=5`, `5..9`, `5..`, `..9`; undefined for anything else. */
export function readRange(text: string): NumberRange | undefined {
  if (exactly.test(text)) return [Number(text), Number(text)];
  const comparison = compared.exec(text);
  if (comparison !== null) {
    const bound = Number(comparison[2]);
    switch (comparison[1]) {
      case ">=":
        return [bound, null];
      case "<=":
        return [null, bound];
      case ">":
        return [nextAbove(bound), null];
      default:
        return [null, -nextAbove(-bound)];
    }
  }
  const range = between.exec(text);
  if (range === null || text === "..") return undefined;
  const from = range[1] === undefined ? null : Number(range[1]);
  const to = range[2] === undefined ? null : Number(range[2]);
  return from !== null && to !== null && from > to ? undefined : [from, to];
}

/** The next number that can be told from this one. */
function nextAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigInt64(0, view.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return view.getFloat64(0);
}

/** @throws ControlError `invalid` */
export function readFlag(name: string, text: string): boolean {
  if (text === "true" || text === "false") return text === "true";
  throw invalidParameter(name, "must be true or false");
}

const moment = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?$/u;

/** ISO 8601 with its zone, a day (UTC), or milliseconds since 1970. @throws ControlError `invalid` */
export function readMoment(name: string, text: string): number {
  // A plus that nobody has encoded arrives as a space.
  const iso = text.replace(/ (?=\d\d:\d\d$)/u, "+");
  const atMs = /^\d{1,15}$/u.test(text) ? Number(text) : moment.test(iso) ? Date.parse(iso) : Number.NaN;
  if (Number.isFinite(atMs)) return atMs;
  throw invalidParameter(
    name,
    "must be a moment such as 2026-11-22T08:00:00Z, a day, or milliseconds since 1970",
  );
}

/** @throws ControlError `invalid` */
export function readWhole(name: string, text: string, least: number, most: number): number {
  const value = /^\d{1,9}$/u.test(text) ? Number(text) : -1;
  if (value >= least && value <= most) return value;
  throw invalidParameter(name, `must be a whole number from ${least} to ${most}`);
}

/** One of the known words. @throws ControlError `invalid` with the nearest of them */
export function readWord<Word extends string>(name: string, text: string, known: readonly Word[]): Word {
  const word = known.find((candidate) => candidate === text);
  if (word !== undefined) return word;
  const shown = text.slice(0, 64);
  const near = didYouMean(text, known);
  throw invalidParameter(name, `must be one of ${known.join(", ")}, not "${shown}"${near}`);
}
