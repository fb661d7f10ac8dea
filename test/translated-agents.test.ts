// Coding agents in front of services of other protocols, over sockets: what they send arrives, what they are told is what the
// service said, and what could not be said is a warning.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listOf, memberOf, textOf } from "../src/lib/json-value.ts";
import { claudeCode, codex, picture } from "./support/agent-requests.ts";
import { spokenServices } from "./support/spoken-services.ts";
import { startTranslationScene, type TranslationScene } from "./support/translation-scene.ts";

let scene: TranslationScene;

beforeAll(async () => {
  scene = await startTranslationScene();
});

afterAll(async () => {
  await scene.close();
});

async function ask(service: "openai" | "gemini" | "anthropic", path: string, body: object) {
  scene.play(spokenServices[service].stream, "1 byte");
  const answer = await scene.ask(service, { path, body: JSON.stringify(body) });
  expect(answer.status, answer.text()).toBe(200);
  const warnings = (answer.header("x-moongate-warnings") ?? "").split(", ").toSorted();
  return { text: answer.text(), warnings, sent: scene.lastCall() };
}

const roles = (sent: unknown, list: string): (string | undefined)[] =>
  listOf(sent, list).map((message) => textOf(message, "role"));

describe("Claude Code", () => {
  test("before a service that speaks OpenAI", async () => {
    const { text, warnings, sent } = await ask("openai", "/v1/messages?beta=true", claudeCode);
    expect(text).toContain("message_stop");
    expect(sent.path).toBe("/v1/chat/completions");
    expect(roles(sent.body, "messages")).toEqual([
      "system",
      "user",
      "assistant",
      "tool",
      "tool",
      "user",
      "user",
    ]);
    expect(listOf(sent.body, "tools")).toHaveLength(claudeCode.tools.length);
    const all = JSON.stringify(sent.body);
    expect(all).toContain(`data:image/png;base64,${picture}`);
    expect(all).not.toContain("x-anthropic-billing-header");
    expect(all).not.toContain("cache_control");
    expect(all).toContain("Error: no such file");
    expect(warnings).toEqual([
      "cache_control;dropped",
      "context_management;dropped",
      "messages.1.content;dropped",
      "messages.2.content;rewritten",
      "thinking;rewritten",
    ]);
  });

  test("before Gemini", async () => {
    const { text, warnings, sent } = await ask("gemini", "/v1/messages?beta=true", claudeCode);
    expect(text).toContain("message_stop");
    expect(sent.path).toBe("/v1beta/models/claude-sonnet-4-5:streamGenerateContent?alt=sse");
    const all = JSON.stringify(sent.body);
    expect(all).toContain(picture);
    // Another maker's signature.
    expect(all).not.toContain("c2lnbmF0dXJl");
    const declared = listOf(listOf(sent.body, "tools")[0], "functionDeclarations");
    expect(declared).toHaveLength(claudeCode.tools.length);
    expect(warnings).toEqual([
      "context_management;dropped",
      "messages.0.content;dropped",
      "messages.1.content;dropped",
      "messages.2.content;dropped",
      "messages.2.content;rewritten",
      "metadata.user_id;dropped",
      "system.0.cache_control;dropped",
      "system.1.cache_control;dropped",
      "tools.9.cache_control;dropped",
    ]);
  });

  test.each(["openai", "gemini"] as const)("counts tokens where %s cannot", async (service) => {
    const { max_tokens: _max, stream: _stream, ...body } = claudeCode;
    const answer = await scene.ask(service, {
      path: "/v1/messages/count_tokens?beta=true",
      body: JSON.stringify(body),
    });
    expect(answer.status).toBe(200);
    // Three thousand words of a system prompt, and a picture.
    expect(memberOf(answer.json(), "input_tokens")).toBeGreaterThan(3_000);
    expect(answer.header("x-moongate-warnings")).toBe("input_tokens;rewritten");
  });
});

describe("Codex", () => {
  test("before a service that speaks OpenAI", async () => {
    const { text, warnings, sent } = await ask("openai", "/v1/responses", codex);
    expect(text).toContain("response.completed");
    expect(roles(sent.body, "messages")).toEqual(["system", "system", "user", "user", "assistant", "tool"]);
    const all = JSON.stringify(sent.body);
    expect(all).not.toContain("c2VhbGVk");
    const [call] = listOf(listOf(sent.body, "messages")[4], "tool_calls");
    expect(textOf(memberOf(call, "function"), "arguments")).toBe('{"command":["ls"],"timeout_ms":1.0}');
    expect(warnings).toEqual(["input;dropped"]);
  });

  test.each([
    ["gemini", ["input;dropped", "parallel_tool_calls;dropped", "prompt_cache_key;dropped"]],
    ["anthropic", ["input;dropped", "prompt_cache_key;dropped"]],
  ] as const)("before %s", async (service, expected) => {
    const { text, warnings, sent } = await ask(service, "/v1/responses", codex);
    expect(text).toContain("response.completed");
    const all = JSON.stringify(sent.body);
    expect(all).toContain("List the files.");
    expect(all).not.toContain("c2VhbGVk");
    expect(warnings).toEqual(expected);
  });
});
