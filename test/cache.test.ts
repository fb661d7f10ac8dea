// Answers that are reused: what is sent again instead of being asked for again, to whom, and what never is.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { Clock } from "../src/core/clock.ts";
import { apiOf, serviceAt, type TestDocument } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { openaiCase } from "./support/protocol-cases.ts";

type Fields = Readonly<Record<string, unknown>>;
type Answering = (response: ServerResponse, number: number, body: string) => void;

interface Counting {
  readonly url: string;
  asked: number;
  answering: Answering;
  readonly headers: IncomingMessage["headers"][];
}

const wire = openaiCase;
const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end();
});

/** Every answer says which it was. */
const numbered: Answering = (response, number, body) => {
  const isStream = /"stream":\s*true/.test(body);
  const type = isStream ? "text/event-stream" : "application/json; charset=utf-8";
  response.writeHead(200, { "content-type": type, "x-of-the-service": "yes" });
  const text = isStream ? wire.noise + wire.semantic + wire.closing : wire.answer;
  response.end(text.replaceAll("chatcmpl-1", `chatcmpl-${number}`));
};

async function startCounting(): Promise<Counting> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      counting.asked += 1;
      counting.headers.push(request.headers);
      counting.answering(response, counting.asked, Buffer.concat(pieces).toString());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  const counting: Counting = {
    url: `http://127.0.0.1:${port}`,
    asked: 0,
    answering: numbered,
    headers: [],
  };
  ends.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return counting;
}

const keys = { ana: "consumer-ana-0123456789", ben: "consumer-ben-0123456789" };

function documentFor(url: string, cache: Fields = {}, api: Fields = {}): TestDocument {
  return {
    services: [
      serviceAt(url, "openai", {
        models: [{ name: "small", price: { input: 1, output: 10 } }],
      }),
    ],
    modelApis: [
      apiOf("openai", {
        cache: { enabled: true, ...cache },
        auth: { enabled: true, grants: [{ consumer: "ana" }, { consumer: "ben" }] },
        ...api,
      }),
    ],
    consumers: Object.entries(keys).map(([name, value]) => ({
      name,
      credentials: [{ type: "api-key", name: "main", value }],
    })),
  };
}

interface Scene {
  readonly service: Counting;
  readonly gateway: Gateway;
  readonly clock: { nowMs: number };
  ask(body: unknown, headers?: Readonly<Record<string, string>>, path?: string): Promise<Told>;
}

interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly cache: string | null;
}

async function startScene(cache: Fields = {}, api: Fields = {}): Promise<Scene> {
  const service = await startCounting();
  const clock = { nowMs: 0 };
  const moved: Clock = {
    monotonicMs: () => performance.now() + clock.nowMs,
    wallMs: () => Date.now() + clock.nowMs,
  };
  const gateway = await startGateway(documentFor(service.url, cache, api), { clock: moved });
  ends.push(() => gateway.close());
  return {
    service,
    gateway,
    clock,
    ask: async (body, headers = {}, path = wire.path) => {
      const answer = await fetch(gateway.url + path, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${keys.ana}`, ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      const text = await answer.text();
      // The record of an exchange is written after its answer is kept.
      await gateway.record(answer.headers.get("x-request-id") ?? undefined);
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        cache: answer.headers.get("x-moongate-cache"),
      };
    },
  };
}

const question = { model: "small", messages: [{ role: "user", content: "Say moon." }], temperature: 1.0 };

describe("the same request", () => {
  test.each([
    ["plain", false, "application/json; charset=utf-8"],
    ["streamed", true, "text/event-stream"],
  ])("%s gets the same bytes without a service being asked", async (_name, stream, type) => {
    const { ask, service, gateway } = await startScene();
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
    const { ask } = await startScene();
    await ask('{"model":"small","messages":[{"role":"user","content":"é/"}],"n":1}');
    const again = await ask(
      String.raw` { "n" : 1, "messages":[ {"content":"\u00e9\/", "role":"user"}],` +
        '\n"model":"sm\\u0061ll"}',
    );
    expect(again.cache).toBe("hit");
  });

  test("is the same from another version of the same program", async () => {
    const { ask } = await startScene();
    await ask(question, { "user-agent": "one", "x-stainless-retry-count": "0", traceparent: "a" });
    const again = await ask(question, { "user-agent": "two", "x-stainless-retry-count": "1" });
    expect(again.cache).toBe("hit");
  });
});

describe("never for", () => {
  test.each<[string, unknown, Readonly<Record<string, string>>]>([
    ["another consumer", question, { authorization: `Bearer ${keys.ben}` }],
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
    const { ask, service } = await startScene();
    await ask(question);
    expect((await ask(body, headers)).cache).toBe("miss");
    expect(service.asked).toBe(2);
    expect((await ask(question)).cache).toBe("hit");
  });

  test("a key that is named twice: parsers differ over which holds", async () => {
    const { ask, service } = await startScene();
    const body = '{"model":"small","messages":[],"n":1,"n":2}';
    await ask(body);
    expect((await ask(body)).cache).toBeNull();
    expect(service.asked).toBe(2);
  });
});

test("scope api shares answers among its consumers", async () => {
  const { ask } = await startScene({ scope: "api" });
  await ask(question);
  expect((await ask(question, { authorization: `Bearer ${keys.ben}` })).cache).toBe("hit");
});

describe("clients may wish", () => {
  test("neither to read nor to write", async () => {
    const { ask, service, gateway } = await startScene();
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
    const { ask, clock } = await startScene({ ttlSeconds: 100 });
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
    const { ask } = await startScene();
    const refused = await ask(question, { [name]: value });
    expect(refused.status).toBe(400);
    expect(refused.text).toContain(name);
  });
});

test("an answer ends with its time", async () => {
  const { ask, clock } = await startScene({ ttlSeconds: 10 });
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
    const { ask, service } = await startScene(cache);
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
    const { ask, service } = await startScene();
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
    ["of the cache", (url) => documentFor(url, { ttlSeconds: 60 }), "miss"],
    ["that no answer depends on", (url) => documentFor(url, {}, { monitoring: { traces: true } }), "hit"],
  ])("%s", async (_name, changed, expected) => {
    const { ask, gateway, service } = await startScene();
    await ask(question);
    gateway.apply(changed(service.url));
    expect((await ask(question)).cache).toBe(expected);
  });

  function changedModel(url: string): TestDocument {
    return documentFor(
      url,
      {},
      {
        modelService: { mode: "single", target: { service: "up", model: "other" } },
      },
    );
  }

  function changedService(url: string): TestDocument {
    const document = documentFor(url);
    return {
      ...document,
      services: document.services.map((service) => ({ ...service, headers: { "x-team": "b" } })),
    };
  }
});
