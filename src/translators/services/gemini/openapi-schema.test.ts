import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../../lib/json-value.ts";
import { openApiSchema } from "./openapi-schema.ts";

const text = { type: "string" };

describe("defect 12: schemas for models that know only OpenAPI's subset", () => {
  const rows: [string, JsonObject, JsonObject][] = [
    [
      "keys that are refused go, a property of that name stays",
      {
        type: "object",
        $schema: "x",
        $comment: "y",
        additionalProperties: false,
        properties: { additionalProperties: text, const: text },
        patternProperties: {},
        propertyNames: text,
        required: ["const", "gone"],
      },
      {
        type: "object",
        properties: { additionalProperties: text, const: text },
        required: ["const"],
      },
    ],
    [
      "bounds that exclude go",
      { type: "integer", exclusiveMinimum: 0, minimum: 1 },
      { type: "integer", minimum: 1 },
    ],
    ["a type or null is nullable", { type: ["string", "null"] }, { type: "string", nullable: true }],
    [
      "null among alternatives is nullable",
      { anyOf: [text, { type: "null" }] },
      { nullable: true, type: "string" },
    ],
    [
      "several types are alternatives",
      { type: ["string", "integer"], description: "d" },
      {
        description: "d",
        anyOf: [
          { type: "string", description: "d" },
          { type: "integer", description: "d" },
        ],
      },
    ],
    ["a constant is a list of one", { const: "a" }, { type: "string", enum: ["a"] }],
    ["only texts are listed", { type: "integer", enum: [1, 2] }, { type: "integer" }],
    [
      "definitions are put in",
      { type: "object", properties: { a: { $ref: "#/$defs/A" } }, $defs: { A: text } },
      {
        type: "object",
        properties: { a: text },
      },
    ],
    ["a format that is not known goes", { type: "string", format: "uri" }, { type: "string" }],
    [
      "a known format stays",
      { type: "string", format: "date-time" },
      { type: "string", format: "date-time" },
    ],
    ["a list says of what", { type: "array" }, { type: "array", items: text }],
    [
      "a list of places has the first",
      { type: "array", prefixItems: [text] },
      { type: "array", items: text },
    ],
    [
      "parts that all hold are joined",
      { allOf: [{ type: "object", properties: { a: text } }] },
      {
        type: "object",
        properties: { a: text },
      },
    ],
  ];
  test.each(rows)("%s", (_name, schema, expected) => {
    expect(openApiSchema(schema)).toEqual(expected);
  });

  test("a definition that holds itself ends", () => {
    const schema = {
      $ref: "#/$defs/Node",
      $defs: { Node: { type: "object", properties: { next: { $ref: "#/$defs/Node" } } } },
    };
    expect(JSON.stringify(openApiSchema(schema)).length).toBeLessThan(10_000);
  });

  test("definitions that name each other many times do not grow without end", () => {
    const twice = (name: string): JsonObject => ({
      type: "object",
      properties: { a: { $ref: `#/$defs/${name}` }, b: { $ref: `#/$defs/${name}` } },
    });
    const names = Array.from({ length: 30 }, (_, at) => `d${at}`);
    const defs = Object.fromEntries(names.map((name, at) => [name, twice(names[at + 1] ?? name)]));
    expect(JSON.stringify(openApiSchema({ $ref: "#/$defs/d0", $defs: defs })).length).toBeLessThan(1_000_000);
  });

  test("a property named like a prototype is one", () => {
    const schema = JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string"}}}') as JsonObject; // Of an object.
    expect(JSON.stringify(openApiSchema(schema))).toContain('"__proto__":{"type":"string"}');
  });
});
