// Conversations read from what was recorded, in every protocol, and from what is no conversation.
import { describe, expect, test } from "vitest";
import { answerOf, messagesOf } from "./conversation-of.ts";

const said = (request: unknown): string[] =>
  messagesOf(typeof request === "string" ? request : JSON.stringify(request)).map(
    ({ role, text }) => `${role}: ${text}`,
  );

describe("what was asked", () => {
  test.each<[string, unknown, string[]]>([
    [
      "OpenAI chat",
      {
        messages: [
          { role: "system", content: "Be brief" },
          {
            role: "user",
            content: [
              { type: "text", text: "Look" },
              { type: "image_url", image_url: { url: "https://x" } },
            ],
          },
          { role: "assistant", content: null, tool_calls: [{ function: { name: "f", arguments: "{}" } }] },
        ],
      },
      ["system: Be brief", "user: Look\n[image_url]", 'assistant: {"name":"f","arguments":"{}"}'],
    ],
    [
      "Anthropic",
      { system: [{ type: "text", text: "Be kind" }], messages: [{ role: "user", content: "Hello" }] },
      ["system: Be kind", "user: Hello"],
    ],
    [
      "Anthropic with the result of a tool",
      { messages: [{ role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "42" }] }] },
      ["user: [tool_result] 42"],
    ],
    [
      "Gemini",
      {
        systemInstruction: { parts: [{ text: "Be exact" }] },
        contents: [
          { role: "user", parts: [{ text: "One" }, { text: "Two" }] },
          { role: "model", parts: [{ text: "Three" }] },
        ],
      },
      ["system: Be exact", "user: One\nTwo", "assistant: Three"],
    ],
    ["Responses as a text", { instructions: "Short", input: "Hi" }, ["system: Short", "input: Hi"]],
    [
      "Responses as a list",
      { input: [{ role: "user", content: [{ type: "input_text", text: "Hi" }] }] },
      ["user: Hi"],
    ],
    ["DashScope", { input: { messages: [{ role: "user", content: "Hi" }] } }, ["user: Hi"]],
    ["DashScope's picture prompt", { input: { prompt: "A moon" } }, ["input: A moon"]],
    ["a completion", { prompt: "Once" }, ["input: Once"]],
    ["texts to embed", { input: ["one", "two"] }, ["input: one\ntwo"]],
    ["a rerank", { query: "moon", documents: ["a"] }, ["input: moon"]],
    ["a form", "------x\r\nname=file", []],
    ["a cut body", '{"messages":[{"role":"us', []],
    ["no object", "[1]", []],
  ])("%s", (_name, request, expected) => {
    expect(said(request)).toEqual(expected);
  });
});

const chunk = (content: string): string =>
  `data: ${JSON.stringify({ choices: [{ delta: { content } }] })}\n\n`;

describe("what came back", () => {
  test.each([
    ["a plain answer", JSON.stringify({ choices: [{ message: { content: "Hi" } }] }), "openai", "Hi"],
    ["a stream", `${chunk("A ")}: ping\n\n${chunk("moon")}data: [DONE]\n\n`, "openai", "A moon"],
    [
      "a stream cut in the middle of a frame",
      `${chunk("A moon")}data: {"choices":[{"del`,
      "openai",
      "A moon",
    ],
    [
      "Anthropic",
      JSON.stringify({ type: "message", content: [{ type: "text", text: "Hi" }] }),
      "anthropic",
      "Hi",
    ],
    [
      "a protocol that is not known",
      JSON.stringify({ choices: [{ message: { content: "Hi" } }] }),
      "vllm",
      "Hi",
    ],
  ])("%s", (_name, response, protocol, text) => {
    expect(answerOf(response, protocol)?.text).toBe(text);
  });

  test("an error is an answer too", () => {
    const response = JSON.stringify({ error: { message: "No such model", code: "model_not_found" } });
    expect(answerOf(response, "openai")?.error?.message).toBe("No such model");
  });

  test.each([
    ["nothing", ""],
    ["sound", "<audio/mpeg, 12,345 bytes>"],
    ["other JSON", '{"data":[{"embedding":[0.1]}]}'],
  ])("no conversation: %s", (_name, response) => {
    expect(answerOf(response, "openai")).toBeNull();
  });
});
