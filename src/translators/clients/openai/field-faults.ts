// Reads fields of a client's request by type, and says which one is at fault. Must not know any field by name.
import { GatewayError } from "../../../core/errors.ts";
import { isRawNumber, numberIn } from "../../../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";

export function fault(param: string, what: string): GatewayError {
  return new GatewayError("invalid_request", { message: `${param} ${what}.`, param });
}

/** An object; a number that was kept raw looks like one and is none. */
export function isObject(value: unknown): value is JsonObject {
  return isJsonObject(value) && !isRawNumber(value);
}

/** A member of its own; null is as good as none. */
export function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? (object[name] ?? undefined) : undefined;
}

export function objectAt(value: unknown, param: string): JsonObject {
  if (!isObject(value)) throw fault(param, "must be an object");
  return value;
}

export function listAt(value: unknown, param: string): readonly unknown[] {
  if (!Array.isArray(value)) throw fault(param, "must be a list");
  return value;
}

export function textAt(value: unknown, param: string): string {
  if (typeof value !== "string") throw fault(param, "must be a string");
  return value;
}

export function optionalText(object: JsonObject, name: string, param: string): string | undefined {
  const value = own(object, name);
  return value === undefined ? undefined : textAt(value, `${param}${name}`);
}

/** The number as it came, so that its digits stay; whoever computes with it reads it by `numberIn`. */
export function optionalNumber(object: JsonObject, name: string): number | undefined {
  const value = own(object, name);
  if (value === undefined) return undefined;
  if (numberIn(value) === undefined) throw fault(name, "must be a number");
  // A raw number is written back as it came by JSON.stringify; readers use `numberIn`, as chat-request.ts asks of them.
  return value as number;
}

export function optionalFlag(object: JsonObject, name: string): boolean | undefined {
  const value = own(object, name);
  if (value === undefined) return undefined;
  if (typeof value !== "boolean") throw fault(name, "must be true or false");
  return value;
}

export function optionalObject(object: JsonObject, name: string): JsonObject | undefined {
  const value = own(object, name);
  return value === undefined ? undefined : objectAt(value, name);
}
