// Invents a value that fits a JSON schema, for tool arguments and structured answers. Must not know protocols.
import { isRecord } from "./fields.ts";
import type { JsonObject } from "./fields.ts";

/** Deeper schemas get null: a recursive one would never end. */
const mostDepth = 12;

const formats: ReadonlyMap<unknown, string> = new Map([
  ["date-time", "2026-01-01T00:00:00Z"],
  ["date", "2026-01-01"],
  ["time", "00:00:00Z"],
  ["email", "simulated@example.com"],
  ["uri", "https://example.com/simulated"],
  ["uuid", "00000000-0000-4000-8000-000000000000"],
]);

/** A value that fits the schema, always the same. Unknown keywords are ignored; no schema gives "simulated". */
export function sampleValue(schema: unknown): unknown {
  return sample(schema, schema, 0);
}

function sample(schema: unknown, root: unknown, depth: number): unknown {
  if (!isRecord(schema)) return "simulated";
  if (depth > mostDepth) return null;
  const given = givenValue(schema);
  if (given !== undefined) return given;
  const other = otherSchema(schema, root);
  if (other !== undefined) return sample(other, root, depth + 1);
  switch (typeOf(schema)) {
    case "object":
      return sampleObject(schema, root, depth);
    case "array":
      return sampleArray(schema, root, depth);
    case "integer":
    case "number":
      return sampleNumber(schema);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return sampleString(schema);
  }
}

/** The schema itself names a value: const, default, the first of its examples or of its enum. */
function givenValue(schema: JsonObject): unknown {
  const lists = [schema["examples"], schema["enum"]].map((list) => (Array.isArray(list) ? list : []));
  const [examples = [], choices = []] = lists;
  return [schema["const"], schema["default"], examples[0], choices[0]].find((value) => value !== undefined);
}

/** The schema points elsewhere: a local reference, or the first alternative that is not null. */
function otherSchema(schema: JsonObject, root: unknown): unknown {
  const reference = schema["$ref"];
  if (typeof reference === "string") return resolve(reference, root);
  const alternatives = schema["anyOf"] ?? schema["oneOf"] ?? schema["allOf"];
  if (!Array.isArray(alternatives)) return undefined;
  const list: readonly unknown[] = alternatives;
  return list.find((entry) => isRecord(entry) && entry["type"] !== "null");
}

function resolve(reference: string, root: unknown): unknown {
  let found = root;
  for (const step of reference.split("/").slice(1)) found = isRecord(found) ? found[step] : undefined;
  return found;
}

function typeOf(schema: JsonObject): unknown {
  const type = schema["type"];
  if (Array.isArray(type)) return type.find((name) => name !== "null");
  return type ?? (isRecord(schema["properties"]) ? "object" : "string");
}

function sampleObject(schema: JsonObject, root: unknown, depth: number): JsonObject {
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const required: readonly unknown[] = Array.isArray(schema["required"]) ? schema["required"] : [];
  // Without required fields an empty object would fit, but shows nothing.
  const wanted = Object.keys(properties).filter((name) => required.length === 0 || required.includes(name));
  return Object.fromEntries(wanted.map((name) => [name, sample(properties[name], root, depth + 1)]));
}

function sampleArray(schema: JsonObject, root: unknown, depth: number): unknown[] {
  const least = typeof schema["minItems"] === "number" ? schema["minItems"] : 1;
  const length = Math.min(Math.max(least, 1), 100);
  return Array.from({ length }, () => sample(schema["items"], root, depth + 1));
}

function sampleNumber(schema: JsonObject): number {
  if (typeof schema["minimum"] === "number") return schema["minimum"];
  if (typeof schema["exclusiveMinimum"] === "number") return schema["exclusiveMinimum"] + 1;
  return typeof schema["maximum"] === "number" ? Math.min(1, schema["maximum"]) : 1;
}

function sampleString(schema: JsonObject): string {
  const text = formats.get(schema["format"]) ?? "simulated";
  const least = typeof schema["minLength"] === "number" ? Math.min(schema["minLength"], 1_000) : 0;
  const most = typeof schema["maxLength"] === "number" ? schema["maxLength"] : Infinity;
  return text.padEnd(least, "-").slice(0, most);
}
