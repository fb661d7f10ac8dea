// Reuse of answers beside what else a Model API does: moderation, limits, ids; and what official clients make of a hit.
import OpenAI from "openai";
import { afterEach, expect, test } from "vitest";
import {
  cacheKeys,
  cachingDocument,
  endScenes,
  numbered,
  question,
  startCacheScene,
  startScene,
} from "./support/cache-scene.ts";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { openaiCase as wire } from "./support/protocol-cases.ts";

afterEach(endScenes);

const words = (action: string) => ({
  enabled: true,
  request: false,
  checks: [{ name: "words", type: "keywords", action, keywords: ["Moon"] }],
});
const ben = { authorization: `Bearer ${cacheKeys.ben}` };

test.each([false, true])("a blocked answer is never kept (stream: %s)", async (stream) => {
  const { ask, service } = await startCacheScene({}, { moderation: words("block") });
  for (const asked of [1, 2]) {
    const answer = await ask({ ...question, stream });
    expect(answer.cache).not.toBe("hit");
    expect(answer.text).not.toContain("Moon");
    expect(service.asked).toBe(asked);
  }
});

test.each([false, true])("a masked answer is kept as its client got it (stream: %s)", async (stream) => {
  const { ask, service } = await startCacheScene({}, { moderation: words("mask") });
  const first = await ask({ ...question, stream });
  const again = await ask({ ...question, stream });
  expect(first.text).not.toContain("Moon");
  expect([again.cache, again.text, service.asked]).toEqual(["hit", first.text, 1]);
});

test("where consumers have rules of their own, they share no answers", async () => {
  const rules = [{ consumer: { type: "exact", value: "ben" }, level: "observe" }];
  const moderation = { ...words("mask"), rules };
  const { ask } = await startCacheScene({ scope: "api" }, { moderation });
  await ask(question);
  expect((await ask(question, ben)).cache).toBe("miss");
  expect((await ask(question)).cache).toBe("hit");
});

test("a hit counts where requests are limited, and nothing where tokens are", async () => {
  const limit = { by: "consumer", match: { type: "any" }, window: "minute" };
  const requests = await startCacheScene(
    {},
    { rateLimits: [{ ...limit, name: "r", metric: "requests", limit: 2 }] },
  );
  const statuses = [];
  for (let index = 0; index < 3; index += 1) statuses.push((await requests.ask(question)).status);
  expect(statuses).toEqual([200, 200, 429]);
  const tokens = await startCacheScene(
    {},
    { rateLimits: [{ ...limit, name: "t", metric: "tokens", limit: 600 }] },
  );
  const short = { ...question, max_tokens: 10 };
  for (let index = 0; index < 40; index += 1) expect((await tokens.ask(short)).status).toBe(200);
  expect(tokens.service.asked).toBe(1);
});

test("a response that its client does not want kept is reused, any other is not", async () => {
  const { ask, service } = await startScene((url) => ({
    ...cachingDocument(url),
    services: [
      serviceAt(url, "openai", {
        protocols: ["openai", "openai-responses"].map((protocol) => ({ protocol, baseUrl: url })),
      }),
    ],
    modelApis: [apiOf("openai", { cache: { enabled: true }, routes: { enabled: ["responses"] } })],
    consumers: [],
  }));
  service.answering = (response, number) => {
    const text = { type: "output_text", text: "Moon." };
    const output = [{ type: "message", role: "assistant", content: [text] }];
    const answer = { id: `resp_${number}`, object: "response", status: "completed", output };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  };
  const body = { model: "small", input: "Say moon." };
  const path = "/v1/responses";
  expect((await ask(body, {}, path)).cache).toBeNull();
  expect((await ask({ ...body, store: false }, {}, path)).cache).toBe("miss");
  expect((await ask({ ...body, store: false }, {}, path)).cache).toBe("hit");
});

test("official clients make the same of a hit", async () => {
  const { gateway, service } = await startCacheScene();
  const client = new OpenAI({ apiKey: cacheKeys.ana, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  const params = { model: "small", messages: [{ role: "user" as const, content: "Say moon." }] };
  const plain = [await client.chat.completions.create(params), await client.chat.completions.create(params)];
  expect(plain[1]).toEqual(plain[0]);
  const streams = [];
  for (let index = 0; index < 2; index += 1) {
    const chunks = [];
    for await (const chunk of await client.chat.completions.create({ ...params, stream: true }))
      chunks.push(chunk);
    streams.push(chunks);
  }
  expect(streams[1]).toEqual(streams[0]);
  expect(streams[0]?.length).toBeGreaterThan(1);
  expect(service.asked).toBe(2);
});

test("a client that leaves while it is answered leaves nothing behind", async () => {
  const { gateway, ask, service } = await startCacheScene();
  const left = new AbortController();
  service.answering = (response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(wire.noise + wire.semantic, () => left.abort());
  };
  await fetch(gateway.url + wire.path, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${cacheKeys.ana}` },
    body: JSON.stringify({ ...question, stream: true }),
    signal: left.signal,
  })
    .then((answer) => answer.text())
    .catch(() => undefined);
  await gateway.recordWhere(({ outcome }) => outcome === "client_closed");
  service.answering = numbered;
  expect((await ask({ ...question, stream: true })).cache).toBe("miss");
});
