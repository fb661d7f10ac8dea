// Reads the fields of a parsed JSON request as a provider would, with its complaints. Must not know any one protocol.
import { RefusedRequest } from "./refused-request.ts";

export type JsonObject = Record<string, unknown>;

export function isRecord(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The body of a request as an object.
 * @throws RefusedRequest (400) unless the text is one JSON object.
 */
export function parseBody(text: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new RefusedRequest(400, "The request body is not valid JSON.");
  }
  if (!isRecord(parsed)) throw new RefusedRequest(400, "The request body must be a JSON object.");
  return parsed;
}

/** @throws RefusedRequest (400) when the field is absent, empty or no string. */
export function requiredString(body: JsonObject, field: string): string {
  const value = body[field] ?? missing(field);
  if (typeof value !== "string" || value === "") return wrong(field, "a non-empty string");
  return value;
}

/** @throws RefusedRequest (400) when the field is absent or no list of at least one object. */
export function requiredObjects(body: JsonObject, field: string): readonly JsonObject[] {
  const value = body[field] ?? missing(field);
  if (!Array.isArray(value) || value.length === 0) return wrong(field, "a list with at least one entry");
  return objects(value, field);
}

/** An absent or null list is empty. @throws RefusedRequest (400) when it is no list of objects. */
export function optionalObjects(body: JsonObject, field: string): readonly JsonObject[] {
  const value = body[field] ?? [];
  return Array.isArray(value) ? objects(value, field) : wrong(field, "a list");
}

/** @throws RefusedRequest (400) when present and no boolean. */
export function optionalBoolean(body: JsonObject, field: string): boolean {
  const value = body[field] ?? false;
  return typeof value === "boolean" ? value : wrong(field, "true or false");
}

/** Null when absent. @throws RefusedRequest (400) when present and no integer in the range. */
export function optionalInteger(body: JsonObject, field: string, least: number, most: number): number | null {
  const value = body[field] ?? null;
  if (value === null) return null;
  if (typeof value !== "number" || !Number.isInteger(value) || value < least || value > most) {
    return wrong(field, `an integer from ${least} to ${most}`);
  }
  return value;
}

/** One string or a list of them; absent is empty. @throws RefusedRequest (400) for anything else. */
export function optionalStrings(body: JsonObject, field: string, most: number): readonly string[] {
  const value = body[field] ?? [];
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const strings = list.filter((entry) => typeof entry === "string");
  if (strings.length < list.length || list.length > most) {
    return wrong(field, `a string or a list of at most ${most} strings`);
  }
  return strings.filter((entry) => entry !== "");
}

/** @throws RefusedRequest (400), always: the field has to be there. */
export function missing(field: string): never {
  throw new RefusedRequest(
    400,
    `Missing required parameter: '${field}'.`,
    field,
    "missing_required_parameter",
  );
}

/** @throws RefusedRequest (400), always: the field is not what it has to be. */
export function wrong(field: string, expected: string): never {
  throw new RefusedRequest(
    400,
    `Invalid value for '${field}': expected ${expected}.`,
    field,
    "invalid_value",
  );
}

function objects(list: readonly unknown[], field: string): readonly JsonObject[] {
  const found = list.filter(isRecord);
  return found.length === list.length ? found : wrong(field, "a list of objects");
}

/** Undefined when absent or null. @throws RefusedRequest (400) when present and none of the choices. */
export function optionalOneOf<Choice extends string>(
  body: JsonObject,
  field: string,
  choices: readonly Choice[],
): Choice | undefined {
  const value = body[field] ?? undefined;
  if (value === undefined) return undefined;
  return choices.find((choice) => choice === value) ?? wrong(field, `one of ${choices.join(", ")}`);
}
