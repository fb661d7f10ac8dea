// Which configurations translate chats.
import { expect, test } from "vitest";
import type { Snapshot } from "./snapshot.ts";
import { translatesChats } from "./translates-chats.ts";

/** As far as it is looked at. */
function snapshotOf(
  routes: readonly (readonly [protocol: string, name: string])[],
  spoken: readonly string[],
): Snapshot {
  const api = {
    routes: routes.map(([protocol, name]) => ({ protocol, name })),
    modelService: { mode: "single", target: { service: "s" } },
    fallback: { targets: [] },
  };
  const service = { endpoints: spoken.map((protocol) => ({ protocol })) };
  return { apis: new Map([["a", api]]), services: new Map([["s", service]]) } as unknown as Snapshot;
}

const chat = ["openai", "create-chat-completion"] as const;

test.each([
  ["a chat before its own protocol", [chat], ["openai"], false],
  ["a chat before its own protocol and another", [chat], ["anthropic", "openai"], false],
  ["a chat before another protocol", [chat], ["anthropic"], true],
  ["Responses before chats", [["openai-responses", "responses"]], ["openai"], true],
  ["embeddings before another protocol", [["openai", "create-embedding"]], ["gemini"], false],
  ["a chat that nothing translates", [["dashscope", "dashscope-text-generation"]], ["anthropic"], false],
] as const)("%s", (_name, routes, spoken, expected) => {
  expect(translatesChats(snapshotOf(routes, spoken))).toBe(expected);
});
