// Where the last question stands in the requests of each protocol; nothing but its words may differ.
import { expect, test } from "vitest";
import { canonicalText, readCanonical, withHole, type CanonicalValue } from "../lib/canonical-json.ts";
import { lastQuestion } from "./last-question.ts";

const canonical = (body: unknown): CanonicalValue => readCanonical(JSON.stringify(body)) ?? "";

test.each<[string, unknown, string, string]>([
  [
    "chat",
    {
      messages: [
        { role: "user", content: "a" },
        { role: "assistant", content: "b" },
        { role: "user", content: "c" },
      ],
    },
    "c",
    '{"messages":[{"content":"a","role":"user"},{"content":"b","role":"assistant"},{"content":?,"role":"user"}]}',
  ],
  [
    "chat with a picture",
    {
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            { type: "image_url", image_url: "x" },
          ],
        },
      ],
    },
    "a",
    '{"messages":[{"content":[{"text":?,"type":"text"},{"image_url":"x","type":"image_url"}],"role":"user"}]}',
  ],
  [
    "several texts",
    {
      messages: [
        {
          role: "user",
          content: [
            { type: "text", text: "a" },
            { type: "text", text: "b" },
          ],
        },
      ],
    },
    "a\nb",
    '{"messages":[{"content":[{"text":?,"type":"text"},{"text":?,"type":"text"}],"role":"user"}]}',
  ],
  ["responses", { input: "a", instructions: "i" }, "a", '{"input":?,"instructions":"i"}'],
  [
    "responses with a list",
    { input: [{ role: "user", content: [{ type: "input_text", text: "a" }] }] },
    "a",
    '{"input":[{"content":[{"text":?,"type":"input_text"}],"role":"user"}]}',
  ],
  ["completions", { prompt: "a" }, "a", '{"prompt":?}'],
  ["Gemini", { contents: [{ parts: [{ text: "a" }] }] }, "a", '{"contents":[{"parts":[{"text":?}]}]}'],
  [
    "DashScope",
    { input: { messages: [{ role: "user", content: [{ image: "i" }, { text: "a" }] }] } },
    "a",
    '{"input":{"messages":[{"content":[{"image":"i"},{"text":?}],"role":"user"}]}}',
  ],
  ["DashScope's prompt", { input: { prompt: "a" } }, "a", '{"input":{"prompt":?}}'],
])("%s", (_name, body, text, around) => {
  const value = canonical(body);
  const question = lastQuestion(value);
  expect(question?.text).toBe(text);
  expect(canonicalText((question?.places ?? []).reduce<CanonicalValue>(withHole, value))).toBe(around);
});

test.each<[string, unknown]>([
  [
    "a tool speaks last",
    {
      messages: [
        { role: "user", content: "a" },
        { role: "tool", content: "b" },
      ],
    },
  ],
  ["the model speaks last", { contents: [{ role: "model", parts: [{ text: "a" }] }] }],
  ["a result of a tool", { messages: [{ role: "user", content: [{ type: "tool_result", content: "a" }] }] }],
  ["only a picture", { messages: [{ role: "user", content: [{ type: "image_url", image_url: "x" }] }] }],
  ["nobody has said anything", { messages: [] }],
  ["several prompts", { prompt: ["a", "b"] }],
  ["a reasoning item", { input: [{ type: "reasoning", content: [{ type: "reasoning_text", text: "a" }] }] }],
])("none where %s", (_name, body) => {
  expect(lastQuestion(canonical(body))).toBeUndefined();
});
