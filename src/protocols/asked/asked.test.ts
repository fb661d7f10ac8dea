import { describe, expect, test } from "vitest";
import { readAsked, type Asked } from "./asked.ts";

const read = (body: unknown): Asked => readAsked(Buffer.from(JSON.stringify(body)));
const png = "data:image/png;base64,iVBORw0KGgo=";
const user = (content: unknown) => ({ role: "user", content });
const model = (content: unknown) => ({ role: "assistant", content });

describe("the question is what the client said since the model spoke", () => {
  test.each<[string, unknown, string, number]>([
    ["a first message", { messages: [user("hi")] }, "hi", 1],
    ["after an answer", { messages: [user("hi"), model("hello"), user("why?")] }, "why?", 2],
    ["several messages in a row", { messages: [user("a"), model("b"), user("c"), user("d")] }, "c\nd", 2],
    [
      "several parts of one",
      {
        messages: [
          user([
            { type: "text", text: "look" },
            { type: "image_url", image_url: { url: png } },
            { type: "text", text: "here" },
          ]),
        ],
      },
      "look\nhere",
      1,
    ],
    [
      "not the instructions",
      {
        messages: [{ role: "system", content: "be brief" }, user("hi"), { role: "developer", content: "x" }],
      },
      "hi",
      1,
    ],
    ["of Responses a text", { input: "hi", instructions: "be brief" }, "hi", 1],
    [
      "of Responses the last items",
      {
        input: [
          { role: "user", content: [{ type: "input_text", text: "a" }] },
          { type: "reasoning", summary: [] },
          { type: "message", role: "assistant", content: [{ type: "output_text", text: "b" }] },
          { type: "message", role: "user", content: "c" },
        ],
      },
      "c",
      2,
    ],
    [
      "of Gemini its parts",
      {
        contents: [
          { role: "user", parts: [{ text: "a" }] },
          { role: "model", parts: [{ text: "b" }] },
          { parts: [{ text: "c" }, { text: "d" }] },
        ],
      },
      "c\nd",
      2,
    ],
    [
      "of DashScope its messages",
      {
        input: {
          messages: [user("a"), model("b"), user([{ text: "c" }, { image: "https://i.test/x.png" }])],
        },
      },
      "c",
      2,
    ],
    ["of DashScope a prompt", { input: { prompt: "a cat" } }, "a cat", 1],
    ["of a completion its prompt", { prompt: "Once upon" }, "Once upon", 1],
    ["of parts without a message their texts", { input: [{ type: "text", text: "a" }] }, "a", 1],
    ["of embeddings their texts", { input: ["a", "b"] }, "a\nb", 1],
    ["of rerank its query", { query: "q", documents: ["d"] }, "q", 1],
    ["of tokens nothing", { prompt: [1, 2, 3] }, "", 0],
    ["of a stored prompt nothing", { prompt: { id: "pmpt_1", variables: { a: "b" } } }, "", 0],
    ["escaped text as it is meant", { messages: [user('say "é\\n"\n')] }, 'say "é\\n"', 1],
    ["nothing of no messages", { messages: [] }, "", 0],
    ["nothing of what is no list", { messages: 5 }, "", 0],
  ])("%s", (_name, body, question, turns) => {
    expect(read(body)).toMatchObject({ question, turns, inToolLoop: false });
  });

  test("a long one keeps its beginning and its end", () => {
    const { question } = read({ messages: [user(`first ${"x ".repeat(50_000)} last`), user("end")] });
    expect(question.length).toBeLessThan(30_000);
    expect(question.startsWith("first x")).toBe(true);
    expect(question.endsWith("last\nend")).toBe(true);
  });

  test("many short ones keep the first and the last", () => {
    const { question } = read({
      messages: Array.from({ length: 10_000 }, (_, index) => user(`question ${index}`)),
    });
    expect(question.length).toBeLessThan(30_000);
    expect(question.startsWith("question 0\nquestion 1\n")).toBe(true);
    expect(question.endsWith("\nquestion 9999")).toBe(true);
  });
});

describe("a loop of tools", () => {
  const asked = [user("weather?"), { role: "assistant", tool_calls: [{ id: "c" }] }];
  test.each<[string, unknown, boolean]>([
    ["of OpenAI", { messages: [...asked, { role: "tool", tool_call_id: "c", content: "sun" }] }, true],
    [
      "of OpenAI that has ended",
      { messages: [...asked, { role: "tool", content: "sun" }, model("sun"), user("weather?")] },
      false,
    ],
    ["of old functions", { messages: [...asked, { role: "function", name: "f", content: "sun" }] }, true],
    [
      "of Anthropic",
      {
        messages: [
          user("weather?"),
          model([{ type: "tool_use", id: "t" }]),
          user([
            { type: "tool_result", tool_use_id: "t", content: "sun" },
            { type: "text", text: "reminder" },
          ]),
        ],
      },
      true,
    ],
    [
      "of Responses",
      {
        input: [
          user("weather?"),
          { type: "function_call", call_id: "c" },
          { type: "function_call_output", call_id: "c", output: "sun" },
        ],
      },
      true,
    ],
    [
      "of Gemini",
      {
        contents: [
          { role: "user", parts: [{ text: "weather?" }] },
          { role: "model", parts: [{ functionCall: {} }] },
          { role: "user", parts: [{ functionResponse: { name: "f" } }] },
        ],
      },
      true,
    ],
  ])("%s: its question is still what the client said", (_name, body, inToolLoop) => {
    expect(read(body)).toMatchObject({ inToolLoop, question: "weather?" });
  });
});

