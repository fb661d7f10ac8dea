// Rate limits over real sockets: what counts, by what, for how long, what who is refused gets, and that what was taken
// comes back on every ending.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock, type Clock } from "../src/core/clock.ts";
import { startBillingService, type BillingService } from "./support/billing-service.ts";
import { apiOf, serviceAt, type TestDocument } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";

type Fields = Readonly<Record<string, unknown>>;

let service: BillingService;
let gateway: Gateway;
let defects: unknown[];
let aheadMs: number;

const clock: Clock = {
  monotonicMs: () => systemClock.monotonicMs() + aheadMs,
  wallMs: () => systemClock.wallMs() + aheadMs,
};

const keys = { ana: "consumer-ana-0123456789", ben: "consumer-ben-0123456789" } as const;
type Caller = keyof typeof keys;

beforeEach(async () => {
  service = await startBillingService();
  aheadMs = 0;
  defects = [];
});

afterEach(async () => {
  await gateway.close();
  await service.close();
  expect(defects).toEqual([]);
});

function documentWith(rateLimits: readonly Fields[], api: Fields = {}): TestDocument {
  return {
    services: [serviceAt(service.url, "openai")],
    modelApis: [
      apiOf("openai", {
        auth: { enabled: true, grants: [{ consumer: "ana" }, { consumer: "ben" }] },
        retries: { max: 0 },
        rateLimits,
        ...api,
      }),
    ],
    consumers: Object.entries(keys).map(([name, value]) => ({
      name,
      credentials: [{ type: "api-key", name: "main", value }],
    })),
  };
}

async function start(rateLimits: readonly Fields[], api: Fields = {}): Promise<void> {
  gateway = await startGateway(documentWith(rateLimits, api), {
    clock,
    onDefect: (error) => void defects.push(error),
  });
}

interface Call {
  readonly as?: Caller | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: Fields;
  readonly signal?: AbortSignal;
}

async function call({ as = "ana", headers = {}, query = "", body = {}, signal }: Call = {}) {
  const response = await fetch(`${gateway.url}/v1/chat/completions${query}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${keys[as]}`, ...headers },
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hi" }], ...body }),
    ...(signal === undefined ? {} : { signal }),
  });
  const text = await response.text();
  const requestId = response.headers.get("x-request-id") ?? undefined;
  return { status: response.status, headers: response.headers, text, requestId };
}

const limit = (fields: Fields): Fields => ({
  name: "the-limit",
  by: "api",
  metric: "requests",
  limit: 1,
  window: "minute",
  ...fields,
});

describe("each value has its own count, and an absent one none", () => {
  const withHeader = (value: string): Call => ({ headers: { "x-team": value } });
  const withCookie = (value: string): Call => ({ headers: { cookie: `theme=dark; team="${value}"` } });
  const withQuery = (value: string): Call => ({ query: `?team=${value}` });
  const withModel = (model: string): Call => ({ body: { model } });
  const consumer = (as: Caller): Call => ({ as });

  test.each<{ name: string; rule: Fields; first: Call; other: Call; uncounted?: Call }>([
    { name: "consumer", rule: { by: "consumer" }, first: consumer("ana"), other: consumer("ben") },
    {
      name: "header",
      rule: { by: "header", key: "X-Team" },
      first: withHeader("a"),
      other: withHeader("b"),
      uncounted: {},
    },
    {
      name: "query",
      rule: { by: "query", key: "team" },
      first: withQuery("a%20b"),
      other: withQuery("b"),
      uncounted: {},
    },
    {
      name: "cookie",
      rule: { by: "cookie", key: "team" },
      first: withCookie("a"),
      other: withCookie("b"),
      uncounted: { headers: { cookie: "steam=a" } },
    },
    { name: "model", rule: { by: "model" }, first: withModel("a"), other: withModel("b") },
  ])("by $name", async ({ rule, first, other, uncounted }) => {
    await start([limit(rule)]);
    expect((await call(first)).status).toBe(200);
    expect((await call(first)).status).toBe(429);
    expect((await call(other)).status).toBe(200);
    expect((await call(other)).status).toBe(429);
    if (uncounted === undefined) return;
    for (let time = 0; time < 3; time += 1) expect((await call(uncounted)).status).toBe(200);
  });

  test.each([["ip"], ["api"]])("by %s everybody here is one", async (by) => {
    await start([limit({ by })]);
    expect((await call({ as: "ana" })).status).toBe(200);
    expect((await call({ as: "ben" })).status).toBe(429);
  });

  test("of a Model API without authentication there are no consumers to be counted", async () => {
    await start([limit({ by: "consumer" })], { auth: { enabled: false } });
    for (let time = 0; time < 3; time += 1) expect((await call()).status).toBe(200);
  });
});

