// Whether a JSON schema can be kept to the letter by OpenAI's strict mode: Anthropic promises it for more schemas.
import { isJsonObject, listOf, memberOf } from "../../../lib/json-value.ts";

/** Deeper than any schema that is meant to be answered. */
const deepest = 32;

/** All objects are closed and all their properties required. */
export function fitsStrictly(schema: unknown, depth = 0): boolean {
  if (Array.isArray(schema)) return schema.every((each) => fitsStrictly(each, depth + 1));
  if (!isJsonObject(schema)) return true;
  if (depth > deepest) return false;
  const properties = memberOf(schema, "properties");
  if (schema["type"] === "object" || properties !== undefined) {
    if (schema["additionalProperties"] !== false) return false;
    const required = new Set(listOf(schema, "required"));
    if (!isJsonObject(properties) || !Object.keys(properties).every((name) => required.has(name)))
      return false;
  }
  return Object.entries(schema).every(([key, value]) =>
    key === "properties" && isJsonObject(value)
      ? Object.values(value).every((each) => fitsStrictly(each, depth + 1))
      : fitsStrictly(value, depth + 1),
  );
}
