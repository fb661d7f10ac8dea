import { describe, expect, test } from "vitest";
import { parseExactJson } from "../../../lib/exact-json.ts";
import type { ChatAnswer } from "../../chat/chat-answer.ts";
import { chatRequest, contextOf } from "../../translation-fixture.ts";
import { openaiService } from "./openai-service.ts";
import { begin, delta, ended, heard, read, type Line } from "./stream-lines-fixture.ts";

const usage = { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 };

describe("words and thoughts in a stream", () => {
  const rows: readonly (readonly [name: string, lines: readonly Line[], text: string, thoughts: string])[] = [
    ["reasoning_content", [delta({ reasoning_content: "a" }), delta({ content: "b" })], "b", "a"],
    ["reasoning", [delta({ reasoning: "a" }), delta({ content: "b" })], "b", "a"],
    ["both alike", [delta({ reasoning: "a", reasoning_content: "a" })], "", "a"],
    ["both in one delta with words", [delta({ content: "b", reasoning: "a" })], "b", "a"],
    [
      "content in parts (Mistral)",
      [
        delta({ content: [{ type: "thinking", thinking: [{ type: "text", text: "a" }] }] }),
        delta({
          content: [
            { type: "text", text: "b" },
            { type: "text", text: "c" },
          ],
        }),
      ],
      "bc",
      "a",
    ],
    [
      "details alone (Snowflake)",
      [delta({ reasoning_details: [{ type: "reasoning", text: "a" }] })],
      "",
      "a",
    ],
    ["think tags are words", [delta({ content: "<think>a</think>b" })], "<think>a</think>b", ""],
    ["a whole message in place of a delta", [{ choices: [{ message: { content: "b" } }] }], "b", ""],
    ["words behind the finish", [delta({ content: "a" }), ended("stop"), delta({ content: "b" })], "ab", ""],
    ["padded numbers", ['{"created":0017,"choices":[{"index":0,"delta":{"content":"b"}}]}'], "b", ""],
    [
      "a leading chunk without choices (Azure)",
      [{ id: "", model: "", choices: [], prompt_filter_results: [] }, delta({ content: "b" })],
      "b",
      "",
    ],
  ];

  test.each(rows)("%s", (_name, lines, text, thoughts) => {
    const { chunks, error } = read([...lines, ended("stop"), "DONE"]);
    expect(error).toBeUndefined();
    expect(heard(chunks)).toMatchObject({ text, thoughts, finish: ["stop"] });
  });

  test("state of other services behind OpenRouter is kept with whose it is", () => {
    const details = [
      { type: "reasoning.text", text: "a", signature: "s", index: 0, format: "anthropic-claude-v1" },
      { type: "reasoning.encrypted", data: "d", id: "rs_1", index: 1, format: "openai-responses-v1" },
      { type: "reasoning.encrypted", data: "g", format: "google-gemini-v1" },
    ];
    const { chunks } = read([delta({ reasoning: "a", reasoning_details: details }), ended("stop"), "DONE"]);
    expect(chunks[0]?.choices[0]?.delta.reasoning_details).toEqual([
      { type: "thinking", index: 0, text: "a", signature: "s", format: "anthropic" },
      { type: "redacted_thinking", index: 1, data: "d", id: "rs_1", format: "responses" },
      { type: "redacted_thinking", index: 2, data: "g", format: "gemini" },
    ]);
  });
});

