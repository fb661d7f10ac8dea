// What recorded answers show by themselves, in every protocol, whole and streamed.
import { describe, expect, test } from "vitest";
import { answerSign, type AnswerSign } from "./answer-signs.ts";

const json = (value: unknown): string => JSON.stringify(value);
const stream = (...events: readonly object[]): string =>
  `${events.map((event) => `data: ${json(event)}\n\n`).join("")}data: [DONE]\n\n`;

/** Requests that ask for JSON, by protocol, with answers that say a text. */
const protocols: Readonly<Record<string, { readonly ask: object; readonly says: (text: string) => string }>> =
  {
    "OpenAI's chat": {
      ask: { response_format: { type: "json_schema" } },
      says: (content) =>
        json({ choices: [{ message: { role: "assistant", content }, finish_reason: "stop" }] }),
    },
    "OpenAI's chat, streamed": {
      ask: { stream: true, response_format: { type: "json_object" } },
      says: (text) =>
        stream(
          { choices: [{ delta: { role: "assistant", content: "" } }] },
          ...text.split("").map((content) => ({ choices: [{ delta: { content } }] })),
          { choices: [{ delta: {}, finish_reason: "stop" }] },
          { choices: [], usage: { completion_tokens: 3 } },
        ),
    },
    "Anthropic's messages": {
      ask: { output_config: { format: { type: "json_schema" } } },
      says: (text) =>
        json({
          type: "message",
          content: [
            { type: "thinking", thinking: "hm" },
            { type: "text", text },
          ],
        }),
    },
    "Anthropic's messages, streamed": {
      ask: { output_config: { format: { type: "json_schema" } } },
      says: (text) =>
        stream(
          { type: "message_start", message: { content: [] } },
          { type: "content_block_start", content_block: { type: "text", text: "" } },
          ...text.split("").map((piece) => ({
            type: "content_block_delta",
            delta: { type: "text_delta", text: piece },
          })),
          { type: "message_delta", delta: { stop_reason: "end_turn" } },
        ),
    },
    "Gemini's contents": {
      ask: { generationConfig: { responseMimeType: "application/json" } },
      says: (text) =>
        json({
          candidates: [
            { content: { parts: [{ thought: true, text: "hm" }, { text }] }, finishReason: "STOP" },
          ],
        }),
    },
    "Gemini's contents, streamed": {
      ask: { generationConfig: { responseMimeType: "application/json" } },
      says: (text) =>
        stream(
          ...text.split("").map((piece) => ({ candidates: [{ content: { parts: [{ text: piece }] } }] })),
        ),
    },
    Responses: {
      ask: { text: { format: { type: "json_schema" } } },
      says: (text) =>
        json({
          output: [{ type: "reasoning" }, { type: "message", content: [{ type: "output_text", text }] }],
        }),
    },
    "Responses, streamed": {
      ask: { text: { format: { type: "json_schema" } } },
      says: (text) =>
        stream(
          ...text.split("").map((delta) => ({ type: "response.output_text.delta", delta })),
          { type: "response.output_text.done", text },
          {
            type: "response.completed",
            response: { output: [{ content: [{ type: "output_text", text }] }] },
          },
        ),
    },
    DashScope: {
      ask: { parameters: { response_format: { type: "json_object" } } },
      says: (content) => json({ output: { choices: [{ message: { content }, finish_reason: "stop" }] } }),
    },
  };

describe.each(Object.entries(protocols))("%s", (_name, { ask, says }) => {
  test.each<[string, AnswerSign]>([
    ['{"a":[1,2]}', "valid-json"],
    [' [{"a":1}]\n', "valid-json"],
    ['{"a":[1,2]', "invalid-json"],
    ['```json\n{"a":1}\n```', "invalid-json"],
    ["Sure! Here it is.", "invalid-json"],
    ["42", "invalid-json"],
  ])("an answer %j is %s", (text, sign) => {
    expect(answerSign(json(ask), says(text))).toBe(sign);
  });

  test("where no JSON was asked for, none is missed", () => {
    expect(answerSign(json({ messages: [] }), says("Sure!"))).toBe(undefined);
  });
});

test.each<[string, string]>([
  ["OpenAI", json({ choices: [{ message: { content: "and so" }, finish_reason: "length" }] })],
  [
    "OpenAI, streamed",
    stream(
      { choices: [{ delta: { content: "and so" } }] },
      { choices: [{ delta: {}, finish_reason: "length" }] },
    ),
  ],
  ["Anthropic", json({ content: [{ type: "text", text: "and so" }], stop_reason: "max_tokens" })],
  [
    "Anthropic, streamed",
    stream(
      { type: "content_block_delta", delta: { type: "text_delta", text: "and so" } },
      { type: "message_delta", delta: { stop_reason: "max_tokens" } },
    ),
  ],
  [
    "Gemini",
    json({ candidates: [{ content: { parts: [{ text: "and so" }] }, finishReason: "MAX_TOKENS" }] }),
  ],
  [
    "Responses",
    json({
      output: [{ content: [{ text: "and so" }] }],
      incomplete_details: { reason: "max_output_tokens" },
    }),
  ],
])("an answer of %s that was cut shows it, unless the client set the length", (_name, response) => {
  expect(answerSign(json({ messages: [] }), response)).toBe("cut");
  expect(answerSign(json({ messages: [], max_tokens: 5 }), response)).toBe(undefined);
  expect(answerSign(json({ generationConfig: { maxOutputTokens: 5 } }), response)).toBe(undefined);
});

test.each<[string, string, string]>([
  [
    "a call of a tool",
    json(protocols["OpenAI's chat"]?.ask),
    json({ choices: [{ message: { content: null, tool_calls: [{}] } }] }),
  ],
  ["an answer that cannot be read", json(protocols["OpenAI's chat"]?.ask), "<audio/mpeg, 12,345 bytes>"],
  ["an empty answer", json(protocols["OpenAI's chat"]?.ask), ""],
  [
    "a request that cannot be read",
    '{"response_format":',
    json({ choices: [{ message: { content: "x" } }] }),
  ],
])("%s shows nothing", (_name, request, response) => {
  expect(answerSign(request, response)).toBe(undefined);
});
