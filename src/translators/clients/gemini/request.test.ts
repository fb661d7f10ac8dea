// Every field of Gemini's generateContent but its contents in chat form, in both of its spellings.
import { describe, expect, test } from "vitest";
import { parseExactJson } from "../../../lib/exact-json.ts";
import { compare, read, type Row } from "./request-fixture.ts";

const config = (generationConfig: object) => ({ generationConfig });
const capitals = {
  type: "OBJECT",
  properties: {
    a: { type: "STRING", nullable: true },
    b: { type: "ARRAY", items: { type: "INTEGER" }, minItems: "2" },
  },
  propertyOrdering: ["a", "b"],
  required: ["a"],
};
const plain = {
  type: "object",
  properties: {
    a: { type: ["string", "null"] },
    b: { type: "array", items: { type: "integer" }, minItems: 2 },
  },
  required: ["a"],
};

const generationRows: readonly Row[] = [
  ["nothing", {}, { messages: [{ role: "user", content: "Hi" }], others: {}, stream_options: undefined }],
  ["maxOutputTokens", config({ maxOutputTokens: 5 }), { max_tokens: 5 }],
  ["max_output_tokens", { generation_config: { max_output_tokens: 5 } }, { max_tokens: 5 }],
  ["temperature", config({ temperature: 0.5 }), { temperature: 0.5 }],
  ["topP and top_k", config({ topP: 0.5, top_k: 4 }), { top_p: 0.5, top_k: 4 }],
  ["seed", config({ seed: 7 }), { seed: 7 }],
  [
    "penalties",
    config({ presencePenalty: 1, frequencyPenalty: -1 }),
    { presence_penalty: 1, frequency_penalty: -1 },
  ],
  ["candidateCount", config({ candidateCount: 2 }), { n: 2 }],
  ["logprobs", config({ responseLogprobs: true, logprobs: 3 }), { logprobs: true, top_logprobs: 3 }],
  ["stopSequences", config({ stopSequences: ["a", "b"] }), { stop: ["a", "b"] }],
  ["stopSequences of nothing", config({ stopSequences: [] }), { stop: undefined }],
  ["plain text", config({ responseMimeType: "text/plain" }), { response_format: undefined }],
  ["JSON", config({ responseMimeType: "application/json" }), { response_format: { type: "json_object" } }],
  [
    "JSON of a schema in capitals",
    config({ responseMimeType: "application/json", responseSchema: capitals }),
    { response_format: { type: "json_schema", json_schema: { name: "answer", schema: plain } } },
  ],
  [
    "JSON of a JSON Schema",
    config({ responseMimeType: "application/json", responseJsonSchema: { type: "object", $defs: {} } }),
    {
      response_format: {
        type: "json_schema",
        json_schema: { name: "answer", schema: { type: "object", $defs: {} } },
      },
    },
  ],
  [
    "another type",
    config({ responseMimeType: "text/x.enum" }),
    { response_format: undefined },
    ["generationConfig.responseMimeType;dropped"],
  ],
  ["text as the modality", config({ responseModalities: ["TEXT"] }), {}],
  [
    "pictures as a modality",
    config({ responseModalities: ["TEXT", "IMAGE"] }),
    {},
    ["generationConfig.responseModalities;dropped"],
  ],
  [
    "a budget",
    config({ thinkingConfig: { thinkingBudget: 2_048 } }),
    { thinking: { type: "enabled", budget_tokens: 2_048 } },
  ],
  ["a budget of none", config({ thinkingConfig: { thinkingBudget: 0 } }), { thinking: { type: "disabled" } }],
  [
    "a budget as it likes",
    config({ thinkingConfig: { thinkingBudget: -1 } }),
    { thinking: { type: "adaptive" } },
  ],
  ["a level", config({ thinking_config: { thinking_level: "HIGH" } }), { reasoning_effort: "high" }],
  [
    "no level",
    config({ thinkingConfig: { thinkingLevel: "THINKING_LEVEL_UNSPECIFIED" } }),
    { reasoning_effort: undefined },
  ],
  ["thoughts alone", config({ thinkingConfig: { includeThoughts: true } }), { thinking: undefined }],
  [
    "null, which is as good as none",
    config({ temperature: null, stopSequences: null }),
    { temperature: undefined, stop: undefined },
  ],
  [
    "fields without a place, by their whole names",
    { ...config({ speechConfig: { a: 1 } }), safetySettings: [1], labels: { a: "b" } },
    { others: { "generationConfig.speechConfig": { a: 1 }, safetySettings: [1], labels: { a: "b" } } },
  ],
  ["safety_settings", { safety_settings: [1] }, { others: { safetySettings: [1] } }],
];

describe("generationConfig", () => {
  test.each(generationRows.map((row) => [row[0], row] as const))("%s", (_name, row) => compare(row));

  test("numbers keep their digits", () => {
    const { chat } = read(
      parseExactJson(
        '{"generationConfig":{"temperature":1.0,"thinkingConfig":{"thinkingBudget":1e3}}}',
      ) as object,
    );
    expect(JSON.stringify([chat.temperature, chat.thinking?.budget_tokens])).toBe("[1.0,1e3]");
  });

  test("a stream asks for usage, as Gemini always tells it", () => {
    expect(read({}, true).chat).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });
});

