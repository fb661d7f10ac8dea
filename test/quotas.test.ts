// Quotas over real sockets: what counts, under whose quota, for how long, and what who is refused gets.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Clock } from "../src/core/clock.ts";
import { startBillingService, type BillingService } from "./support/billing-service.ts";
import { apiOf, serviceAt, type TestDocument } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";

type Fields = Readonly<Record<string, unknown>>;

let service: BillingService;
let gateway: Gateway;
let defects: unknown[];
let nowMs: number;

const clock: Clock = { monotonicMs: () => performance.now(), wallMs: () => nowMs };
const noonMs = Date.UTC(2026, 10, 22, 12);

const keys = { ana: "consumer-ana-0123456789", ben: "consumer-ben-0123456789" } as const;
type Caller = keyof typeof keys;

/** The body of `call` is some 50 bytes, so 12 tokens; with this output it reserves 62. It uses 40. */
const maxTokens = 50;

interface Owners {
  readonly ana?: readonly Fields[];
  readonly ben?: readonly Fields[];
  readonly team?: readonly Fields[];
  readonly other?: readonly Fields[];
}

const price = { input: 1_000_000, output: 2_000_000 };

function documentWith({ ana = [], ben = [], team = [], other = [] }: Owners, api: Fields = {}): TestDocument {
  const consumer = (name: Caller, quotas: readonly Fields[]): Fields => ({
    name,
    groups: ["team", "other"],
    credentials: [{ type: "api-key", name: "main", value: keys[name] }],
    quotas,
  });
  return {
    services: [serviceAt(service.url, "openai", { models: [{ name: "m", price }] })],
    modelApis: [
      apiOf("openai", {
        auth: { enabled: true, grants: [{ consumer: "ana" }, { consumer: "ben" }] },
        retries: { max: 0 },
        ...api,
      }),
    ],
    consumers: [consumer("ana", ana), consumer("ben", ben)],
    consumerGroups: [
      { name: "team", quotas: team },
      { name: "other", quotas: other },
    ],
  };
}

async function start(owners: Owners, api: Fields = {}): Promise<void> {
  gateway = await startGateway(documentWith(owners, api), {
    clock,
    onDefect: (error) => void defects.push(error),
  });
}

