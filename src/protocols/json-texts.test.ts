// The words of requests and answers, in every protocol and cut anywhere.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readText, saidText } from "./json-texts.ts";

const sse = (...events: readonly object[]): string =>
  events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("");

describe("what a model said", () => {
  test.each<[string, string, string]>([
    [
      "OpenAI's chunks",
      sse(
        { id: "c", choices: [{ index: 0, delta: { role: "assistant", content: "" } }] },
        { id: "c", choices: [{ index: 0, delta: { content: "Hel" } }] },
        { id: "c", choices: [{ index: 0, delta: { content: 'lo "you"' }, finish_reason: null }] },
      ),
      'Hello "you"',
    ],
    [
      "reasoning and the arguments of a call",
      sse(
        { choices: [{ delta: { reasoning_content: "Hm." } }] },
        { choices: [{ delta: { tool_calls: [{ id: "t", function: { name: "", arguments: '{"a":' } }] } }] },
        { choices: [{ delta: { tool_calls: [{ function: { arguments: "1}" } }] } }] },
      ),
      'Hm.{"a":1}',
    ],
    [
      "Anthropic's blocks",
      sse(
        { type: "message_start", message: { id: "m", model: "c", content: [], usage: { input_tokens: 3 } } },
        { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
        { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Good " } },
        { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "day" } },
        { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "EqQB" } },
      ),
      "Good day",
    ],
    [
      "Responses, which say everything again",
      sse(
        { type: "response.created", response: { id: "r", instructions: "be kind" } },
        { type: "response.output_text.delta", delta: "Yes", item_id: "i" },
        { type: "response.output_text.delta", delta: ", sir", item_id: "i" },
        { type: "response.output_text.done", text: "Yes, sir", item_id: "i" },
        { type: "response.content_part.done", part: { type: "output_text", text: "Yes, sir" } },
      ),
      "Yes, sir",
    ],
    [
      "Gemini's parts",
      sse({ candidates: [{ content: { parts: [{ text: "Ja" }, { text: "!" }], role: "model" } }] }),
      "Ja!",
    ],
    [
      "a whole answer",
      JSON.stringify({ choices: [{ message: { role: "assistant", content: "a\nb é" } }] }, null, 2),
      "a\nb é",
    ],
    ["nothing in what is no answer", "<html>", ""],
    ["an event that is cut in a word", 'data: {"choices":[{"delta":{"content":"Hel', "Hel"],
    ["an event that is cut in an escape", 'data: {"choices":[{"delta":{"content":"Hel\\u00', "Hel"],
  ])("%s", (_, answer, said) => {
    expect(saidText(answer)).toBe(said);
  });
});

describe("what a model reads", () => {
  test.each<[string, object, readonly string[], readonly string[]]>([
    [
      "a chat",
      { model: "gpt", messages: [{ role: "user", content: "How are you?" }], user: "u-1", stream: true },
      ["How are you?"],
      ["gpt", "u-1"],
    ],
    [
      "parts without their images",
      {
        messages: [
          {
            role: "user",
            content: [
              { type: "text", text: "What is it?" },
              { type: "image_url", image_url: { url: "data:image/png;base64,AAAA" } },
              { type: "image", source: { type: "base64", media_type: "image/png", data: "BBBB" } },
            ],
          },
        ],
      },
      ["What is it?"],
      ["AAAA", "BBBB", "image/png"],
    ],
    ["a list of texts", { model: "ada", input: ["one", "two"] }, ["one", "two"], ["ada"]],
    [
      "a rerank",
      { query: "which", documents: ["first", { text: "second" }] },
      ["which", "first", "second"],
      [],
    ],
    [
      "tools",
      { tools: [{ function: { name: "get_weather", description: "Tells it." } }] },
      ["get_weather", "Tells it."],
      [],
    ],
    ["Anthropic's system", { system: [{ type: "text", text: "Be kind." }] }, ["Be kind."], []],
  ])("%s", (_, body, has, hasNot) => {
    const text = readText(JSON.stringify(body));
    for (const each of has) expect(text).toContain(each);
    for (const each of hasNot) expect(text).not.toContain(each);
  });

  test("any text of any message, however it is written and wherever the body is cut", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(), (words, cut) => {
        const body = JSON.stringify({ messages: [{ role: "user", content: `<<${words}>>` }] });
        expect(readText(body)).toContain(`<<${words}>>`);
        expect(() => readText(body.slice(0, cut % body.length))).not.toThrow();
        expect(() => saidText(body.slice(cut % body.length))).not.toThrow();
      }),
    );
  });
});
