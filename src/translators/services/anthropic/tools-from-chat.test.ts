import { describe, expect, test } from "vitest";
import { make, said, tool, type Made } from "./request-fixture.ts";

describe("tools and which must be called", () => {
  const tools = [tool("look"), tool("find")];
  const names = (made: Made): unknown =>
    (made.body["tools"] as { name: string }[] | undefined)?.map(({ name }) => name);

  test("a tool without parameters has a schema all the same; strict is kept", () => {
    const { body } = make({
      tools: [
        { type: "function", function: { name: "a", description: "Does" } },
        { type: "function", function: { name: "b", parameters: { properties: {} }, strict: true } },
        { type: "function", function: { name: "c", parameters: { type: "object" }, strict: null } },
      ],
    });
    expect(body["tools"]).toEqual([
      { name: "a", description: "Does", input_schema: { type: "object", properties: {} } },
      { name: "b", input_schema: { type: "object", properties: {} }, strict: true },
      { name: "c", input_schema: { type: "object" } },
    ]);
  });

  test.each([
    { name: "unsaid", fields: {}, choice: undefined },
    { name: "none", fields: { tool_choice: "none" }, choice: { type: "none" } },
    { name: "auto", fields: { tool_choice: "auto" }, choice: { type: "auto" } },
    { name: "required", fields: { tool_choice: "required" }, choice: { type: "any" } },
    {
      name: "one of them",
      fields: { tool_choice: { type: "function", function: { name: "find" } } },
      choice: { type: "tool", name: "find" },
    },
    {
      name: "one at a time",
      fields: { parallel_tool_calls: false },
      choice: { type: "auto", disable_parallel_tool_use: true },
    },
    {
      name: "one at a time of those required",
      fields: { tool_choice: "required", parallel_tool_calls: false },
      choice: { type: "any", disable_parallel_tool_use: true },
    },
    {
      name: "none, not even one at a time",
      fields: { tool_choice: "none", parallel_tool_calls: false },
      choice: { type: "none" },
    },
    { name: "several at a time, as ever", fields: { parallel_tool_calls: true }, choice: undefined },
  ] as const)("defect 5: $name", ({ fields, choice }) => {
    const made = make({ tools, ...fields });
    expect(made.body["tool_choice"]).toEqual(choice);
    expect(names(made)).toEqual(["look", "find"]);
    expect(made.warnings).toEqual([]);
  });

  test.each(["auto", "required"] as const)("some that are allowed, %s", (mode) => {
    const allowed = [{ type: "function", function: { name: "find" } }];
    const made = make({
      tools,
      tool_choice: { type: "allowed_tools", allowed_tools: { mode, tools: allowed } },
    });
    expect(names(made)).toEqual(["find"]);
    expect(made.body["tool_choice"]).toEqual({ type: mode === "auto" ? "auto" : "any" });
  });

  test("a choice without tools is noted where it would matter", () => {
    expect(make({ tool_choice: "auto" }).warnings).toEqual([]);
    const made = make({ tool_choice: "required" });
    expect(made.warnings).toEqual(["tool_choice;dropped"]);
    expect(made.body["tool_choice"]).toBeUndefined();
  });

  test("a model without tools is sent none", () => {
    const made = make({ tools }, { traits: { tools: false } });
    expect(made.body["tools"]).toBeUndefined();
    expect(made.warnings).toEqual(["tools;dropped"]);
  });
});

describe("the form of the answer", () => {
  const schema = {
    type: "object",
    properties: { a: { type: "string" } },
    required: ["a"],
    additionalProperties: false,
  };
  const open = {
    type: "object",
    properties: {
      a: { type: "array", items: { type: "object", properties: {} } },
      b: { anyOf: [{ type: "object", properties: {}, additionalProperties: true }, { type: "null" }] },
      c: { enum: [{ type: "object" }] },
    },
  };
  const closed = {
    type: "object",
    properties: {
      a: { type: "array", items: { type: "object", properties: {}, additionalProperties: false } },
      b: { anyOf: [{ type: "object", properties: {}, additionalProperties: false }, { type: "null" }] },
      c: { enum: [{ type: "object" }] },
    },
    additionalProperties: false,
  };
  const format = (given: Record<string, unknown>) =>
    ({ type: "json_schema", json_schema: { name: "the answer", schema: given } }) as const;

  test.each([
    { name: "a schema", given: schema, sent: schema, warnings: [] },
    {
      name: "a schema of open objects is closed",
      given: open,
      sent: closed,
      warnings: ["response_format;rewritten"],
    },
  ])("$name", ({ given, sent, warnings }) => {
    const made = make({ response_format: format(given) });
    expect(made.body["output_config"]).toEqual({ format: { type: "json_schema", schema: sent } });
    expect(made.warnings).toEqual(warnings);
  });

  test("any JSON object is asked for in words", () => {
    const made = make({ response_format: { type: "json_object" } });
    expect(made.body["system"]).toEqual([said("Answer with one JSON object and nothing else.")]);
    expect(made.warnings).toEqual(["response_format;rewritten"]);
  });

  test("a text needs no word", () => {
    expect(make({ response_format: { type: "text" } })).toEqual(make({}));
  });

  test("a model without schemas must call a tool that takes the answer", () => {
    const made = make({ response_format: format(schema) }, { traits: { jsonSchema: false } });
    expect(made.body["tools"]).toEqual([
      expect.objectContaining({ name: "the_answer", input_schema: schema }),
    ]);
    expect(made.body["tool_choice"]).toEqual({ type: "tool", name: "the_answer" });
    expect(made.warnings).toEqual(["response_format;rewritten"]);
  });

  test("beside other tools it may call those first; no name stands twice", () => {
    const made = make(
      { response_format: format(schema), tools: [tool("the_answer")] },
      { traits: { jsonSchema: false } },
    );
    expect(made.body["tool_choice"]).toEqual({ type: "any" });
    expect(JSON.stringify(made.body["tools"])).toContain('"name":"the_answer_2"');
  });

  test("a model without schemas and tools is told the schema in words", () => {
    const made = make({ response_format: format(schema) }, { traits: { jsonSchema: false, tools: false } });
    expect(JSON.stringify(made.body["system"])).toContain("JSON Schema");
    expect(made.body["tools"]).toBeUndefined();
  });
});
