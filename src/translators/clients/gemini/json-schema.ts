// Gemini's Schema, OpenAPI's with types in capitals, as JSON Schema. Must not know where the schema stands.
import { isRawNumber } from "../../../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";
import { spelled } from "./spelling.ts";

/** Members that count; Gemini's own JSON writes 64-bit numbers as texts. */
const counts: ReadonlySet<string> = new Set([
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "minProperties",
  "maxProperties",
]);

/** Members without meaning in JSON Schema. */
const noMeaning: ReadonlySet<string> = new Set(["nullable", "propertyOrdering", "example"]);

/** Bodies are no deeper than this anyway. */
const deepest = 128;

/** A schema that is JSON Schema already comes out as it is. */
export function jsonSchemaOf(value: unknown, param: string, depth = 0): JsonObject {
  const schema = spelled(value, param);
  if (depth > deepest) return {};
  const isNullable = schema["nullable"] === true;
  const written: [string, unknown][] = [];
  for (const [name, member] of Object.entries(schema)) {
    if (!noMeaning.has(name)) written.push([name, memberOf(name, member, { param, depth, isNullable })]);
  }
  const whole = Object.fromEntries(written);
  return isNullable && whole["type"] === undefined ? { anyOf: [whole, { type: "null" }] } : whole;
}

interface Place {
  readonly param: string;
  readonly depth: number;
  readonly isNullable: boolean;
}

function memberOf(name: string, member: unknown, { param, depth, isNullable }: Place): unknown {
  const inner = (value: unknown): unknown =>
    isJsonObject(value) && !isRawNumber(value) ? jsonSchemaOf(value, `${param}.${name}`, depth + 1) : value;
  switch (name) {
    case "type":
      return typeOf(member, isNullable);
    case "enum":
      return isNullable && Array.isArray(member) && !member.includes(null) ? [...member, null] : member;
    case "items":
    case "additionalProperties":
    case "not":
      return inner(member);
    case "anyOf":
    case "oneOf":
    case "allOf":
    case "prefixItems":
      return Array.isArray(member) ? member.map(inner) : member;
    case "properties":
    case "$defs":
    case "definitions":
      if (!isJsonObject(member)) return member;
      return Object.fromEntries(Object.entries(member).map(([key, each]) => [key, inner(each)]));
    default:
      return counts.has(name) && typeof member === "string" && /^\d{1,15}$/.test(member)
        ? Number(member)
        : member;
  }
}

function typeOf(type: unknown, isNullable: boolean): unknown {
  if (typeof type !== "string") return type;
  const name = type.toLowerCase();
  if (name === "type_unspecified") return undefined;
  return isNullable && name !== "null" ? [name, "null"] : name;
}