describe("a limit is for the values that match", () => {
  test.each<[string, Fields, string, string]>([
    ["exact", { type: "exact", value: "gold" }, "gold", "gold-1"],
    ["prefix", { type: "prefix", value: "gold" }, "gold-1", "a-gold"],
    ["regex", { type: "regex", value: "^g[0-9]+$" }, "g12", "g12x"],
  ])("%s", async (_, match, inside, outside) => {
    await start([limit({ by: "header", key: "x-team", match })]);
    for (let time = 0; time < 2; time += 1)
      expect((await call({ headers: { "x-team": outside } })).status).toBe(200);
    expect((await call({ headers: { "x-team": inside } })).status).toBe(200);
    expect((await call({ headers: { "x-team": inside } })).status).toBe(429);
  });
});

describe("a window slides", () => {
  test.each<[string, number]>([
    ["second", 1_000],
    ["minute", 60_000],
    ["hour", 3_600_000],
    ["day", 86_400_000],
  ])(
    "%s: requests and tokens come back after it, and after the time that Retry-After tells",
    async (window, ms) => {
      await start([
        limit({ window, limit: 2 }),
        limit({ name: "tokens", metric: "tokens", window, limit: 100_000 }),
      ]);
      expect((await call()).status).toBe(200);
      aheadMs += ms / 2;
      service.usage = { input: 90_000, output: 9_000 };
      expect((await call()).status).toBe(200);
      const refused = await call();
      expect(refused.status).toBe(429);
      const seconds = Number(refused.headers.get("retry-after"));
      expect(seconds).toBeGreaterThanOrEqual(1);
      // What is left of the window, its last part, and the second that was begun.
      expect(seconds * 1_000).toBeLessThanOrEqual(ms / 2 + ms / 30 + 1_000);
      aheadMs += seconds * 1_000;
      // A request is free again; its tokens are not, if the second one still counts.
      const next = await call({ body: { max_tokens: 10 } });
      expect(next.status).toBe(200);
    },
  );
});

test("tokens are reserved before they are used, and settled with what was used", async () => {
  await start([limit({ metric: "tokens", limit: 1_000 })]);
  service.hold();
  const first = call({ body: { max_tokens: 600 } });
  await service.holding(1);
  const second = await call({ body: { max_tokens: 600 } });
  expect(second.status).toBe(429);
  service.release();
  expect((await first).status).toBe(200);
  // 30 of the 600 were used.
  expect((await call({ body: { max_tokens: 600 } })).status).toBe(200);
});

test.each<[string, Fields, number]>([
  ["max_tokens", { max_tokens: 500 }, 500],
  ["max_completion_tokens", { max_completion_tokens: 500, max_tokens: 9 }, 500],
  ["several answers", { max_tokens: 250, n: 2 }, 500],
  ["nothing: 4,096", {}, 4_096],
  ["what is no number: 4,096", { max_tokens: "many" }, 4_096],
])("what is reserved for output follows %s", async (_, body, output) => {
  // About twenty tokens of input stand in each of these requests.
  await start([limit({ metric: "tokens", limit: output })]);
  const refused = await call({ body });
  expect(refused.status).toBe(429);
  expect(refused.headers.get("retry-after")).toBeNull();
  expect(refused.text).toContain("it cannot pass");
  gateway.apply(documentWith([limit({ metric: "tokens", limit: output + 60 })]));
  expect((await call({ body })).status).toBe(200);
});

test("who is refused is told which limit, how much is left and when, in the record too", async () => {
  await start([limit({ name: "per-app", by: "consumer", limit: 1 }), limit({ name: "wide", limit: 100 })]);
  await call();
  const { status, headers, text, requestId } = await call();
  expect(status).toBe(429);
  const { error } = JSON.parse(text) as { error: { code: string; message: string } };
  expect(error.code).toBe("rate_limited");
  expect(error.message).toContain('Rate limit "per-app" allows 1 request in a minute for each consumer');
  expect(headers.get("x-ratelimit-limit-requests")).toBe("1");
  expect(headers.get("x-ratelimit-remaining-requests")).toBe("0");
  expect(headers.get("x-ratelimit-reset-requests")).toMatch(/^1m[0-2]s$/);
  expect(Number(headers.get("retry-after"))).toBeGreaterThan(58);
  const record = await gateway.record(requestId);
  expect(record).toMatchObject({ rateLimit: "per-app", outcome: "limited", errorCode: "rate_limited" });
});

test("a limit of tokens tells its own headers", async () => {
  await start([limit({ metric: "tokens", limit: 1_000 })]);
  service.usage = { input: 500, output: 400 };
  await call({ body: { max_tokens: 100 } });
  const { headers } = await call({ body: { max_tokens: 500 } });
  expect(headers.get("x-ratelimit-limit-tokens")).toBe("1000");
  expect(headers.get("x-ratelimit-remaining-tokens")).toBe("100");
  expect(headers.get("x-ratelimit-limit-requests")).toBeNull();
});