const declared = { name: "f", description: "d", parameters: capitals };
const made = { type: "function", function: { name: "f", description: "d", parameters: plain } };
const tools = [{ functionDeclarations: [declared] }];
const calling = (functionCallingConfig: object) => ({ tools, toolConfig: { functionCallingConfig } });
const two = { tools: [{ functionDeclarations: [{ name: "f" }, { name: "g" }] }] };

const toolRows: readonly Row[] = [
  ["a function", { tools }, { tools: [made], tool_choice: undefined }],
  ["a function in the other spelling", { tools: [{ function_declarations: [declared] }] }, { tools: [made] }],
  [
    "a function of a JSON Schema",
    { tools: [{ functionDeclarations: [{ name: "f", parametersJsonSchema: { type: "object", a_b: 1 } }] }] },
    { tools: [{ type: "function", function: { name: "f", parameters: { type: "object", a_b: 1 } } }] },
  ],
  [
    "a function without parameters",
    { tools: [{ functionDeclarations: [{ name: "f", description: "" }] }] },
    { tools: [{ type: "function", function: { name: "f" } }] },
  ],
  [
    "what it answers with",
    { tools: [{ functionDeclarations: [{ name: "f", response: {}, behavior: "BLOCKING" }] }] },
    { tools: [{ type: "function", function: { name: "f" } }] },
    ["tools.0.functionDeclarations.0.response;dropped", "tools.0.functionDeclarations.0.behavior;dropped"],
  ],
  [
    "tools that Google runs",
    { tools: [{ googleSearch: {} }, { code_execution: {} }] },
    { tools: undefined },
    ["tools.0.googleSearch;dropped", "tools.1.codeExecution;dropped"],
  ],
  ["mode AUTO", calling({ mode: "AUTO" }), { tool_choice: "auto" }],
  [
    "mode auto in small letters",
    { tools, tool_config: { function_calling_config: { mode: "none" } } },
    { tool_choice: "none" },
  ],
  ["mode ANY", calling({ mode: "ANY" }), { tool_choice: "required" }],
  [
    "mode ANY with one name",
    calling({ mode: "ANY", allowedFunctionNames: ["f"] }),
    { tool_choice: { type: "function", function: { name: "f" } } },
  ],
  [
    "mode ANY with names",
    { ...two, toolConfig: { functionCallingConfig: { mode: "ANY", allowed_function_names: ["f", "g"] } } },
    {
      tool_choice: {
        type: "allowed_tools",
        allowed_tools: {
          mode: "required",
          tools: ["f", "g"].map((name) => ({ type: "function", function: { name } })),
        },
      },
    },
  ],
  [
    "mode VALIDATED",
    calling({ mode: "VALIDATED" }),
    { tool_choice: "auto" },
    ["toolConfig.functionCallingConfig.mode;rewritten"],
  ],
  [
    "a config beside it",
    { tools, toolConfig: { retrievalConfig: {} } },
    { tool_choice: undefined },
    ["toolConfig.retrievalConfig;dropped"],
  ],
  [
    "a config without tools",
    { toolConfig: { functionCallingConfig: { mode: "ANY" } } },
    { tool_choice: undefined },
  ],
];

describe("tools and toolConfig", () => {
  test.each(toolRows.map((row) => [row[0], row] as const))("%s", (_name, row) => compare(row));
});

const asked = (schema: object): unknown => {
  const { tools: found } = read({
    tools: [{ functionDeclarations: [{ name: "f", parameters: schema }] }],
  }).chat;
  return found?.[0]?.function.parameters;
};

describe("schemas", () => {
  test.each<[string, object, object]>([
    [
      "types of every kind",
      { anyOf: [{ type: "NUMBER" }, { type: "BOOLEAN" }, { type: "NULL" }] },
      { anyOf: [{ type: "number" }, { type: "boolean" }, { type: "null" }] },
    ],
    ["no type", { type: "TYPE_UNSPECIFIED", description: "d" }, { type: undefined, description: "d" }],
    [
      "nullable with choices",
      { type: "STRING", enum: ["a"], nullable: true },
      { type: ["string", "null"], enum: ["a", null] },
    ],
    [
      "nullable without a type",
      { anyOf: [{ type: "STRING" }], nullable: true },
      { anyOf: [{ anyOf: [{ type: "string" }] }, { type: "null" }] },
    ],
    [
      "members of both spellings",
      { type: "OBJECT", any_of: [{ type: "STRING", min_length: "3" }] },
      { type: "object", anyOf: [{ type: "string", minLength: 3 }] },
    ],
    [
      "properties keep their names",
      { properties: { snake_case: { type: "STRING" }, __proto__: {} } },
      { properties: { snake_case: { type: "string" } } },
    ],
    [
      "JSON Schema as it is",
      {
        type: ["string", "null"],
        $ref: "#/$defs/a",
        $defs: { a: { type: "string" } },
        additionalProperties: false,
      },
      {
        type: ["string", "null"],
        $ref: "#/$defs/a",
        $defs: { a: { type: "string" } },
        additionalProperties: false,
      },
    ],
    [
      "examples and order mean nothing",
      { type: "STRING", example: "x", propertyOrdering: [] },
      { type: "string" },
    ],
  ])("%s", (_name, schema, expected) => expect(asked(schema)).toEqual(expected));

  test("what nests without end ends", () => {
    let schema: object = { type: "STRING" };
    for (let depth = 0; depth < 500; depth += 1) schema = { type: "ARRAY", items: schema };
    expect(JSON.stringify(asked(schema)).length).toBeLessThan(5_000);
  });
});
