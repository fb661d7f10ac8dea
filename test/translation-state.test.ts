// What a translation keeps and fetches for clients, over sockets: the state of turns, media by URL, counts of tokens; and
// what is refused where nobody keeps it.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startGateway } from "./support/gateway.ts";
import { exchange } from "./support/raw-client.ts";
import { startReplayUpstream } from "./support/replay-upstream.ts";
import { spokenServices } from "./support/spoken-services.ts";
import { startTranslationScene, type TranslationScene } from "./support/translation-scene.ts";

let scene: TranslationScene;

beforeAll(async () => {
  scene = await startTranslationScene({ gateway: { fetchNetworks: "private" } });
});

afterAll(async () => {
  await scene.close();
});

const user = { role: "user", content: "Weather?" };
const weather = { type: "function", function: { name: "weather", parameters: { type: "object" } } };

const callOf = (id: string) => ({ id, type: "function", function: { name: "weather", arguments: "{}" } });

const chat = (messages: readonly object[], fields: object = {}) => ({
  path: "/v1/chat/completions",
  body: JSON.stringify({ model: "m-1", messages, tools: [weather], ...fields }),
});

const message = (content: readonly object[]) =>
  JSON.stringify({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "claude-x",
    content,
    stop_reason: "tool_use",
    stop_sequence: null,
    usage: { input_tokens: 7, output_tokens: 3 },
  });

const thinking = { type: "thinking", thinking: "Let me look.", signature: "sig-1" };
const toolUse = { type: "tool_use", id: "toolu_state_1", name: "weather", input: {} };

interface Chat {
  readonly choices: readonly [{ readonly message: { readonly tool_calls: readonly { id: string }[] } }];
}

test("state that a client drops comes back by the id of the tool call", async () => {
  scene.play({ body: message([thinking, toolUse]) });
  const first = await scene.ask("anthropic", chat([user], { reasoning_effort: "high" }));
  // What the client was answered with.
  const [{ message: said }] = (first.json() as Chat).choices;
  const [call] = said.tool_calls;
  scene.play({ body: message([{ type: "text", text: "Sunny" }]) });
  const bare = { role: "assistant", content: null, tool_calls: [call] };
  const result = { role: "tool", tool_call_id: call?.id, content: "sunny" };
  await scene.ask("anthropic", chat([user, bare, result], { reasoning_effort: "high" }));
  const { body } = scene.lastCall();
  expect(body).toMatchObject({
    messages: [{ role: "user" }, { role: "assistant", content: [thinking, toolUse] }, {}],
  });
});

test("state that nobody knows is reported by the turn that lacks it, and strict translation does not refuse it", async () => {
  const strict = await startTranslationScene({ api: { translation: { strict: true } } });
  const bare = { role: "assistant", content: null, tool_calls: [callOf("call_unknown")] };
  const loop = [user, bare, { role: "tool", tool_call_id: "call_unknown", content: "sunny" }];
  strict.play(spokenServices["openai-responses"].whole);
  const answer = await strict.ask("openai-responses", chat(loop, { reasoning_effort: "high" }));
  await strict.close();
  expect(answer.status).toBe(200);
  expect(answer.header("x-moongate-warnings")).toBe("messages.1.reasoning_details;dropped");
});

test("a call that was answered without state is none that lost it", async () => {
  scene.play({ body: message([toolUse]) });
  const first = await scene.ask("anthropic", chat([user]));
  const [{ message: said }] = (first.json() as Chat).choices;
  const [made] = said.tool_calls;
  const loop = [
    user,
    { role: "assistant", content: null, tool_calls: [made] },
    { role: "tool", tool_call_id: made?.id, content: "sunny" },
  ];
  scene.play(spokenServices["openai-responses"].whole);
  const answer = await scene.ask("openai-responses", chat(loop, { reasoning_effort: "high" }));
  expect(answer.status).toBe(200);
  expect(answer.header("x-moongate-warnings")).toBeUndefined();
});