test("a dry run passes, counts and is in the record", async () => {
  await start([limit({ dryRun: true, limit: 1 })]);
  const first = await call();
  const second = await call();
  expect([first.status, second.status]).toEqual([200, 200]);
  expect((await gateway.record(first.requestId)).rateLimit).toBe("");
  expect(await gateway.record(second.requestId)).toMatchObject({ rateLimit: "the-limit", outcome: "ok" });
});

test("a request that one limit refuses counts under none", async () => {
  await start([
    limit({ name: "requests", limit: 2 }),
    limit({ name: "slots", metric: "concurrency", window: undefined, limit: 1 }),
    limit({ name: "tokens", metric: "tokens", limit: 5_000 }),
  ]);
  for (let time = 0; time < 5; time += 1) {
    const refused = await call({ body: { max_tokens: 6_000 } });
    expect(refused.status).toBe(429);
    expect((await gateway.record(refused.requestId)).rateLimit).toBe("tokens");
  }
  expect((await call()).status).toBe(200);
  expect((await call()).status).toBe(200);
  expect((await call()).status).toBe(429);
});

test("what failed before it could use anything reserves nothing any more", async () => {
  await start([limit({ metric: "tokens", limit: 1_000 })]);
  service.status = 400;
  for (let time = 0; time < 3; time += 1)
    expect((await call({ body: { max_tokens: 900 } })).status).toBe(400);
  service.status = 200;
  expect((await call({ body: { max_tokens: 900 } })).status).toBe(200);
});

test("what a service does not say is counted from the text", async () => {
  await start([limit({ metric: "tokens", limit: 1_000, dryRun: false })]);
  service.usage = null;
  const answer = await call({ body: { max_tokens: 900 } });
  const record = await gateway.record(answer.requestId);
  expect(record.usage?.estimated).toBe(true);
  const used = (record.usage?.inputTokens ?? 0) + (record.usage?.outputTokens ?? 0);
  expect(used).toBeGreaterThan(0);
  const refused = await call({ body: { max_tokens: 999 } });
  expect(refused.headers.get("x-ratelimit-remaining-tokens")).toBe(String(1_000 - used));
});

describe("a slot comes back", () => {
  const slots = limit({ metric: "concurrency", window: undefined, limit: 2 });

  async function fill(): Promise<{ calls: Promise<unknown>[]; leave: AbortController }> {
    const leave = new AbortController();
    service.hold();
    const calls = [1, 2].map(async () => call({ signal: leave.signal }).catch(() => null));
    await service.holding(2);
    const refused = await call();
    expect(refused.status).toBe(429);
    expect(refused.headers.get("retry-after")).toBe("1");
    expect(refused.text).toContain("2 requests run at a time");
    return { calls, leave };
  }

  async function bothAreFree(): Promise<void> {
    service.hold();
    const calls = [call(), call()];
    await service.holding(2);
    service.release();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200]);
  }

  test("after answers", async () => {
    await start([slots]);
    const { calls } = await fill();
    service.release();
    await Promise.all(calls);
    await bothAreFree();
  });

  test("after clients that left", async () => {
    await start([slots]);
    const { calls, leave } = await fill();
    leave.abort();
    await Promise.all(calls);
    await gateway.recordWhere(() => gateway.records.length === 3);
    await bothAreFree();
  });

  test("after services that broke", async () => {
    await start([slots]);
    const { calls } = await fill();
    service.reset();
    await Promise.all(calls);
    await bothAreFree();
  });
});

describe("a change of the configuration", () => {
  test("of the limit applies to what is counted already", async () => {
    await start([limit({ limit: 1 })]);
    expect((await call()).status).toBe(200);
    gateway.apply(documentWith([limit({ limit: 2 })]));
    expect((await call()).status).toBe(200);
    gateway.apply(documentWith([limit({ limit: 1 })]));
    expect((await call()).status).toBe(429);
  });

  test("of the name starts anew, and without a limit nothing is refused", async () => {
    await start([limit({})]);
    await call();
    gateway.apply(documentWith([limit({ name: "another" })]));
    expect((await call()).status).toBe(200);
    expect((await call()).status).toBe(429);
    gateway.apply(documentWith([]));
    expect((await call()).status).toBe(200);
  });
});

test("what the gateway answers by itself is not counted", async () => {
  await start([limit({ limit: 1 })], {
    modelService: {
      mode: "by-model-name",
      rules: [{ pattern: "m", target: { service: "up" } }],
    },
  });
  const authorization = `Bearer ${keys.ana}`;
  for (const [method, path] of [
    ["GET", "/v1/models"],
    ["GET", "/moongate/healthz"],
    ["OPTIONS", "/v1/chat/completions"],
  ] as const) {
    for (let time = 0; time < 2; time += 1)
      expect((await fetch(gateway.url + path, { method, headers: { authorization } })).status).toBeLessThan(
        300,
      );
  }
  expect((await call()).status).toBe(200);
});
