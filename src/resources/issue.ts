// What is wrong with a resource body, in words for its author. Knows no kind of resource.
import type { z } from "zod";
import { didYouMean } from "../lib/edit-distance.ts";

/** One thing wrong, and where: `modelService.target.service`, `apiKeys[0].value`. */
export interface Issue {
  readonly path: string;
  readonly message: string;
}

/** A path as its author reads it. */
export function pathText(path: readonly PropertyKey[]): string {
  let text = "";
  for (const part of path) {
    if (typeof part === "number") text += `[${part}]`;
    else if (/^[A-Za-z0-9_-]+$/u.test(String(part))) text += text === "" ? String(part) : `.${String(part)}`;
    else text += `[${JSON.stringify(String(part))}]`;
  }
  return text;
}

/** Turns a failed parse into issues: one per unknown field, unions as one sentence. */
export function readableIssues(error: z.ZodError): Issue[] {
  return error.issues.flatMap((issue): Issue[] => {
    if (issue.code !== "unrecognized_keys") return [{ path: pathText(issue.path), message: issue.message }];
    // field.ts writes one line per unknown key, in their order.
    const lines = issue.message.split("\n");
    return issue.keys.map((key, index) => ({
      path: pathText([...issue.path, key]),
      message: lines[index] ?? `unknown field "${key}"`,
    }));
  });
}

/** Words for the checks that a schema gives none for. */
export function readableMessage(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined
        ? "is required"
        : `must be ${typeWord(issue.expected)}, not ${inputWord(issue.input)}`;
    case "invalid_value":
      return notOneOf(issue.input, issue.values);
    case "invalid_union":
      return unionMessage(issue);
    case "invalid_key":
      return issue.issues[0]?.message ?? "has a name that is not allowed here";
    case "too_small":
      return `must ${boundWord(issue.origin)} at least ${issue.minimum}${unitWord(issue.origin, issue.minimum)}`;
    case "too_big":
      return `must ${boundWord(issue.origin)} at most ${issue.maximum}${unitWord(issue.origin, issue.maximum)}`;
    case "invalid_format":
      return issue.format === "starts_with" ? `must start with "${String(issue["prefix"])}"` : undefined;
    default:
      return undefined;
  }
}

function unionMessage(issue: Extract<z.core.$ZodRawIssue, { code: "invalid_union" }>): string | undefined {
  const discriminator = issue["discriminator"];
  const options = issue["options"];
  if (typeof discriminator !== "string" || !Array.isArray(options)) return undefined;
  const input: unknown = issue.input;
  const given = typeof input === "object" && input !== null ? Reflect.get(input, discriminator) : input;
  return notOneOf(given, options);
}

function notOneOf(input: unknown, values: readonly unknown[]): string {
  if (input === undefined) return `is required: one of ${values.join(", ")}`;
  const known = values.map(String);
  const end = typeof input === "string" ? didYouMean(input, known) : "";
  return `must be ${known.length === 1 ? "" : "one of "}${known.join(", ")}, not ${inputWord(input)}${end}`;
}

function inputWord(input: unknown): string {
  if (input === null) return "null";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "string") return input.length > 40 ? "this text" : JSON.stringify(input);
  if (typeof input === "number" || typeof input === "boolean") return String(input);
  return typeof input === "object" ? "an object" : typeof input;
}

const typeWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
};

function typeWord(expected: string): string {
  return typeWords[expected] ?? expected;
}

function boundWord(origin: string): string {
  return origin === "string" || origin === "array" ? "have" : "be";
}

function unitWord(origin: string, count: number | bigint): string {
  const word = origin === "string" ? "character" : origin === "array" ? "item" : undefined;
  if (word === undefined) return "";
  return Number(count) === 1 ? ` ${word}` : ` ${word}s`;
}
