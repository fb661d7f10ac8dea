// What a Model API promises holds where its services speak another protocol too: limits and quotas, checks of content,
// reuse, recording, prompts, parameters. Must not know translators.
import { describe, expect, test } from "vitest";
import { providerKey } from "./support/configuration.ts";
import { createKeeper } from "./support/keeper.ts";
import {
  as,
  ask,
  authentication,
  chat,
  consumerKeys,
  hi,
  recordOf,
  sceneOf,
  send,
  speak,
} from "./support/policy-scene.ts";
import type { RequestParts } from "./support/raw-client.ts";
import { spokenServices } from "./support/spoken-services.ts";
import { translatedServices } from "./support/translation-scene.ts";

type Fields = Readonly<Record<string, unknown>>;

const keep = createKeeper();

describe("a consumer's key never reaches a service of another protocol", () => {
  const places: Readonly<Record<string, (key: string) => RequestParts>> = {
    "as bearer": (key) => chat({}, [["authorization", `Bearer ${key}`]]),
    "as x-api-key": (key) => ({
      path: "/v1/messages",
      headers: [["x-api-key", key]],
      body: JSON.stringify({ model: "m", max_tokens: 9, messages: hi }),
    }),
    "as both": (key) =>
      chat({}, [
        ["authorization", `Bearer ${key}`],
        ["x-api-key", key],
        ["x-goog-api-key", key],
        ["api-key", key],
        ["cookie", `k=${key}`],
      ]),
    "with a query": (key) => {
      const parts = chat({}, [["authorization", `Bearer ${key}`]]);
      return { ...parts, path: `${parts.path}?key=${key}&api_key=${key}` };
    },
  };
  const rows = translatedServices.flatMap((service) =>
    Object.entries(places)
      // What is not translated keeps its query.
      .filter(([name]) => service !== "openai" || name !== "with a query")
      .map(([name, place]) => [service, name, place] as const),
  );

  test.each(rows)("%s, %s", async (service, _name, place) => {
    const scene = await sceneOf(keep, speak, {
      services: [service],
      protocols: service === "openai" ? ["anthropic", "openai"] : ["openai", "anthropic"],
      api: authentication,
    });
    const answer = await ask(scene, place(consumerKeys.ana));
    expect(answer.status).toBe(200);
    const [sent] = scene.asked;
    const all = JSON.stringify(sent?.headers) + String(sent?.path) + String(sent?.body);
    expect(all).not.toContain(consumerKeys.ana);
    expect(JSON.stringify(sent?.headers)).toContain(providerKey);
  });
});

const limited = (limit: number) => ({
  ...authentication,
  rateLimits: [{ name: "t", by: "api", metric: "tokens", limit, window: "minute" }],
});

describe.each(translatedServices.filter((name) => name !== "openai"))("tokens of %s", (service) => {
  test.each([false, true])("are what limits and quotas count, streamed %s", async (stream) => {
    // Seven in, three out.
    const quota = { name: "q", metric: "tokens", limit: 1_000, period: "day" };
    const scene = await sceneOf(keep, speak, {
      services: [service],
      api: limited(10_000),
      consumers: { quotas: [quota] },
    });
    const answer = await ask(scene, chat({ stream, max_tokens: 20 }, as("ana")));
    expect(answer.status).toBe(200);
    const record = await recordOf(scene, answer);
    expect(record.usage).toMatchObject({ inputTokens: 7, outputTokens: 3 });
    expect(record.costUsd).toBe(13);
    const next = await ask(scene, chat({ stream, max_tokens: 20 }, as("ana")));
    const left = Number(next.header("x-ratelimit-remaining-tokens") ?? "NaN");
    if (!Number.isNaN(left)) expect(left).toBeGreaterThan(10_000 - 100);
    // What is settled is what was used: it is refused only when the rest is too small for what it reserves.
    const statuses: number[] = [];
    for (let time = 0; time < 3; time += 1)
      statuses.push((await ask(scene, chat({ max_tokens: 900 }, as("ana")))).status);
    expect(statuses).toEqual([200, 200, 200]);
    expect((await ask(scene, chat({ max_tokens: 990 }, as("ana")))).status).toBe(429);
  });

  test("of a stream that breaks are counted as far as it came", async () => {
    const spoken = spokenServices[service];
    const body = Buffer.from(spoken.stream.body).subarray(0, spoken.begun);
    const quota = { name: "q", metric: "tokens", limit: 1_000, period: "day" };
    const scene = await sceneOf(keep, (request) => send(request, body, spoken.stream.type), {
      services: [service],
      api: authentication,
      consumers: { quotas: [quota] },
    });
    const answer = await ask(scene, chat({ stream: true, max_tokens: 900 }, as("ana")));
    const record = await recordOf(scene, answer);
    expect(record.outcome).toBe("truncated");
    expect(record.usage?.outputTokens).toBeGreaterThan(0);
    // The reservation is gone: another of the same size fits.
    expect((await ask(scene, chat({ stream: true, max_tokens: 900 }, as("ana")))).status).toBe(200);
  });
});

