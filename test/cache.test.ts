// Answers that are reused: what is sent again instead of being asked for again, to whom, and what never is.
import { afterEach, describe, expect, test } from "vitest";
import {
  cacheKeys,
  cachingDocument,
  endScenes,
  numbered,
  question,
  startCacheScene,
  type Answering,
} from "./support/cache-scene.ts";
import type { TestDocument } from "./support/configuration.ts";
import { openaiCase as wire } from "./support/protocol-cases.ts";

type Fields = Readonly<Record<string, unknown>>;

afterEach(endScenes);

describe("the same request", () => {
  test.each([
    ["plain", false, "application/json; charset=utf-8"],
    ["streamed", true, "text/event-stream"],
  ])("%s gets the same bytes without a service being asked", async (_name, stream, type) => {
    const { ask, service, gateway } = await startCacheScene();
    const first = await ask({ ...question, stream });
    const again = await ask({ ...question, stream });
    expect([first.cache, again.cache, service.asked]).toEqual(["miss", "hit", 1]);
    expect(again.text).toBe(first.text);
    expect(again.headers.get("content-type")).toBe(type);
    expect(again.headers.get("age")).toBe("0");
    expect(again.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
    const record = await gateway.record(again.headers.get("x-request-id") ?? undefined);
    expect(record).toMatchObject({
      cache: "hit",
      status: 200,
      outcome: "ok",
      attempts: [],
      service: "up",
      model: "small",
      upstreamStatus: 0,
      usage: { inputTokens: 0, outputTokens: 0 },
      costUsd: 0,
      saved: { inputTokens: 11, outputTokens: 7, costUsd: 0.000_081 },
    });
    expect(record.ttftMs === null).toBe(!stream);
  });

  test("is the same in another order, with other spaces and spelt with escapes", async () => {
    const { ask } = await startCacheScene();
    await ask('{"model":"small","messages":[{"role":"user","content":"é/"}],"n":1}');
    const again = await ask(
      String.raw` { "n" : 1, "messages":[ {"content":"\u00e9\/", "role":"user"}],` +
        '\n"model":"sm\\u0061ll"}',
    );
    expect(again.cache).toBe("hit");
  });

  test("is the same from another version of the same program", async () => {
    const { ask } = await startCacheScene();
    await ask(question, { "user-agent": "one", "x-stainless-retry-count": "0", traceparent: "a" });
    const again = await ask(question, { "user-agent": "two", "x-stainless-retry-count": "1" });
    expect(again.cache).toBe("hit");
  });
});

describe("never for", () => {
  test.each<[string, unknown, Readonly<Record<string, string>>]>([
    ["another consumer", question, { authorization: `Bearer ${cacheKeys.ben}` }],
    ["another model", { ...question, model: "large" }, {}],
    ["another temperature", { ...question, temperature: 0.5 }, {}],
    ["another question", { ...question, messages: [{ role: "user", content: "Say moon!" }] }, {}],
    [
      "another system prompt",
      { ...question, messages: [{ role: "system", content: "Be brief." }, ...question.messages] },
      {},
    ],
    ["other tools", { ...question, tools: [{ type: "function", function: { name: "f" } }] }, {}],
    ["another user", { ...question, user: "u" }, {}],
    ["a stream", { ...question, stream: true }, {}],
    ["another header of the protocol", question, { "openai-beta": "x" }],
    ["a header that is not known", question, { "x-tenant": "b" }],
    ["more digits", JSON.stringify(question).replace(/1}$/, "1.0000000000000000001}"), {}],
  ])("%s", async (_name, body, headers) => {
    const { ask, service } = await startCacheScene();
    await ask(question);
    expect((await ask(body, headers)).cache).toBe("miss");
    expect(service.asked).toBe(2);
    expect((await ask(question)).cache).toBe("hit");
  });

  test("a key that is named twice: parsers differ over which holds", async () => {
    const { ask, service } = await startCacheScene();
    const body = '{"model":"small","messages":[],"n":1,"n":2}';
    await ask(body);
    expect((await ask(body)).cache).toBeNull();
    expect(service.asked).toBe(2);
  });
});

test("scope api shares answers among its consumers", async () => {
  const { ask } = await startCacheScene({ scope: "api" });
  await ask(question);
  expect((await ask(question, { authorization: `Bearer ${cacheKeys.ben}` })).cache).toBe("hit");
});

