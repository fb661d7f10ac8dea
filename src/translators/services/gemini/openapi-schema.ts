// JSON Schema in the subset of OpenAPI that older Gemini models take. What has no place there is left out: it narrows
// what the model may write, nothing else. Must not know where the schema stands.
import { isJsonObject, memberOf, type JsonObject } from "../../../lib/json-value.ts";

/** Members that hold one schema, and those that hold plain values. */
const plainMembers = [
  "title",
  "description",
  "format",
  "minimum",
  "maximum",
  "minItems",
  "maxItems",
  "minLength",
  "maxLength",
  "minProperties",
  "maxProperties",
  "pattern",
  "example",
  "default",
  "nullable",
  "propertyOrdering",
] as const;

/** Formats that are taken; others are refused with the whole request. */
const formats: Readonly<Record<string, readonly string[]>> = {
  string: ["enum", "date-time"],
  number: ["float", "double"],
  integer: ["int32", "int64"],
};

/** Deeper schemas, and definitions that contain themselves, end in an object without properties. */
const deepest = 32;
/** Schemas that are written at most: definitions that name each other many times grow without end. */
const mostSchemas = 5_000;

export function openApiSchema(schema: JsonObject): JsonObject {
  return new SchemaWriter(schema).write(schema, 0);
}

class SchemaWriter {
  readonly #root: JsonObject;
  #written = 0;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  write(value: unknown, depth: number): JsonObject {
    this.#written += 1;
    const schema = this.#resolve(value);
    if (!isJsonObject(schema) || depth > deepest || this.#written > mostSchemas) return { type: "object" };
    const draft: Record<string, unknown> = {};
    const types = typesOf(schema);
    const [type] = types;
    if (types.length === 1) draft["type"] = type;
    if (isNullable(schema)) draft["nullable"] = true;
    for (const name of plainMembers) {
      const member = memberOf(schema, name);
      if (member !== undefined && !(name === "format" && !takesFormat(type, member))) draft[name] = member;
    }
    this.#addEnum(draft, schema, type);
    this.#addAlternatives(draft, schema, types, depth);
    this.#addMembers(draft, schema, depth);
    return draft;
  }

  /** Follows `#/$defs/Name` and `#/definitions/Name`; members beside the reference stay. */
  #resolve(value: unknown): unknown {
    let schema = value;
    for (let steps = 0; steps < deepest && isJsonObject(schema); steps += 1) {
      const reference = memberOf(schema, "$ref");
      if (typeof reference !== "string") return schema;
      const { $ref: _, ...beside } = schema;
      const target = this.#find(reference);
      schema = isJsonObject(target) ? { ...target, ...beside } : { type: "object", ...beside };
    }
    return schema;
  }

  #find(reference: string): unknown {
    if (reference === "#") return this.#root;
    if (!reference.startsWith("#/")) return undefined;
    let found: unknown = this.#root;
    for (const step of reference.slice(2).split("/"))
      found = memberOf(found, step.replaceAll("~1", "/").replaceAll("~0", "~"));
    return found;
  }

  /** Only texts may be listed. */
  #addEnum(draft: Record<string, unknown>, schema: JsonObject, type: string | undefined): void {
    const constant = memberOf(schema, "const");
    const values = memberOf(schema, "enum") ?? (constant === undefined ? undefined : [constant]);
    if (!Array.isArray(values) || (type !== undefined && type !== "string")) return;
    const texts = values.filter((value): value is string => typeof value === "string" && value !== "");
    if (texts.length === 0) return;
    draft["type"] = "string";
    draft["enum"] = texts;
  }

  #addAlternatives(
    draft: Record<string, unknown>,
    schema: JsonObject,
    types: readonly string[],
    depth: number,
  ): void {
    const listed = memberOf(schema, "anyOf") ?? memberOf(schema, "oneOf");
    if (Array.isArray(listed)) {
      const real = listed.filter((each) => memberOf(each, "type") !== "null");
      if (real.length < listed.length) draft["nullable"] = true;
      const [only] = real;
      if (real.length === 1) Object.assign(draft, this.write(only, depth + 1));
      else if (real.length > 1) draft["anyOf"] = real.map((each) => this.write(each, depth + 1));
    } else if (types.length > 1) {
      draft["anyOf"] = types.map((type) => this.write({ ...schema, type }, depth + 1));
      for (const name of Object.keys(draft)) if (!outside.has(name)) delete draft[name];
      return;
    }
    const all = memberOf(schema, "allOf");
    if (Array.isArray(all)) for (const each of all) Object.assign(draft, this.write(each, depth + 1));
  }

  #addMembers(draft: Record<string, unknown>, schema: JsonObject, depth: number): void {
    if (draft["anyOf"] !== undefined) return;
    const properties = memberOf(schema, "properties");
    if (isJsonObject(properties)) {
      const written = Object.entries(properties).map(([name, each]) => [name, this.write(each, depth + 1)]);
      draft["properties"] = Object.fromEntries(written);
      draft["type"] ??= "object";
    }
    const required = memberOf(schema, "required");
    if (Array.isArray(required) && isJsonObject(properties)) {
      const known = required.filter((name) => typeof name === "string" && Object.hasOwn(properties, name));
      if (known.length > 0) draft["required"] = known;
    }
    const items = memberOf(schema, "items") ?? firstOf(memberOf(schema, "prefixItems"));
    if (items !== undefined) draft["items"] = this.write(firstOf(items) ?? items, depth + 1);
    else if (draft["type"] === "array") draft["items"] = { type: "string" };
  }
}

/** Members that stay beside alternatives. */
const outside: ReadonlySet<string> = new Set(["anyOf", "nullable", "title", "description", "default"]);

function typesOf(schema: JsonObject): string[] {
  const type = memberOf(schema, "type");
  const listed: readonly unknown[] = Array.isArray(type) ? type : [type];
  return listed.filter((each): each is string => typeof each === "string" && each !== "null");
}

function isNullable(schema: JsonObject): boolean {
  const type = memberOf(schema, "type");
  return Array.isArray(type) && type.includes("null");
}

function takesFormat(type: string | undefined, format: unknown): boolean {
  const known = type !== undefined && Object.hasOwn(formats, type) ? formats[type] : undefined;
  return typeof format === "string" && (known?.includes(format) ?? false);
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}
