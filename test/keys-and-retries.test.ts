// Which failures cost another send: the next key, one retry within the budget, or nothing; and how keys come to rest.
import { describe, expect, test } from "vitest";
import type { AttemptRecord } from "../src/core/exchange-record.ts";
import { TestClock } from "../src/gateway/runtime-fixture.ts";
import { singleTarget } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { healthyAnswer, rateLimitBody, wholeAnswer } from "./support/fault-upstream.ts";
import { startGateway, type Gateway, type GatewayOptions } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { patientClock } from "./support/patient-clock.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { exchange, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream, type UpstreamRequest } from "./support/raw-upstream.ts";

const keep = createKeeper();

type Fields = Readonly<Record<string, unknown>>;

/** What the service does with one request: bytes to answer with, or a broken connection. */
type Reaction = string | typeof reset;
const reset = Symbol("reset");

interface Scene {
  readonly gateway: Gateway;
  readonly upstream: RawUpstream;
  call(): Promise<Answer>;
  attempts(answer: Answer): Promise<readonly AttemptRecord[]>;
}

const [wire] = protocolCases as readonly [ProtocolCase];

async function sceneOf(
  react: (request: UpstreamRequest, number: number) => Reaction,
  fields: { service?: Fields; api?: Fields } = {},
  options: GatewayOptions = {},
): Promise<Scene> {
  let number = 0;
  const upstream = keep(
    await startRawUpstream({
      onRequest: (request) => {
        const reaction = react(request, number);
        number += 1;
        if (reaction === reset) request.connection.socket.resetAndDestroy();
        else request.connection.socket.write(reaction, "latin1");
      },
    }),
  );
  const gateway = keep(await startGateway(singleTarget(upstream.url, wire.protocol, fields), options));
  return {
    gateway,
    upstream,
    call: () => exchange(gateway.port, { path: wire.path, body: wire.request(false) }),
    attempts: async (answer) => (await gateway.record(answer.header("x-request-id"))).attempts,
  };
}

const good = healthyAnswer({ wire, stream: false });
const failure = '{"error":{"message":"no","type":"server_error"}}';

function status(code: number, extra = ""): string {
  return wholeAnswer(code, code === 429 ? rateLimitBody : failure, extra);
}

/** A failure that says in its message when to come back. */
function advising(code: number, message: string, extra = ""): string {
  return wholeAnswer(code, JSON.stringify({ error: { message } }), extra);
}

/** The first reactions, then good answers. */
function first(...reactions: readonly Reaction[]): (request: UpstreamRequest, number: number) => Reaction {
  return (_request, number) => reactions[number] ?? good;
}

describe("a 429 that is listed for retries", () => {
  const listed = { api: { retries: { max: 1, on: ["upstream-429"] } } };

  test.each<[name: string, reactions: readonly Reaction[], sends: number, status: number]>([
    [
      "is retried with the same key after the pause that it asks for",
      [status(429, "retry-after-ms: 20\r\n")],
      2,
      200,
    ],
    ["is retried once", [status(429, "retry-after: 0\r\n"), status(429, "retry-after: 0\r\n")], 2, 429],
    ["is passed on when the pause is too long", [status(429, "retry-after: 5\r\n")], 1, 429],
  ])("%s", async (_name, reactions, sends, expected) => {
    const { call, upstream, attempts } = await sceneOf(first(...reactions), listed);
    const answer = await call();
    expect(answer.status).toBe(expected);
    expect(upstream.requests).toHaveLength(sends);
    const actions = (await attempts(answer)).map(({ nextAction }) => nextAction);
    expect(actions).toEqual(sends === 2 ? ["retry", "none"] : ["none"]);
  });
});