describe("how a stream ends", () => {
  const rows: readonly (readonly [name: string, lines: readonly Line[], finish: readonly string[]])[] = [
    ["two finish chunks are one", [delta({ content: "a" }), ended("stop"), ended("stop"), "DONE"], ["stop"]],
    ["[DONE] without a reason is complete", [delta({ content: "a" }), "DONE"], ["stop"]],
    ["[DONE] without a reason behind calls", [begin(0, "a", "f"), "DONE"], ["tool_calls"]],
    ["a reason without [DONE] is complete", [delta({ content: "a" }), ended("length")], ["length"]],
    ["eos", [delta({ content: "a" }), ended("eos"), "DONE"], ["stop"]],
    ["function_call without a call", [delta({ content: "a" }), ended("function_call"), "DONE"], ["stop"]],
    ["length with calls stays", [begin(0, "a", "f"), ended("length"), "DONE"], ["length"]],
    ["content_filter", [ended("content_filter"), "DONE"], ["content_filter"]],
    ["sensitive (GLM)", [ended("sensitive"), "DONE"], ["content_filter"]],
    ["model_length (Mistral)", [ended("model_length"), "DONE"], ["length"]],
    ["an unknown word", [delta({ content: "a" }), ended("because"), "DONE"], ["stop"]],
    [
      "an empty word is none",
      [delta({ content: "a" }, { finish_reason: "" }), ended("length"), "DONE"],
      ["length"],
    ],
    [
      "nothing but [DONE]: nothing is said, and no reason made up",
      [delta({ role: "assistant" }), "DONE"],
      [],
    ],
  ];

  test.each(rows)("%s", (_name, lines, finish) => {
    const { chunks, error } = read(lines);
    expect(error).toBeUndefined();
    expect(heard(chunks).finish).toEqual(finish);
    const last = chunks.findLast(({ choices }) => choices.length > 0);
    if (finish.length > 0) expect(last?.choices[0]?.finish_reason).toBe(finish[0]);
  });

  test.each<readonly [string, readonly Line[]]>([
    ["in the last chunk with a choice", [delta({ content: "a" }), { ...ended("stop"), usage }, "DONE"]],
    ["in a chunk without choices", [delta({ content: "a" }), ended("stop"), { choices: [], usage }, "DONE"]],
    ["in x_groq", [delta({ content: "a" }), { ...ended("stop"), x_groq: { usage } }, "DONE"]],
    [
      "in every chunk, growing: the last counts",
      [
        { ...delta({ content: "a" }), usage: { ...usage, completion_tokens: 1 } },
        { ...ended("stop"), usage },
        "DONE",
      ],
    ],
    ["behind the reason, without [DONE]", [delta({ content: "a" }), ended("stop"), { choices: [], usage }]],
  ])("usage %s is told once, behind everything", (_name, lines) => {
    const { chunks } = read(lines);
    expect(chunks.filter((chunk) => chunk.usage !== undefined)).toHaveLength(1);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage });
  });

  test("thinking that is counted apart belongs to the output (xAI)", () => {
    const apart = {
      prompt_tokens: 10,
      completion_tokens: 4,
      total_tokens: 20,
      completion_tokens_details: { reasoning_tokens: 6 },
    };
    const { chunks } = read([delta({ content: "a" }), { ...ended("stop"), usage: apart }, "DONE"]);
    expect(chunks.at(-1)?.usage).toMatchObject({ completion_tokens: 10, total_tokens: 20 });
  });

  test("one id, one model and one time for all chunks, made up where the service leaves them empty", () => {
    const { chunks } = read([
      { id: "", model: "", created: 0, choices: [{ delta: { content: "a" } }] },
      { id: "other", model: "n", created: 9, choices: [{ delta: {}, finish_reason: "stop" }] },
      "DONE",
    ]);
    const heads = new Set(chunks.map(({ id, model, created }) => `${id} ${model} ${created}`));
    expect([...heads]).toEqual(["chatcmpl-000000000000000000000001 model-x 1790000000"]);
  });
});

describe("defect 10: errors inside a 200", () => {
  const text = { message: "Went wrong.", code: 429 };
  const rows: readonly (readonly [name: string, lines: readonly Line[], status: number, message: string])[] =
    [
      [
        "an event named error (Groq)",
        [delta({ content: "a" }), ["error", { error: { message: "No.", type: "invalid_request_error" } }]],
        400,
        "No.",
      ],
      [
        "a member of a chunk (OpenRouter)",
        [{ ...delta({ content: "a" }), error: text }, "DONE"],
        429,
        "Went wrong.",
      ],
      ["the chunk itself (vLLM)", [{ object: "error", message: "Too long.", code: 400 }], 400, "Too long."],
      ["a bare text", [{ error: "overloaded" }], 502, "overloaded"],
      [
        "a reason for failure",
        [delta({ content: "a" }), ended("error"), "DONE"],
        502,
        "The model service broke off its answer (finish_reason error).",
      ],
      [
        "a reason for failure with its error",
        [delta({}, { finish_reason: "error", error: text }), "DONE"],
        429,
        "Went wrong.",
      ],
      [
        "no JSON",
        [delta({ content: "a" }), "<html>"],
        502,
        "The model service answered with something that is not JSON.",
      ],
      [
        "an end before the end",
        [delta({ content: "a" })],
        502,
        "The model service ended its answer before it was complete.",
      ],
      ["nothing at all", [], 502, "The model service ended its answer before it was complete."],
    ];

  test.each(rows)("%s", (_name, lines, status, message) => {
    const { chunks, error } = read(lines);
    expect(error).toEqual({ status, message });
    expect(heard(chunks).finish).toEqual([]);
  });

  test.each([
    ["a member", { error: text }, 429],
    ["the body itself", { object: "error", message: "x", code: 500 }, 500],
    ["no object", [], 502],
    ["nothing", null, 502],
  ])("in a whole answer: %s", (_name, body, status) => {
    expect(openaiService.answer(body, chatRequest({}), contextOf())).toMatchObject({ status });
  });
});

