// Mode intelligent before requests that nobody means well: each is answered or refused in clear words, and what was decided
// comes out of the record again.
import { afterAll, beforeAll, expect, test } from "vitest";
import { reproduce } from "../src/routing/decision/reproduce.ts";
import { routingOf, startIntelligentScene, type IntelligentScene } from "./support/intelligent-scene.ts";

let scene: IntelligentScene;

beforeAll(async () => {
  const rules = [
    { name: "proto", metadata: { key: "__proto__", value: { type: "exact", value: "x" } }, model: "large" },
    { name: "words", keywords: ["constructor"], patterns: ["(?:a|b)+c"], model: "small" },
  ];
  scene = await startIntelligentScene({ mode: { rules, stickiness: { header: "x-session" } } });
});
afterAll(() => scene.close());

const user = (content: unknown) => ({ role: "user", content });
const nested = (depth: number): unknown => (depth === 0 ? "x" : [{ content: nested(depth - 1) }]);

test.each<[string, object]>([
  ["no messages", { messages: [] }],
  ["messages that are null", { messages: null }],
  ["messages that are no messages", { messages: [1, null, [], [[{}]], {}, "x"] }],
  ["spaces alone", { messages: [user(" \n\t")] }],
  ["half a pair and a zero", { messages: [user("\ud800 a \u0000 b")] }],
  ["a member that objects have by themselves", { metadata: JSON.parse('{"__proto__":"y"}') as object }],
  ["a model that objects have by themselves", { model: "__proto__" }],
  ["a model of spaces", { model: "  " }],
  ["a bound that no model has", { max_tokens: 1e300 }],
  ["a bound below nothing", { max_tokens: -5 }],
  ["a bound in words", { max_tokens: "many" }],
  ["parts in parts", { messages: [user(nested(50))] }],
  ["very many messages", { messages: Array.from({ length: 20_000 }, () => user("hi")) }],
  ["a very long one", { messages: [user("ab".repeat(2_000_000))] }],
  ["one of quotes", { messages: [user('"\\'.repeat(500_000))] }],
])("%s", async (_, body) => {
  const { status, record } = await scene.ask(
    { model: "auto", ...body },
    { "x-session": "a\u00ff".repeat(900) },
  );
  expect(status).toBe(200);
  expect(record.outcome).toBe("ok");
  const routing = routingOf(record);
  expect(reproduce(JSON.parse(JSON.stringify(routing)) as typeof routing)).toMatchObject({ same: true });
  // Whatever was asked, it makes no record longer.
  expect(JSON.stringify(routing).length).toBeLessThan(3_000);
});