describe("retries", () => {
  const rows: readonly (readonly [
    name: string,
    reactions: readonly Reaction[],
    sends: number,
    status: number,
  ])[] = [
    ["a reset is retried", [reset], 2, 200],
    ["two resets are one too many", [reset, reset], 2, 502],
    ["503 is retried", [status(503)], 2, 200],
    ["503 that asks for no wait is retried", [status(503, "retry-after: 0\r\n")], 2, 200],
    ["503 that asks for more than 2 s is passed on", [status(503, "retry-after: 3\r\n")], 1, 503],
    ["503 that asks for 5 ms is retried", [status(503, "retry-after-ms: 5\r\n")], 2, 200],
    ["503 that asks for 5 ms in words is retried", [advising(503, "Please try again in 5ms.")], 2, 200],
    ["503 that asks for 20 s in words is passed on", [advising(503, "Please try again in 20s.")], 1, 503],
    ["500 is passed on", [status(500)], 1, 500],
    ["400 is passed on", [status(400)], 1, 400],
    ["a redirect is not retried", [status(302, "location: /elsewhere\r\n")], 1, 502],
    ["an error inside a 200 is not retried", [wholeAnswer(200, wire.errorIn200)], 1, 500],
    ["an empty answer is not retried", [wholeAnswer(200, wire.empty)], 1, 502],
  ];

  test.each(rows)("%s by default", async (_name, reactions, sends, code) => {
    const { upstream, call, attempts } = await sceneOf(first(...reactions));
    const answer = await call();
    expect(answer.status).toBe(code);
    expect(upstream.requests).toHaveLength(sends);
    const trail = await attempts(answer);
    expect(trail.map(({ nextAction }) => nextAction)).toEqual([
      ...Array<string>(sends - 1).fill("retry"),
      "none",
    ]);
    expect(answer.header("x-moongate-attempts")).toBe(String(sends));
    for (const request of upstream.requests) expect(request.body.toString()).toBe(wire.request(false));
  });

  test("retries may be listed for other failures, and as many as asked for are made", async () => {
    const api = { retries: { max: 3, on: ["upstream-5xx"] } };
    const { upstream, call } = await sceneOf(first(status(500), status(500), status(502)), { api });
    expect((await call()).status).toBe(200);
    expect(upstream.requests).toHaveLength(4);
  });

  test("a budget of nothing allows no retry", async () => {
    const { upstream, call } = await sceneOf(first(reset), { api: { retries: { budgetPercent: 0 } } });
    expectOwnError(await call(), { protocol: wire.protocol, status: 502, code: "upstream_error" });
    expect(upstream.requests).toHaveLength(1);
  });

  test("a storm on everything costs at most 1.2 sends per request from its second second on", async () => {
    const clock = new TestClock();
    const { upstream, call } = await sceneOf(() => reset, {}, { clock });
    const stormMs = 2500;
    /** By the clock, for each call. */
    const betweenMs = 5;
    const startedAtMs = clock.nowMs;
    const elapsedMs = (): number => clock.nowMs - startedAtMs;
    let calls = 0;
    /** Sends and calls when the storm's second second began. */
    let before: { readonly sends: number; readonly calls: number } | undefined;
    const client = async (): Promise<void> => {
      while (elapsedMs() < stormMs) {
        if (elapsedMs() > 1000) before ??= { sends: upstream.requests.length, calls };
        await call();
        calls += 1;
        clock.nowMs += betweenMs;
      }
    };
    await Promise.all([client(), client(), client(), client()]);
    if (before === undefined) throw new Error("the storm was too short");
    // Calls that were under way at the edge may count on one side only.
    const sends = upstream.requests.length - before.sends;
    expect(sends).toBeLessThanOrEqual((calls - before.calls + 4) * 1.2 + 4);
  });
});

const twoKeys = {
  apiKeys: [
    { name: "one", value: "sk-key-number-one" },
    { name: "two", value: "sk-key-number-two" },
  ],
};

function keyOf(request: UpstreamRequest): string {
  return request.header("authorization")?.replace("Bearer sk-key-number-", "") ?? "none";
}

