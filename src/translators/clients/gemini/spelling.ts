// Gemini takes every field by two spellings, `systemInstruction` and `system_instruction`: here they become one. Must not
// know any field by name.
import { GatewayError } from "../../../core/errors.ts";
import { isRawNumber, numberIn } from "../../../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";

export function fault(param: string, what: string): GatewayError {
  return new GatewayError("invalid_request", { message: `${param} ${what}.`, param });
}

/** The object with its members in camel case; the very same where they are already. What is null is left out. */
export function spelled(value: unknown, param: string): JsonObject {
  if (!isJsonObject(value) || isRawNumber(value)) throw fault(param, "must be an object");
  let isPlain = true;
  for (const name in value) if (name.includes("_") || value[name] === null) isPlain = false;
  if (isPlain) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) => (member === null ? [] : [[camel(name), member]])),
  );
}

/** The member as `spelled`; undefined when there is none. */
export function optionalSpelled(object: JsonObject, name: string, param: string): JsonObject | undefined {
  const value = object[name];
  return value === undefined ? undefined : spelled(value, `${param}${name}`);
}

export function listIn(object: JsonObject, name: string, param: string): readonly unknown[] {
  const value = object[name];
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw fault(`${param}${name}`, "must be a list");
  return value;
}

export function textIn(object: JsonObject, name: string, param: string): string | undefined {
  const value = object[name];
  if (value !== undefined && typeof value !== "string") throw fault(`${param}${name}`, "must be a string");
  return value;
}

/** The number as it came, so that its digits stay. */
export function numericIn(object: JsonObject, name: string, param: string): number | undefined {
  const value = object[name];
  if (value === undefined) return undefined;
  if (numberIn(value) === undefined) throw fault(`${param}${name}`, "must be a number");
  // A raw number is written back as it came by JSON.stringify; readers use `numberIn`, as chat-request.ts asks of them.
  return value as number;
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