test("images are counted as about the tokens that they are read as, not by their bytes", () => {
  const url = `data:image/png;base64,${"A".repeat(100_000)}`;
  const { media } = read({
    messages: [
      user([
        { type: "image_url", image_url: { url } },
        { type: "text", text: "x" },
      ]),
    ],
  });
  expect(media.tokens).toBe(1_000);
  expect(media.bytes).toBeGreaterThan(100_000);
  expect(media.bytes).toBeLessThan(100_100);
});

describe("what else a model must do", () => {
  const tools = [{ type: "function" }];
  test.each<[string, object, Partial<Asked>]>([
    ["nothing", {}, { needsTools: false, needsJsonSchema: false, maxOutputTokens: undefined, output: [] }],
    ["tools", { tools }, { needsTools: true }],
    ["no tools", { tools: [] }, { needsTools: false }],
    ["tools that must not be called", { tools, tool_choice: "none" }, { needsTools: false }],
    ["the same in words of Anthropic", { tools, tool_choice: { type: "none" } }, { needsTools: false }],
    [
      "one tool",
      { tools, tool_choice: { type: "function", function: { name: "none" } } },
      { needsTools: true },
    ],
    [
      "the same in words of Gemini",
      { tools, toolConfig: { functionCallingConfig: { mode: "NONE" } } },
      { needsTools: false },
    ],
    ["tools of DashScope", { parameters: { tools } }, { needsTools: true }],
    ["a schema", { response_format: { type: "json_schema", json_schema: {} } }, { needsJsonSchema: true }],
    ["some JSON", { response_format: { type: "json_object" } }, { needsJsonSchema: false }],
    ["a schema of Responses", { text: { format: { type: "json_schema" } } }, { needsJsonSchema: true }],
    [
      "a schema of Anthropic",
      { output_config: { format: { type: "json_schema" } } },
      { needsJsonSchema: true },
    ],
    [
      "a schema of Gemini",
      { generationConfig: { responseSchema: { type: "OBJECT" } } },
      { needsJsonSchema: true },
    ],
    ["a bound", { max_tokens: 10 }, { maxOutputTokens: 10 }],
    ["the higher of two bounds", { max_tokens: 10, max_completion_tokens: 20 }, { maxOutputTokens: 20 }],
    ["a bound of Gemini", { generationConfig: { maxOutputTokens: 30 } }, { maxOutputTokens: 30 }],
    ["a bound of DashScope", { parameters: { max_tokens: 40 } }, { maxOutputTokens: 40 }],
    ["a bound that is none", { max_tokens: "many" }, { maxOutputTokens: undefined }],
    ["speech", { modalities: ["text", "audio"] }, { output: ["text", "audio"] }],
    [
      "an image of Gemini",
      { generationConfig: { responseModalities: ["TEXT", "IMAGE"] } },
      { output: ["text", "image"] },
    ],
  ])("%s", (_name, fields, expected) => {
    expect(read({ messages: [user("x")], ...fields })).toMatchObject(expected);
  });
});

describe("which conversation it is", () => {
  test.each<[string, unknown, Partial<Asked>]>([
    [
      "by its beginning",
      { messages: [{ role: "system", content: "be brief" }, user("hi"), model("x"), user("y")] },
      { system: "be brief", opening: "hi", conversation: undefined },
    ],
    [
      "instructions of Anthropic",
      {
        system: [
          { type: "text", text: "be" },
          { type: "text", text: "brief" },
        ],
        messages: [user("hi")],
      },
      { system: "be\nbrief", opening: "hi" },
    ],
    [
      "instructions of Gemini",
      { systemInstruction: { parts: [{ text: "be brief" }] }, contents: [{ parts: [{ text: "hi" }] }] },
      { system: "be brief", opening: "hi" },
    ],
    ["its name", { conversation: "conv_1", input: "x" }, { conversation: "conv_1" }],
    ["its name as an object", { conversation: { id: "conv_1" }, input: "x" }, { conversation: "conv_1" }],
    ["what the client groups by", { prompt_cache_key: "k", input: "x" }, { cacheKey: "k" }],
  ])("%s", (_name, body, expected) => {
    expect(read(body)).toMatchObject(expected);
  });

  test("metadata are short values by their names", () => {
    const { metadata } = read({ metadata: { team: "a", n: 5, deep: { a: 1 }, no: null }, messages: [] });
    expect([...metadata]).toEqual([
      ["team", "a"],
      ["n", "5"],
    ]);
  });
});

test.each(["", "[]", "{", '{"messages":[{"role":"user","content":[{"type":', '{"messages":"x"}', "null"])(
  "what is no request tells nothing that could harm: %s",
  (text) => {
    expect(readAsked(Buffer.from(text))).toMatchObject({ needsTools: false, inToolLoop: false });
  },
);

describe("of what is too much to be looked at", () => {
  const many = Array.from({ length: 60_000 }, () => user("x"));
  test("other content than text is found all the same", () => {
    const image = user([{ type: "image_url", image_url: { url: png } }]);
    expect(read({ messages: many }).input).toEqual(["text"]);
    expect(read({ messages: [...many, image] }).input).toEqual(["text", "image"]);
  });

  test("the beginning is read", () => {
    const { question, opening } = read({ messages: [user("first"), ...many] });
    expect(opening).toBe("first");
    expect(question.startsWith("first\nx\nx")).toBe(true);
    expect(question.length).toBeLessThan(30_000);
  });
});