describe("several keys", () => {
  test.each([401, 402, 403, 429])(
    "a key that is refused with %d hands over to the next in the same request",
    async (code) => {
      const { upstream, call, attempts } = await sceneOf(
        (request) => (keyOf(request) === "one" ? status(code) : good),
        {
          service: twoKeys,
        },
      );
      const answers = [await call(), await call()];
      expect(answers.map((answer) => answer.status)).toEqual([200, 200]);
      const handedOver = answers[0] as Answer;
      expect(await attempts(handedOver)).toMatchObject([
        {
          key: "one",
          status: code,
          nextAction: "next-key",
          reason: code === 429 ? "upstream-429" : "upstream-credentials",
        },
        { key: "two", status: 200, nextAction: "none", outcome: "ok" },
      ]);
      expect(upstream.requests.length).toBeGreaterThanOrEqual(3);
    },
  );

  test.each([
    [401, true],
    [402, true],
    [429, true],
    [403, false],
  ])("after %d the key rests: %s", async (code, rests) => {
    const { upstream, call } = await sceneOf((request) => (keyOf(request) === "one" ? status(code) : good), {
      service: twoKeys,
    });
    for (let count = 0; count < 5; count += 1) await call();
    const ofFirst = upstream.requests.filter((request) => keyOf(request) === "one");
    expect(ofFirst.length === 1).toBe(rests);
  });

  test("a request uses at most three keys", async () => {
    const apiKeys = ["one", "two", "three", "four"].map((name) => ({ name, value: `sk-key-number-${name}` }));
    const { upstream, call } = await sceneOf(() => status(401), { service: { apiKeys } });
    expectOwnError(await call(), { protocol: wire.protocol, status: 502, code: "upstream_credentials" });
    expect(new Set(upstream.requests.map(keyOf)).size).toBe(3);
    expect(upstream.requests).toHaveLength(3);
  });

  test("when every key rests for its rate limit, requests are told so without being sent", async () => {
    const { gateway, upstream, call } = await sceneOf(() => status(429, "retry-after: 30\r\n"), {
      service: twoKeys,
    });
    const passed = await call();
    expect(passed.status).toBe(429);
    expect(passed.text()).toBe(rateLimitBody);
    expect(passed.header("retry-after")).toBe("30");
    const refused = await call();
    expectOwnError(refused, { protocol: wire.protocol, status: 503, code: "no_healthy_service" });
    expect(Number(refused.header("retry-after"))).toBeGreaterThan(0);
    expect(await gateway.record(refused.header("x-request-id"))).toMatchObject({
      outcome: "upstream_error",
      attempts: [],
    });
    expect(upstream.requests).toHaveLength(2);
  });

  test("when every key is refused, one is still tried, and works again as soon as the provider takes it", async () => {
    let accepted = false;
    const { upstream, call } = await sceneOf(() => (accepted ? good : status(401)), { service: twoKeys });
    expect((await call()).status).toBe(502);
    accepted = true;
    // At most one try a second while all rest.
    let answer = await call();
    while (answer.status !== 200) {
      expectOwnError(answer, { protocol: wire.protocol, status: 502, code: "upstream_credentials" });
      answer = await call();
    }
    expect((await call()).status).toBe(200);
    expect(upstream.requests.length).toBeLessThan(8);
  });

  test("weights decide how often a key is used; one without a share or switched off never is", async () => {
    const apiKeys = [
      { name: "one", value: "sk-key-number-one", weight: 3 },
      { name: "two", value: "sk-key-number-two", weight: 1 },
      { name: "none", value: "sk-key-number-none", weight: 0 },
      { name: "off", value: "sk-key-number-off", weight: 9, enabled: false },
    ];
    const { upstream, call } = await sceneOf(() => good, { service: { apiKeys } });
    for (let count = 0; count < 40; count += 1) await call();
    const used = upstream.requests.map(keyOf);
    expect(used.filter((key) => key === "one")).toHaveLength(30);
    expect(used.filter((key) => key === "two")).toHaveLength(10);
  });
});

test("a service without keys is called without credentials", async () => {
  const { upstream, call } = await sceneOf(() => good, { service: { apiKeys: [] } });
  expect((await call()).status).toBe(200);
  expect(upstream.requests[0]?.header("authorization")).toBeUndefined();
});

test("a stall is not retried by default", async () => {
  // A service that reads and says nothing.
  const upstream = keep(await startRawUpstream());
  const service = { timeouts: { totalMs: 100 } };
  const gateway = keep(
    await startGateway(singleTarget(upstream.url, wire.protocol, { service }), { clock: patientClock() }),
  );
  const answer = await exchange(gateway.port, { path: wire.path, body: wire.request(false) });
  expectOwnError(answer, { protocol: wire.protocol, status: 504, code: "upstream_timeout" });
  expect(upstream.requests).toHaveLength(1);
});
