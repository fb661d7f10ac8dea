// What the simulator refuses, in each protocol's own error shape, and the paths under which it is found.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSimulator } from "./simulator.ts";
import type { Simulator } from "./simulator.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

const messages = [{ role: "user", content: "hi" }];
const chat = { model: "m", messages };
const message = { model: "m", max_tokens: 9, messages };
const newest = { "anthropic-version": "2026-10-21" };
const version = { "anthropic-version": "2023-06-01" };

function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return fetch(`${simulator.url}${path}`, { method: "POST", headers, body: text });
}

describe("openai", () => {
  const chatPath = "/v1/chat/completions";
  const legacyPath = "/v1/completions";
  test.each([
    { name: "invalid JSON", path: chatPath, body: "{", param: null },
    { name: "JSON that is no object", path: chatPath, body: "[]", param: null },
    { name: "no model", path: chatPath, body: { messages }, param: "model" },
    { name: "an empty model", path: chatPath, body: { ...chat, model: "" }, param: "model" },
    { name: "no messages", path: chatPath, body: { model: "m" }, param: "messages" },
    { name: "empty messages", path: chatPath, body: { ...chat, messages: [] }, param: "messages" },
    { name: "messages of strings", path: chatPath, body: { ...chat, messages: ["hi"] }, param: "messages" },
    {
      name: "a stream that is no boolean",
      path: chatPath,
      body: { ...chat, stream: "yes" },
      param: "stream",
    },
    {
      name: "stream_options without a stream",
      path: chatPath,
      body: { ...chat, stream_options: { include_usage: true } },
      param: "stream_options",
    },
    { name: "no choice at all", path: chatPath, body: { ...chat, n: 0 }, param: "n" },
    { name: "a max_tokens of 0", path: chatPath, body: { ...chat, max_tokens: 0 }, param: "max_tokens" },
    {
      name: "five stop sequences",
      path: chatPath,
      body: { ...chat, stop: "abcde".split("") },
      param: "stop",
    },
    {
      name: "a tool that must be called without tools",
      path: chatPath,
      body: { ...chat, tool_choice: "required" },
      param: "tool_choice",
    },
    {
      name: "a tool without a name",
      path: chatPath,
      body: { ...chat, tools: [{ type: "function", function: {} }] },
      param: "name",
    },
    { name: "no prompt", path: legacyPath, body: { model: "m" }, param: "prompt" },
    { name: "a prompt of objects", path: legacyPath, body: { model: "m", prompt: [{}] }, param: "prompt" },
  ])("refuses $name with 400 and names the field", async ({ path, body, param }) => {
    const answer = await post(path, body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      error: { type: "invalid_request_error", param, message: expect.any(String) },
    });
  });
});

describe("anthropic", () => {
  test.each([
    { name: "no version", body: message, headers: {}, words: "anthropic-version" },
    { name: "an unknown version", body: message, headers: { "anthropic-version": "1" }, words: "2023-06-01" },
    { name: "invalid JSON", body: "{", headers: version, words: "JSON" },
    { name: "no model", body: { max_tokens: 9, messages }, headers: version, words: "model" },
    { name: "no max_tokens", body: chat, headers: version, words: "max_tokens" },
    { name: "a max_tokens of 0", body: { ...message, max_tokens: 0 }, headers: version, words: "max_tokens" },
    { name: "no messages", body: { model: "m", max_tokens: 9 }, headers: version, words: "messages" },
    {
      name: "an unknown role",
      body: { ...message, messages: [{ role: "tool", content: "x" }] },
      headers: version,
      words: "messages.0.role",
    },
    {
      name: "a message without content",
      body: { ...message, messages: [{ role: "user" }] },
      headers: version,
      words: "messages.0.content",
    },
    {
      name: "a sampling parameter in the newest version",
      body: { ...message, temperature: 1 },
      headers: newest,
      words: "temperature",
    },
    {
      name: "a document from the assistant in the newest version",
      body: { ...message, messages: [{ role: "assistant", content: [{ type: "document" }] }] },
      headers: newest,
      words: "document",
    },
    {
      name: "citations from the user in the newest version",
      body: {
        ...message,
        messages: [{ role: "user", content: [{ type: "text", text: "x", citations: [{}] }] }],
      },
      headers: newest,
      words: "citations",
    },
    {
      name: "an unknown tool",
      body: { ...message, tool_choice: { type: "tool", name: "gone" } },
      headers: version,
      words: "tool_choice",
    },
  ])("refuses $name with 400 and says why", async ({ body, headers, words }) => {
    const answer = await post("/v1/messages", body, headers);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({
      type: "error",
      error: { type: "invalid_request_error", message: expect.stringContaining(words) },
      request_id: answer.headers.get("request-id"),
    });
  });
});

test("takes a sampling parameter in an older version of Anthropic's API", async () => {
  expect((await post("/v1/messages", { ...message, temperature: 1 }, version)).status).toBe(200);
});

test.each([
  { name: "an unknown knob", knobs: '{"speed":1}', words: "speed" },
  { name: "an unknown fault", knobs: '{"fault":"fire"}', words: "status-429" },
  { name: "a failure rate over 1", knobs: '{"failureRate":2}', words: "failureRate" },
  { name: "a negative delay", knobs: '{"latencyMs":-1}', words: "latencyMs" },
  { name: "knobs that are no JSON", knobs: "fault", words: "JSON" },
])("refuses $name", async ({ knobs, words }) => {
  const answer = await post("/v1/chat/completions", chat, { "x-moongate-simulator": knobs });
  expect(answer.status).toBe(400);
  expect(await answer.text()).toContain(words);
});

test.each([
  { path: "/v1/chat/completions", body: chat },
  { path: "/chat/completions", body: chat },
  { path: "/chat/completions/?api-version=1", body: chat },
  { path: "/team/a/v1/chat/completions", body: chat },
  { path: "/v1/completions", body: { model: "m", prompt: "p" } },
  { path: "/completions", body: { model: "m", prompt: "p" } },
  { path: "/v1/messages?beta=true", body: message },
  { path: "/messages", body: message },
  { path: "/v1/messages/count_tokens", body: chat },
  { path: "/messages/count_tokens", body: chat },
])("serves $path", async ({ path, body }) => {
  const answer = await post(path, body, version);
  expect(answer.status).toBe(200);
});

test.each(["/v1/models", "/models", "/models/", "/v1/models/some/model", "/base/models/m"])(
  "serves GET %s",
  async (path) => {
    const answer = await fetch(`${simulator.url}${path}`);
    expect(answer.status).toBe(200);
  },
);

test("answers an unknown path with 404 and a wrong method with 405 in the caller's shape", async () => {
  const unknown = await post("/v1/things", {});
  expect(unknown.status).toBe(404);
  expect(await unknown.json()).toMatchObject({ error: { code: "unknown_url" } });
  const anthropic = await post("/v1/things", {}, version);
  expect(await anthropic.json()).toMatchObject({ type: "error", error: { type: "not_found_error" } });
  const method = await fetch(`${simulator.url}/v1/messages`);
  expect([method.status, method.headers.get("allow")]).toEqual([405, "POST"]);
});

test("refuses a body that is too large without reading it to its end", async () => {
  const size = 65 * 1024 * 1024;
  const answer = await post("/v1/messages", "x".repeat(size), version).catch(() => null);
  // A client that only writes may see the closed connection before the answer.
  if (answer !== null) expect(answer.status).toBe(413);
  expect((await post("/v1/messages", message, version)).status).toBe(200);
});