describe("content that is checked", () => {
  const words = { name: "words", type: "keywords", keywords: ["forbidden fruit"] };
  const mail = { name: "mail", type: "regex", pattern: "[a-z]{1,20}@[a-z]{1,20}[.]example", action: "mask" };
  const moderation = { enabled: true, checks: [words, mail], streamWindowCharacters: 48 };
  const message = (content: readonly object[]) =>
    JSON.stringify({
      id: "msg_1",
      type: "message",
      role: "assistant",
      model: "m",
      content,
      stop_reason: "end_turn",
      stop_sequence: null,
      usage: { input_tokens: 7, output_tokens: 3 },
    });
  const event = (data: { readonly type: string }): string =>
    `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
  const streamOf = (block: object, deltas: readonly object[]): string =>
    [
      { type: "message_start", message: JSON.parse(message([])) as object },
      { type: "content_block_start", index: 0, content_block: block },
      ...deltas.map((delta) => ({ type: "content_block_delta", index: 0, delta })),
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 3 } },
      { type: "message_stop" },
    ]
      .map(event)
      .join("");
  const pieces = ["Here is the forb", "idden fr", "uit for anna@mai", "l.example. ", "x".repeat(200)];

  const wholes: Readonly<Record<string, readonly object[]>> = {
    text: [{ type: "text", text: pieces.join("") }],
    thinking: [
      { type: "thinking", thinking: pieces.join(""), signature: "s" },
      { type: "text", text: "ok" },
    ],
    "arguments of a tool": [
      { type: "tool_use", id: "t", name: "f", input: { deep: [{ text: "the forbidden fruit" }] } },
    ],
  };

  test.each(Object.entries(wholes))("in a whole answer's %s is refused", async (_name, content) => {
    const scene = await sceneOf(keep, (request) => send(request, message(content)), { api: { moderation } });
    const answer = await ask(scene, chat());
    expect(answer.status).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: "content_blocked" } });
    expect(answer.text()).not.toContain("fruit");
    expect((await recordOf(scene, answer)).outcome).toBe("blocked");
  });

  const streams: Readonly<Record<string, string>> = {
    text: streamOf(
      { type: "text", text: "" },
      pieces.map((text) => ({ type: "text_delta", text })),
    ),
    thinking: streamOf(
      { type: "thinking", thinking: "" },
      pieces.map((thinking) => ({ type: "thinking_delta", thinking })),
    ),
    "arguments of a tool": streamOf(
      { type: "tool_use", id: "t", name: "f", input: {} },
      ['{"text":"the forb', "idden fr", `uit ${"x".repeat(200)}"}`].map((partial) => ({
        type: "input_json_delta",
        partial_json: partial,
      })),
    ),
  };

  test.each(Object.entries(streams))("in a stream's %s does not pass", async (_name, body) => {
    const scene = await sceneOf(keep, (request) => send(request, body, "text/event-stream"), {
      api: { moderation },
    });
    const answer = await ask(scene, chat({ stream: true }));
    expect(answer.text()).not.toContain("uit");
    expect((await recordOf(scene, answer)).outcome).toBe("blocked");
  });

  test("in a request is refused before anything is translated, and masked in what is", async () => {
    const scene = await sceneOf(keep, speak, { api: { moderation } });
    const refused = await ask(scene, chat({ messages: [{ role: "user", content: "forbidden fruit" }] }));
    expect(refused.status).toBe(400);
    expect(scene.asked.length).toBe(0);
    await ask(scene, chat({ messages: [{ role: "user", content: "to anna@mail.example" }] }));
    expect(scene.asked[0]?.body.toString()).toContain("to [pattern]");
  });
});

describe.each(translatedServices.filter((name) => name !== "openai"))("an answer of %s", (service) => {
  test.each([false, true])("is reused as its client got it, streamed %s", async (stream) => {
    const scene = await sceneOf(keep, speak, { services: [service], api: { cache: { enabled: true } } });
    const first = await ask(scene, chat({ stream, logit_bias: { "1": 2 } }));
    await recordOf(scene, first);
    const again = await ask(scene, chat({ stream, logit_bias: { "1": 2 } }));
    expect([first.header("x-moongate-cache"), again.header("x-moongate-cache")]).toEqual(["miss", "hit"]);
    expect(again.text()).toBe(first.text());
    expect(scene.asked.length).toBe(1);
    const record = await recordOf(scene, again);
    expect(record).toMatchObject({ cache: "hit", saved: { inputTokens: 7, outputTokens: 3 } });
  });

  test("is recorded as its client got it, and so is what was asked", async () => {
    const monitoring = { recordRequestContent: true, recordResponseContent: true };
    const scene = await sceneOf(keep, speak, { services: [service], api: { monitoring } });
    const answer = await ask(scene, chat());
    const { requestContent, responseContent } = await recordOf(scene, answer);
    expect(JSON.stringify(requestContent)).toContain("Hi");
    expect(JSON.stringify(responseContent)).toContain("Hello");
    expect(JSON.stringify(responseContent)).toContain("chat.completion");
  });
});

test("prompts and parameters of a Model API reach services of another protocol", async () => {
  const scene = await sceneOf(keep, speak, {
    api: {
      prompt: { systemPrefix: "Be kind." },
      parameters: { maxTokens: { maximum: 10 }, temperature: { default: 0.5 } },
    },
  });
  const answer = await ask(scene, chat({ max_tokens: 5_000 }));
  expect(answer.status).toBe(200);
  const sent = JSON.parse(scene.asked[0]?.body.toString() ?? "") as Fields;
  expect(sent).toMatchObject({ max_tokens: 10, temperature: 0.5 });
  expect(JSON.stringify(sent["system"])).toContain("Be kind.");
});