async function call(as: Caller = "ana", body: Fields = {}) {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${keys[as]}` },
    body: JSON.stringify({ model: "m", max_tokens: maxTokens, messages: [], ...body }),
  });
  const text = await response.text();
  const requestId = response.headers.get("x-request-id") ?? undefined;
  // Quotas are settled before the record is made.
  const record = await gateway.record(requestId);
  return { status: response.status, headers: response.headers, text, record };
}

const quota = (fields: Fields): Fields => ({
  name: "daily",
  metric: "tokens",
  limit: 100,
  period: "day",
  ...fields,
});

const statuses = async (callers: readonly Caller[]): Promise<number[]> => {
  const all: number[] = [];
  for (const caller of callers) all.push((await call(caller)).status);
  return all;
};

beforeEach(async () => {
  service = await startBillingService();
  service.usage = { input: 10, output: 30 };
  nowMs = noonMs;
  defects = [];
});

afterEach(async () => {
  await gateway.close();
  await service.close();
  expect(defects).toEqual([]);
});

describe("a request counts under", () => {
  test.each<{ name: string; owners: Owners; callers: Caller[]; expected: number[] }>([
    {
      name: "the quota of its consumer alone",
      owners: { ana: [quota({})] },
      callers: ["ana", "ana", "ben", "ben", "ben"],
      expected: [200, 429, 200, 200, 200],
    },
    {
      name: "that of a group, which all its members use up together",
      owners: { team: [quota({ limit: 140 })] },
      callers: ["ana", "ben", "ana", "ben"],
      expected: [200, 200, 429, 429],
    },
    {
      name: "those of every group of its consumer",
      owners: { team: [quota({ limit: 1_000 })], other: [quota({ limit: 100 })] },
      callers: ["ana", "ben"],
      expected: [200, 429],
    },
    {
      name: "no quota that is off",
      owners: { ana: [quota({ limit: 0, enabled: false })] },
      callers: ["ana"],
      expected: [200],
    },
    {
      name: "one in dry run, which refuses nothing",
      owners: { ana: [quota({ limit: 1, dryRun: true })] },
      callers: ["ana", "ana"],
      expected: [200, 200],
    },
  ])("$name", async ({ owners, callers, expected }) => {
    await start(owners);
    expect(await statuses(callers)).toEqual(expected);
  });
});

test("a quota in dry run is in the record of what it would have refused", async () => {
  await start({ ana: [quota({ limit: 1, dryRun: true })] });
  expect((await call()).record).toMatchObject({ status: 200, rateLimit: "daily", outcome: "ok" });
});

test("who is refused learns which quota, how much and until when", async () => {
  await start({ ana: [quota({ timeZone: "Asia/Shanghai" })] });
  await call();
  const { status, headers, text, record } = await call();
  expect(status).toBe(429);
  expect(JSON.parse(text)).toMatchObject({ error: { type: "rate_limit_error", code: "quota_exceeded" } });
  expect(text).toContain(
    'Quota \\"daily\\" of consumer \\"ana\\" allows 100 tokens a day: 40 tokens are used',
  );
  expect(text).toContain("It resets at 2026-11-22T16:00:00.000Z (Asia/Shanghai).");
  expect(headers.get("retry-after")).toBe(String(4 * 3_600));
  expect(headers.get("x-ratelimit-limit-tokens")).toBe("100");
  expect(headers.get("x-ratelimit-remaining-tokens")).toBe("60");
  expect(headers.get("x-ratelimit-reset-tokens")).toBe("4h0m0s");
  expect(record).toMatchObject({
    outcome: "limited",
    errorCode: "quota_exceeded",
    rateLimit: "daily",
    usage: null,
  });
  expect(service.asked).toBe(1);
});

test("what can never pass is told so, without a time to wait for", async () => {
  await start({ ana: [quota({ limit: 30 })] });
  const { status, headers, text } = await call();
  expect([status, headers.get("retry-after")]).toEqual([429, null]);
  expect(text).toContain("it cannot pass");
});

test("a quota of nothing refuses everything", async () => {
  await start({ ana: [quota({ limit: 0 })] });
  expect(await statuses(["ana", "ben"])).toEqual([429, 200]);
});

test("the next period starts with nothing used, and a clock that steps back resets nothing", async () => {
  await start({ ana: [quota({})] });
  expect(await statuses(["ana", "ana"])).toEqual([200, 429]);
  nowMs = Date.UTC(2026, 10, 23, 0, 0, 1);
  expect(await statuses(["ana", "ana"])).toEqual([200, 429]);
  nowMs = Date.UTC(2026, 10, 22, 23, 59, 59);
  expect(await statuses(["ana"])).toEqual([429]);
  nowMs = Date.UTC(2026, 10, 23, 0, 0, 2);
  expect(await statuses(["ana"])).toEqual([429]);
});

describe("money", () => {
  // 10 tokens of input and 30 of output cost 70 USD at these prices; a reservation is below 125.
  test("is counted by the price of what was used", async () => {
    await start({ ana: [quota({ metric: "cost", limit: 200 })] });
    expect(await statuses(["ana", "ana", "ana"])).toEqual([200, 200, 429]);
    const { text, headers } = await call();
    expect(text).toContain("allows USD 200 a day: USD 140 are used");
    expect(headers.get("x-ratelimit-limit-tokens")).toBeNull();
  });

  test("of which the price is not known reserves nothing, costs nothing and is refused once all is used", async () => {
    const fields = { modelService: { mode: "single", target: { service: "up" } } };
    await start({ ana: [quota({ metric: "cost", limit: 140 })] }, fields);
    expect((await call("ana", { model: "unpriced" })).status).toBe(200);
    expect(await statuses(["ana"])).toEqual([200]);
    expect((await call("ana", { model: "unpriced" })).status).toBe(200);
    await gateway.close();
    await start({ ana: [quota({ metric: "cost", limit: 0 })] }, fields);
    expect((await call("ana", { model: "unpriced" })).status).toBe(429);
  });

  test("is reserved at the dearest target that the request could get", async () => {
    const cheap = { name: "cheap", price: { input: 1, output: 1 } };
    const document = documentWith({ ana: [quota({ metric: "cost", limit: 10 })] });
    const services = [serviceAt(service.url, "openai", { models: [{ name: "m", price }, cheap] })];
    const rules = [
      { pattern: "cheap", target: { service: "up" } },
      { pattern: "m", target: { service: "up" } },
    ];
    const modelApis = document.modelApis.map((api) => ({
      ...api,
      modelService: { mode: "by-model-name", rules },
    }));
    gateway = await startGateway({ ...document, services, modelApis }, { clock });
    expect((await call("ana", { model: "m" })).status).toBe(429);
    expect((await call("ana", { model: "cheap" })).status).toBe(200);
    gateway.apply({
      ...document,
      services,
      modelApis: modelApis.map((api) => ({ ...api, fallback: { targets: [{ service: "up", model: "m" }] } })),
    });
    expect((await call("ana", { model: "cheap" })).status).toBe(429);
  });
});

describe("a change holds at once for the period that runs", () => {
  const change = (fields: Fields): void => gateway.apply(documentWith({ ana: [quota(fields)] }));

  test("of the limit", async () => {
    await start({ ana: [quota({})] });
    expect(await statuses(["ana", "ana"])).toEqual([200, 429]);
    change({ limit: 140 });
    expect(await statuses(["ana", "ana"])).toEqual([200, 429]);
    change({ limit: 40 });
    expect(await statuses(["ana"])).toEqual([429]);
  });

  test.each<[string, Fields]>([
    ["period", { period: "month" }],
    ["zone", { timeZone: "Asia/Shanghai" }],
    ["first day", { period: { days: 1, from: "2026-01-01" } }],
    ["name", { name: "another" }],
  ])("of the %s, counting anew", async (_name, fields) => {
    await start({ ana: [quota({})] });
    expect(await statuses(["ana", "ana"])).toEqual([200, 429]);
    change(fields);
    expect(await statuses(["ana", "ana"])).toEqual([200, 429]);
  });
});

test("what runs is reserved, and given back with what was used", async () => {
  await start({ ana: [quota({ limit: 150 })] });
  service.hold();
  const running = [call(), call()];
  await service.holding(2);
  expect((await call()).status).toBe(429);
  service.release();
  expect((await Promise.all(running)).map(({ status }) => status)).toEqual([200, 200]);
  expect(await statuses(["ana"])).toEqual([200]);
});

test("a failed request uses nothing", async () => {
  await start({ ana: [quota({})] });
  service.status = 500;
  service.usage = null;
  expect(await statuses(["ana", "ana", "ana"])).toEqual([500, 500, 500]);
});