describe("clients may wish", () => {
  test("neither to read nor to write", async () => {
    const { ask, service, gateway } = await startCacheScene();
    await ask(question);
    const passed = await ask(question, { "x-moongate-cache": "bypass" });
    expect([passed.cache, service.asked]).toEqual([null, 2]);
    const record = await gateway.record(passed.headers.get("x-request-id") ?? undefined);
    expect(record.cache).toBe("skip");
    expect(service.headers.flatMap((headers) => Object.keys(headers)).join()).not.toContain("moongate");
    const other = { ...question, seed: 1 };
    await ask(other, { "x-moongate-cache": "bypass" });
    expect((await ask(other)).cache).toBe("miss");
  });

  test("a shorter time, for what they read and for what they leave", async () => {
    const { ask, clock } = await startCacheScene({ ttlSeconds: 100 });
    await ask(question);
    clock.nowMs += 20_000;
    expect((await ask(question, { "x-moongate-cache-ttl": "30" })).cache).toBe("hit");
    expect((await ask(question, { "x-moongate-cache-ttl": "10" })).cache).toBe("miss");
    clock.nowMs += 11_000;
    expect((await ask(question)).cache).toBe("miss");
  });

  test.each([
    ["x-moongate-cache", "yes"],
    ["x-moongate-cache-ttl", "-1"],
    ["x-moongate-cache-ttl", "soon"],
  ])("nothing else: %s: %s", async (name, value) => {
    const { ask } = await startCacheScene();
    const refused = await ask(question, { [name]: value });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(name);
  });
});

test("an answer ends with its time", async () => {
  const { ask, clock } = await startCacheScene({ ttlSeconds: 10 });
  const first = await ask(question);
  clock.nowMs += 9_000;
  const again = await ask(question);
  expect([again.cache, again.headers.get("age"), again.text]).toEqual(["hit", "9", first.text]);
  clock.nowMs += 1_500;
  const late = await ask(question);
  expect(late.cache).toBe("miss");
  expect(late.text).not.toBe(first.text);
});

describe("what is not kept", () => {
  const good = { "content-type": "application/json" };
  test.each<[string, Answering, Fields]>([
    ["an error", (response) => response.writeHead(500, good).end('{"error":{"message":"no"}}'), {}],
    ["a refusal", (response) => response.writeHead(400, good).end('{"error":{"message":"no"}}'), {}],
    ["an error in a 200", (response) => response.writeHead(200, good).end(wire.errorIn200), {}],
    ["an empty answer", (response) => response.writeHead(200, good).end(wire.empty), {}],
    ["another good status", (response) => response.writeHead(201, good).end(wire.answer), {}],
    [
      "a larger answer than is allowed",
      (response) => response.writeHead(200, good).end(wire.answer.replace("Moon.", "Moon".repeat(300))),
      { maxEntryBytes: 1_024 },
    ],
    [
      "a compressed answer",
      (response) => response.writeHead(200, { ...good, "content-encoding": "odd" }).end(wire.answer),
      {},
    ],
  ])("%s", async (_name, answering, cache) => {
    const { ask, service } = await startCacheScene(cache);
    service.answering = answering;
    await ask(question);
    const { asked } = service;
    service.answering = numbered;
    expect((await ask(question)).cache).toBe("miss");
    expect(service.asked).toBe(asked + 1);
  });

  test.each<[string, Answering]>([
    [
      "a stream that breaks",
      (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.write(wire.noise + wire.semantic, () => response.destroy());
      },
    ],
    [
      "a stream without its end",
      (response) => {
        response.writeHead(200, { "content-type": "text/event-stream" });
        response.end(wire.noise + wire.semantic);
      },
    ],
  ])("%s", async (_name, answering) => {
    const { ask, service } = await startCacheScene();
    service.answering = answering;
    await ask({ ...question, stream: true }).catch(() => undefined);
    await expect.poll(() => service.asked).toBe(1);
    service.answering = numbered;
    expect((await ask({ ...question, stream: true })).cache).toBe("miss");
  });
});

describe("another configuration", () => {
  test.each<[string, (url: string) => TestDocument, string]>([
    ["of the model service", (url) => changedModel(url), "miss"],
    ["of the service", (url) => changedService(url), "miss"],
    ["of the cache", (url) => cachingDocument(url, { ttlSeconds: 60 }), "miss"],
    ["that no answer depends on", (url) => cachingDocument(url, {}, { monitoring: { traces: true } }), "hit"],
  ])("%s", async (_name, changed, expected) => {
    const { ask, gateway, service } = await startCacheScene();
    await ask(question);
    gateway.apply(changed(service.url));
    expect((await ask(question)).cache).toBe(expected);
  });

  function changedModel(url: string): TestDocument {
    return cachingDocument(
      url,
      {},
      {
        modelService: { mode: "single", target: { service: "up", model: "other" } },
      },
    );
  }

  function changedService(url: string): TestDocument {
    const document = cachingDocument(url);
    return {
      ...document,
      services: document.services.map((service) => ({ ...service, headers: { "x-team": "b" } })),
    };
  }
});
