// JSON Schemas of all kinds for OpenAPI, made from the zod schemas: one for writers, one for readers of each.
import { z } from "zod";
import type { Kind } from "../../resources/kinds.ts";
import { schemas } from "../../resources/registry.ts";
import { kinds } from "../../resources/resource-set.ts";
import { isJsonObject } from "../merge-patch.ts";
import type { JsonObject } from "../merge-patch.ts";
import type { JsonSchema } from "../operation.ts";
import { tokenFactSchemas } from "../token-facts.ts";
import { userFactSchemas } from "../user-facts.ts";

/** What readers get beside the fields of the schema. */
const factSchemas: Readonly<Partial<Record<Kind, Readonly<Record<string, JsonSchema>>>>> = {
  tokens: tokenFactSchemas,
  users: userFactSchemas,
};

const maskReference: JsonSchema = { $ref: "#/components/schemas/SecretMask" };

/** Of objects of a kind as they are sent, and as they are read. */
export function schemaNames(kind: Kind): { readonly input: string; readonly output: string } {
  const name = kind
    .replace(/s$/u, "")
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
  return { input: `${name}Input`, output: name };
}

export function schemaReference(name: string): JsonSchema {
  return { $ref: `#/components/schemas/${name}` };
}

/** A reference to a page of such objects. */
export function pageOf(item: JsonSchema): JsonSchema {
  return {
    type: "object",
    required: ["items", "nextCursor"],
    properties: { items: { type: "array", items: item }, nextCursor: { type: ["string", "null"] } },
  };
}

/** Every named schema of resources. */
export function resourceSchemas(): Record<string, JsonSchema> {
  const named: Record<string, JsonSchema> = {
    SecretMask: {
      type: "object",
      description: "A secret that is set. Sent back like this, it keeps its value.",
      required: ["set", "hint"],
      properties: { set: { const: true }, hint: { type: ["string", "null"], examples: ["…abcd"] } },
      additionalProperties: false,
    },
  };
  for (const kind of kinds) {
    const { input, output } = schemaNames(kind);
    const schema = withOwnParts(
      asObject(z.toJSONSchema(schemas[kind], { io: "input", unrepresentable: "any" })),
      input,
      named,
    );
    named[input] = asObject(rewriteSecrets(schema, writtenSecret));
    const read = withReaderFields(asObject(rewriteSecrets(schema, () => maskReference)));
    const facts = factSchemas[kind];
    named[output] =
      facts === undefined ? read : { ...read, properties: { ...asObject(read["properties"]), ...facts } };
  }
  return named;
}

/** What refers to itself stands beside the schemas of kinds, under the name of the one that it is part of. */
function withOwnParts(schema: JsonObject, owner: string, named: Record<string, JsonSchema>): JsonObject {
  const text = JSON.stringify(schema).replaceAll('"#/$defs/', `"#/components/schemas/${owner}.`);
  const { $schema: _dialect, $defs: parts, ...rest } = asObject(JSON.parse(text));
  for (const [name, part] of Object.entries(asObject(parts))) named[`${owner}.${name}`] = asObject(part);
  return rest;
}

/** Stored forms of a secret are ours alone: writers send a text, the mask or null. */
function writtenSecret(alternatives: readonly unknown[]): JsonSchema {
  return { anyOf: [...alternatives, maskReference, { type: "null" }] };
}

function rewriteSecrets(node: unknown, rewrite: (alternatives: readonly unknown[]) => JsonSchema): unknown {
  if (Array.isArray(node)) return node.map((item) => rewriteSecrets(item, rewrite));
  if (!isJsonObject(node)) return node;
  const alternatives = node["anyOf"];
  if (Array.isArray(alternatives) && alternatives.some(isStoredForm)) {
    const { anyOf: _stored, ...rest } = node;
    return { ...rest, ...rewrite(alternatives.filter((item) => !isStoredForm(item))) };
  }
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [name, rewriteSecrets(value, rewrite)]),
  );
}

function isStoredForm(schema: unknown): boolean {
  const properties = isJsonObject(schema) ? schema["properties"] : undefined;
  return isJsonObject(properties) && "hint" in properties && ("sealed" in properties || "hash" in properties);
}

const readerFields: JsonObject = {
  revision: { type: "integer", description: "Store revision of the last change; goes into If-Match." },
  managedBy: { enum: ["api", "file"], description: "`file`: belongs to the started configuration file." },
  warnings: {
    type: "array",
    items: { type: "string" },
    description: "After a write: what its author should know.",
  },
};

function withReaderFields(schema: JsonObject): JsonObject {
  const { oneOf } = schema;
  if (Array.isArray(oneOf))
    return { ...schema, oneOf: oneOf.map((item) => withReaderFields(asObject(item))) };
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  return {
    ...schema,
    required: [...required, "revision", "managedBy"],
    properties: { ...asObject(schema["properties"]), ...readerFields },
  };
}

function asObject(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}
