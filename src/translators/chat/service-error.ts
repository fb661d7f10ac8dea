// Reads the body of an error status, in all the shapes that services and what stands before them send. Must not know any
// service.
import { isJsonObject, memberOf, parseLenientJson, textOf } from "../../lib/json-value.ts";
import { isErrorValue, readError } from "../../protocols/reported-error.ts";
import type { ServiceError } from "../translation.ts";

/** `{error: {message, code, type, param}}`, `{error: "…"}`, `{message}`, `{detail}`, plain text, a page, nothing. */
export function readServiceError(status: number, body: string): ServiceError {
  const parsed = parseLenientJson(body);
  if (!isJsonObject(parsed)) return { message: plainMessage(status, body) };
  const inner = memberOf(parsed, "error");
  const value = isErrorValue(inner) ? inner : parsed;
  const code = wordOf(value, "code") ?? wordOf(value, "type");
  const param = textOf(value, "param");
  return {
    message: readError(value).message,
    ...(code !== undefined && { code }),
    ...(param !== undefined && { param }),
  };
}

/** A status in place of a word says nothing more. */
function wordOf(value: unknown, key: string): string | undefined {
  const word = textOf(value, key);
  return word === undefined || /^\d+$/.test(word) ? undefined : word;
}

const longestMessage = 1_000;

/** A page says nothing that a client of an API could read. */
function plainMessage(status: number, body: string): string {
  const start = body.slice(0, longestMessage).trim().toWellFormed();
  if (start === "" || start.startsWith("<") || start.startsWith("{") || start.startsWith("["))
    return `The model service answered with status ${status}.`;
  return start;
}
