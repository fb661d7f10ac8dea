// Faults of an Anthropic request, and its fields read with them. Must not know what becomes of a field.
import { GatewayError } from "../../../core/errors.ts";
import { isRawNumber, numberIn } from "../../../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";

/** @param path where the fault is, such as `messages.2.content.0.source` */
export function fault(path: string, message: string): GatewayError {
  return new GatewayError("invalid_request", { message: `${path}: ${message}`, param: path });
}

/** Undefined where the field is absent or null. */
function given(holder: JsonObject, name: string): unknown {
  return Object.hasOwn(holder, name) ? (holder[name] ?? undefined) : undefined;
}

function pathOf(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}

export function optionalString(holder: JsonObject, name: string, path = ""): string | undefined {
  const value = given(holder, name);
  if (value === undefined || typeof value === "string") return value;
  throw fault(pathOf(path, name), "must be a string.");
}

export function requiredString(holder: JsonObject, name: string, path = ""): string {
  const value = optionalString(holder, name, path);
  if (value === undefined) throw fault(pathOf(path, name), "is required and must be a string.");
  return value;
}

export function optionalBoolean(holder: JsonObject, name: string, path = ""): boolean | undefined {
  const value = given(holder, name);
  if (value === undefined || typeof value === "boolean") return value;
  throw fault(pathOf(path, name), "must be true or false.");
}

export function optionalNumber(holder: JsonObject, name: string, path = ""): number | undefined {
  const value = given(holder, name);
  if (value === undefined) return undefined;
  if (numberIn(value) === undefined) throw fault(pathOf(path, name), "must be a number.");
  // A raw number stands for a number in the chat form, and is written with its own digits.
  return value as number;
}

export function optionalObject(holder: JsonObject, name: string, path = ""): JsonObject | undefined {
  const value = given(holder, name);
  if (value === undefined) return undefined;
  return objectAt(value, pathOf(path, name));
}

export function optionalList(holder: JsonObject, name: string, path = ""): readonly unknown[] | undefined {
  const value = given(holder, name);
  if (value === undefined || Array.isArray(value)) return value;
  throw fault(pathOf(path, name), "must be a list.");
}

export function objectAt(value: unknown, path: string): JsonObject {
  if (isJsonObject(value) && !isRawNumber(value)) return value;
  throw fault(path, "must be an object.");
}