describe("whole answers", () => {
  const answer = (choice: object, rest: object = {}): ChatAnswer => {
    const found = openaiService.answer(
      { id: "c1", created: 7, model: "m", choices: [choice], ...rest },
      chatRequest({}),
      contextOf(),
    );
    if ("status" in found) throw new Error(found.message);
    return found;
  };

  test.each([
    [
      "content null beside calls",
      { tool_calls: [{ id: "a", function: { name: "f", arguments: "" } }] },
      null,
    ],
    [
      "parts",
      {
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      "ab",
    ],
    ["no message", undefined, null],
  ])("%s", (_name, message, content) => {
    expect(answer({ message, finish_reason: "stop" }).choices[0]?.message.content).toBe(content);
  });

  test("arguments as an object keep their digits", () => {
    const body = parseExactJson(
      '{"choices":[{"message":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"x":1.0,"n":12345678901234567890}}}]}}]}',
    );
    const found = openaiService.answer(body, chatRequest({}), contextOf());
    if ("status" in found) throw new Error(found.message);
    expect(found.choices[0]?.message.tool_calls?.[0]?.function.arguments).toBe(
      '{"x":1.0,"n":12345678901234567890}',
    );
    expect(found.choices[0]?.finish_reason).toBe("tool_calls");
  });

  test("no choice at all is an answer that says nothing", () => {
    const found = openaiService.answer({ choices: [] }, chatRequest({}), contextOf());
    expect(found).toMatchObject({ choices: [], model: "model-x" });
  });

  test.each([
    [
      "DeepSeek's",
      { prompt_tokens: 10, completion_tokens: 4, prompt_cache_hit_tokens: 6 },
      { cached_tokens: 6 },
    ],
    ["Moonshot's", { prompt_tokens: 10, completion_tokens: 4, cached_tokens: 6 }, { cached_tokens: 6 }],
    [
      "OpenAI's, with what was written",
      {
        prompt_tokens: 10,
        completion_tokens: 4,
        prompt_tokens_details: { cached_tokens: 6, cache_write_tokens: 2 },
      },
      { cached_tokens: 6, cache_write_tokens: 2 },
    ],
  ])("defect 4: cached tokens stand in the prompt's: %s", (_name, told, details) => {
    const found = answer({ message: { content: "a" } }, { usage: told });
    expect(found.usage).toMatchObject({
      prompt_tokens: 10,
      completion_tokens: 4,
      total_tokens: 14,
      prompt_tokens_details: details,
    });
  });
});

describe("what a service may send without harm", () => {
  const odd: readonly (readonly [string, unknown])[] = [
    ["null choices", { choices: null }],
    ["choices that are no objects", { choices: [null, 3, "x", []] }],
    [
      "calls that are no objects",
      { choices: [{ index: 0, delta: { tool_calls: [null, 3, { function: 7 }] } }] },
    ],
    ["an index that is none", { choices: [{ index: "x", delta: { content: "a" } }] }],
    [
      "a negative index",
      { choices: [{ index: -1, delta: { tool_calls: [{ index: -5, id: "a", function: { name: "f" } }] } }] },
    ],
    [
      "a prototype",
      JSON.parse(
        '{"choices":[{"delta":{"__proto__":{"content":"x"}},"finish_reason":"__proto__"}],"__proto__":{"error":1}}',
      ),
    ],
    ["details that are none", { choices: [{ delta: { reasoning_details: [null, 1, {}], content: {} } }] }],
    ["usage that is none", { choices: [{ delta: {} }], usage: "x" }],
    ["a list", []],
    ["a number", 7],
  ];
  test.each(odd)("%s", (_name, value) => {
    expect(() => read([JSON.stringify(value), "DONE"])).not.toThrow();
    expect(() => openaiService.answer(value, chatRequest({}), contextOf())).not.toThrow();
    expect(Object.hasOwn(Object.prototype, "content")).toBe(false);
  });
});
