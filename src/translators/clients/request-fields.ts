// Reads fields of a client's parsed request, and refuses what has the wrong type. Must not know any protocol.
import { GatewayError } from "../../core/errors.ts";
import { isRawNumber, numberIn } from "../../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../../lib/json-value.ts";

export function invalidRequest(message: string, param: string): GatewayError {
  return new GatewayError("invalid_request", { message, param });
}

function wrongType(param: string, wanted: string): GatewayError {
  return invalidRequest(`${param} must be ${wanted}.`, param);
}

/** Null counts as absent, here and below. @throws GatewayError for another type, here and below */
export function stringField(value: unknown, param: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw wrongType(param, "a string");
  return value;
}

export function neededString(value: unknown, param: string): string {
  const text = stringField(value, param);
  if (text === undefined) throw invalidRequest(`${param} is missing: a string is needed.`, param);
  return text;
}

/** With the digits that it came with. */
export function numberField(value: unknown, param: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  if (numberIn(value) === undefined) throw wrongType(param, "a number");
  // A raw number stands wherever the chat form has a number: whoever reads it asks `numberIn`.
  return value as number;
}

export function booleanField(value: unknown, param: string): boolean | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "boolean") throw wrongType(param, "true or false");
  return value;
}

export function objectField(value: unknown, param: string): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value) || isRawNumber(value)) throw wrongType(param, "an object");
  return value;
}

export function neededObject(value: unknown, param: string): JsonObject {
  const object = objectField(value, param);
  if (object === undefined) throw invalidRequest(`${param} is missing: an object is needed.`, param);
  return object;
}

export function listField(value: unknown, param: string): readonly unknown[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (!Array.isArray(value)) throw wrongType(param, "a list");
  return value;
}