test("signatures of Google's do not go to the service that a chat falls back to, and that is reported", async () => {
  const [google, claude] = await Promise.all([startReplayUpstream(), startReplayUpstream()]);
  const service = (protocol: string, baseUrl: string) => ({
    name: protocol,
    provider: "openai-compatible",
    protocols: [{ protocol, baseUrl }],
  });
  const gateway = await startGateway({
    services: [service("gemini", google.url), service("anthropic", claude.url)],
    modelApis: [
      {
        name: "chat",
        useCase: "text-generation",
        protocols: ["openai"],
        modelService: { mode: "single", target: { service: "gemini" } },
        fallback: { enabled: true, on: ["upstream-5xx"], targets: [{ service: "anthropic" }] },
      },
    ],
  });
  const json = "application/json";
  google.play({ status: 503, contentType: json, body: Buffer.from("{}") }, "whole");
  const said = message([{ type: "text", text: "Sunny" }]);
  claude.play({ status: 200, contentType: json, body: Buffer.from(said) }, "whole");
  const signed = { ...callOf("call_1"), extra_content: { google: { thought_signature: "of-google" } } };
  const turn = { role: "assistant", content: null, tool_calls: [signed] };
  const loop = [user, turn, { role: "tool", tool_call_id: "call_1", content: "sunny" }];
  const answer = await exchange(gateway.port, chat(loop));
  await Promise.all([gateway.close(), google.close(), claude.close()]);
  expect(answer.status).toBe(200);
  expect(google.requests.at(-1)?.body.toString()).toContain("of-google");
  expect(claude.requests.at(-1)?.body.toString()).toContain("call_1");
  expect(claude.requests.at(-1)?.body.toString()).not.toContain("of-google");
  expect(answer.header("x-moongate-warnings")).toBe("messages.1.tool_calls.0.extra_content;dropped");
});

test("an image by URL is fetched for a service that takes bytes only", async () => {
  scene.play({ type: "image/png", body: "png-bytes" });
  const parts = [{ type: "image_url", image_url: { url: `${scene.upstream.url}/a.png` } }];
  const before = scene.upstream.requests.length;
  await scene.ask("bedrock", chat([{ role: "user", content: parts }]));
  expect(scene.upstream.requests[before]?.path).toBe("/a.png");
  expect(scene.upstream.requests[before + 1]?.body.toString()).toContain(
    Buffer.from("png-bytes").toString("base64"),
  );
});

test("what cannot be fetched is named", async () => {
  scene.play({ status: 404, type: "text/plain", body: "no" });
  const parts = [{ type: "image_url", image_url: { url: `${scene.upstream.url}/b.png` } }];
  const answer = await scene.ask("bedrock", chat([{ role: "user", content: parts }]));
  expect(answer.status).toBe(400);
  expect(answer.json()).toMatchObject({ error: { param: "messages.0.content.0" } });
  expect(answer.text()).not.toContain(scene.upstream.url);
});

test("tokens of a message are counted where the service cannot", async () => {
  const asked = scene.upstream.requests.length;
  const body = JSON.stringify({ model: "m-1", messages: [{ role: "user", content: "one two three four" }] });
  const answer = await scene.ask("openai", { path: "/v1/messages/count_tokens", body });
  expect(answer.status).toBe(200);
  const { input_tokens: counted } = answer.json() as { readonly input_tokens: number };
  expect(counted).toBeGreaterThan(2);
  expect(counted).toBeLessThan(20);
  expect(answer.header("x-moongate-warnings")).toBe("input_tokens;rewritten");
  expect(scene.upstream.requests.length).toBe(asked);
});

test.each<[string, { readonly method?: string; readonly path: string; readonly body?: string }, number]>([
  ["a response that was made before", { method: "GET", path: "/v1/responses/resp_1" }, 404],
  ["its deletion", { method: "DELETE", path: "/v1/responses/resp_1" }, 404],
  [
    "a conversation that goes on from one",
    {
      path: "/v1/responses",
      body: JSON.stringify({ model: "m-1", input: "Hi", previous_response_id: "resp_1" }),
    },
    400,
  ],
])("where no service keeps responses: %s", async (_name, parts, status) => {
  const answer = await scene.ask("anthropic", parts);
  expect(answer.status).toBe(status);
});
