// The made-up answers, their tokens and the values invented for a schema.
import { describe, expect, test } from "vitest";
import { answerTo } from "./answer.ts";
import type { Question } from "./answer.ts";
import { countConversation, lastPrompt, textOf } from "./conversation.ts";
import { sampleValue } from "./sample-value.ts";
import { countTokens, splitTokens } from "./tokens.ts";

const question: Question = {
  model: "m",
  prompt: "Tell me about the moon.",
  afterTool: false,
  tools: [],
  toolChoice: { kind: "auto" },
  maxTokens: null,
  outputTokens: 0,
  stop: [],
  answerSchema: null,
};

describe("an answer", () => {
  test("is always the same for the same question", () => {
    expect(answerTo(question, 0)).toEqual(answerTo({ ...question }, 0));
    expect(answerTo(question, 0)).not.toEqual(answerTo(question, 1));
  });

  test("has as many tokens as its usage says, also when counted from its text", () => {
    const answer = answerTo({ ...question, outputTokens: 500 }, 0);
    expect(answer.outputTokens).toBe(500);
    expect(countTokens(answer.pieces.join(""))).toBe(500);
  });

  test("is held to the smaller of the limit and the knob", () => {
    expect(answerTo({ ...question, outputTokens: 50, maxTokens: 10 }, 0)).toMatchObject({
      outputTokens: 10,
      ending: "limit",
    });
    expect(answerTo({ ...question, outputTokens: 10, maxTokens: 50 }, 0)).toMatchObject({
      outputTokens: 10,
      ending: "done",
    });
  });

  test("ends at the first of several stop sequences", () => {
    const answer = answerTo({ ...question, stop: ["answer", "is a", "absent"] }, 0);
    expect(answer).toMatchObject({ ending: "stop", stoppedBy: "is a" });
    expect(answer.pieces.join("")).toBe("This ");
  });

  test("quotes only the start of a long prompt, whole characters only", () => {
    const text = answerTo({ ...question, prompt: "🌙".repeat(200) }, 0).pieces.join("");
    expect(text).toContain(`"${"🌙".repeat(80)}…"`);
  });

  test("holds no tool call that would not fit into the limit", () => {
    const tools = [{ name: "look_up", schema: { properties: { text: {}, other: {} } } }];
    const forced = { ...question, tools, toolChoice: { kind: "forced", name: null } } as const;
    expect(answerTo(forced, 0).ending).toBe("tool");
    expect(answerTo({ ...forced, maxTokens: 2 }, 0)).toMatchObject({ ending: "limit", outputTokens: 2 });
  });

  test.each([
    { prompt: "Please use search_flights", tool: "search_flights" },
    { prompt: "Any FLIGHTS to Oslo?", tool: "search_flights" },
    { prompt: "Flights to Oslo", tool: "searchFlights" },
    { prompt: "Hello", tool: null },
  ])("to '$prompt' calls $tool", ({ prompt, tool }) => {
    const tools = [{ name: tool ?? "search_flights", schema: {} }];
    expect(answerTo({ ...question, prompt, tools }, 0).call?.name ?? null).toBe(tool);
  });
});

describe("tokens", () => {
  test.each([
    { text: "", tokens: [] },
    { text: "Hello, world", tokens: ["Hello", ",", " world"] },
    { text: "internationalisation", tokens: ["internat", "ionalisa", "tion"] },
    { text: "月が綺麗", tokens: ["月", "が", "綺", "麗"] },
    { text: "a 🌙\n\nb ", tokens: ["a", " 🌙", "\n\nb", " "] },
    { text: "Žluťoučký kůň", tokens: ["Žluťoučk", "ý", " kůň"] },
  ])("of '$text' are $tokens", ({ text, tokens }) => {
    expect(splitTokens(text)).toEqual(tokens);
    expect(countTokens(text)).toBe(tokens.length);
  });
});

describe("a conversation", () => {
  test("counts words, roles and attachments", () => {
    const parts = [
      { type: "text", text: "one two" },
      { type: "image_url", image_url: { url: "data:," } },
    ];
    expect(countConversation([{ role: "user", content: "one two" }])).toBe(6);
    expect(countConversation([{ role: "user", content: parts }])).toBe(91);
    expect(countConversation([{ role: "assistant", content: null }])).toBe(4);
  });

  test("takes the last words that the user said, not what a tool answered", () => {
    const result = [{ type: "tool_result", content: [{ type: "text", text: "sunny" }] }];
    expect(textOf(result)).toBe("sunny");
    expect(
      lastPrompt([
        { role: "user", content: "first" },
        { role: "user", content: [{ type: "text", text: "second" }] },
        { role: "assistant", content: "third" },
        { role: "user", content: result },
      ]),
    ).toBe("second");
  });
});

describe("a sample value", () => {
  const node = { type: "object", properties: { next: { $ref: "#/$defs/node" } } };
  test.each([
    { name: "const", schema: { const: 7 }, value: 7 },
    { name: "enum", schema: { type: "string", enum: ["a", "b"] }, value: "a" },
    { name: "default", schema: { type: "integer", default: 3 }, value: 3 },
    { name: "format", schema: { type: "string", format: "date" }, value: "2026-01-01" },
    { name: "length limits", schema: { type: "string", minLength: 11, maxLength: 12 }, value: "simulated--" },
    { name: "minimum", schema: { type: "integer", minimum: 5 }, value: 5 },
    { name: "nullable type", schema: { type: ["null", "boolean"] }, value: true },
    { name: "alternatives", schema: { anyOf: [{ type: "null" }, { type: "number" }] }, value: 1 },
    { name: "list", schema: { type: "array", items: { type: "boolean" }, minItems: 2 }, value: [true, true] },
    {
      name: "required fields only",
      schema: { type: "object", properties: { a: {}, b: {} }, required: ["a"] },
      value: { a: "simulated" },
    },
    {
      name: "reference",
      schema: { $ref: "#/$defs/id", $defs: { id: { type: "integer" } } },
      value: 1,
    },
    { name: "nothing", schema: undefined, value: "simulated" },
  ])("fits $name", ({ schema, value }) => {
    expect(sampleValue(schema)).toEqual(value);
  });

  test("of a schema that holds itself has an end", () => {
    expect(() => JSON.stringify(sampleValue({ ...node, $defs: { node } }))).not.toThrow();
  });
});
