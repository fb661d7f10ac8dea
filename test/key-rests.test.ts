// How long a service that limits or refuses keys is left alone, over all data planes of a node; and where requests go then.
import { describe, expect, test } from "vitest";
import type { ExchangeRecord } from "../src/core/exchange-record.ts";
import { startDataPlane, type DataPlane } from "../src/gateway/data-plane.ts";
import { TestClock } from "../src/gateway/runtime-fixture.ts";
import { SharedCells } from "../src/lib/shared-cells.ts";
import { SharedRows } from "../src/lib/shared-rows.ts";
import { apiOf, serviceAt, singleTarget, type TestDocument } from "./support/configuration.ts";
import { expectOwnError } from "./support/error-shapes.ts";
import { failureBody, healthyAnswer, rateLimitBody, wholeAnswer } from "./support/fault-upstream.ts";
import { snapshotOf, startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";
import { exchange, type Answer } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream, type UpstreamRequest } from "./support/raw-upstream.ts";

const keep = createKeeper();
const [wire] = protocolCases as readonly [ProtocolCase];
const good = healthyAnswer({ wire, stream: false });

const twoKeys = {
  apiKeys: [
    { name: "one", value: "sk-key-number-one" },
    { name: "two", value: "sk-key-number-two" },
  ],
};

function keyOf(request: UpstreamRequest): string {
  return request.header("authorization")?.replace("Bearer sk-key-number-", "") ?? "none";
}

function status(code: number, extra = ""): string {
  return wholeAnswer(code, code === 429 ? rateLimitBody : failureBody, extra);
}

/** A rate limit that says in its message when to come back. */
function advising(message: string, extra = ""): string {
  return wholeAnswer(429, JSON.stringify({ error: { message } }), extra);
}

/** Data planes of one node on a clock that the test sets: they share their memory as worker threads do. */
async function startNode(
  document: TestDocument,
  planes: number,
): Promise<{
  readonly clock: TestClock;
  readonly planes: readonly DataPlane[];
  readonly records: ExchangeRecord[];
}> {
  const clock = new TestClock();
  const cells = SharedCells.allocate(planes, 64, 64);
  const rows = SharedRows.allocate(64);
  const records: ExchangeRecord[] = [];
  const starting = Array.from({ length: planes }, async (_, column) => {
    const plane = keep(
      await startDataPlane({
        host: "127.0.0.1",
        port: 0,
        clock,
        upstreamNetworks: "private",
        cells: new SharedCells(cells, planes, column),
        rows: new SharedRows(rows),
        record: (record) => records.push(record),
      }),
    );
    plane.apply(snapshotOf(document));
    return plane;
  });
  return { clock, planes: await Promise.all(starting), records };
}

/** An upstream that answers each request by itself. */
async function upstreamThat(answer: (request: UpstreamRequest) => string): Promise<RawUpstream> {
  return keep(
    await startRawUpstream({
      onRequest: (request) => request.connection.socket.write(answer(request), "latin1"),
    }),
  );
}

async function callTo(plane: DataPlane | undefined): Promise<Answer> {
  if (plane === undefined) throw new Error("no such data plane");
  return exchange(plane.port, { path: wire.path, body: wire.request(false) });
}

describe("how long a service asks to be left alone", () => {
  const retryInfo = {
    error: {
      code: 429,
      message: "You exceeded your current quota.",
      status: "RESOURCE_EXHAUSTED",
      details: [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "34s" }],
    },
  };
  const usedUp = "x-ratelimit-remaining-tokens: 0\r\nx-ratelimit-reset-tokens: 12s\r\n";
  const inFortySeconds = new Date(new TestClock().wallMs() + 40_000).toISOString();

  test.each([
    ["nothing at all: a second", status(429), 1],
    ["seconds", status(429, "retry-after: 7\r\n"), 7],
    ["a day: a minute", status(429, "retry-after: 86400\r\n"), 60],
    ["milliseconds", status(429, "retry-after-ms: 20000\r\n"), 20],
    ["words in the body", advising("Rate limit reached. Please try again in 20s."), 20],
    ["a header, and something else in words", advising("Try again in 20s.", "retry-after: 7\r\n"), 7],
    ["RetryInfo in the body", wholeAnswer(429, JSON.stringify(retryInfo)), 34],
    ["RetryInfo in an array", wholeAnswer(429, JSON.stringify([retryInfo])), 34],
    ["a limit that is used up", status(429, usedUp), 12],
    [
      "a limit that is used up, with a date",
      status(
        429,
        `anthropic-ratelimit-requests-remaining: 0\r\nanthropic-ratelimit-requests-reset: ${inFortySeconds}\r\n`,
      ),
      40,
    ],
  ])("%s", async (_name, refusal, seconds) => {
    let limited = true;
    const upstream = await upstreamThat(() => (limited ? refusal : good));
    const { clock, planes } = await startNode(singleTarget(upstream.url, wire.protocol), 1);
    const passed = await callTo(planes[0]);
    expect(passed.status).toBe(429);
    // The client reads what the service wrote.
    expect(refusal.endsWith(passed.text())).toBe(true);
    expect(passed.header("retry-after")).toBe(/retry-after: (\d+)/.exec(refusal)?.[1]);
    limited = false;
    const refused = await callTo(planes[0]);
    expectOwnError(refused, { protocol: wire.protocol, status: 503, code: "no_healthy_service" });
    expect(refused.header("retry-after")).toBe(String(seconds));
    clock.nowMs += seconds * 1000 - 1;
    expect((await callTo(planes[0])).status).toBe(503);
    clock.nowMs += 1;
    expect((await callTo(planes[0])).status).toBe(200);
    expect(upstream.requests).toHaveLength(2);
  });
});

describe("a rate limit on every key", () => {
  const limit = status(429, "retry-after: 30\r\n");

  async function withFallback(spareAnswer: string): Promise<{
    readonly limited: RawUpstream;
    readonly spare: RawUpstream;
    readonly gateway: Gateway;
    call(): Promise<Answer>;
  }> {
    const limited = await upstreamThat(() => limit);
    const spare = await upstreamThat(() => spareAnswer);
    const gateway = keep(
      await startGateway({
        services: [
          serviceAt(limited.url, wire.protocol, twoKeys),
          serviceAt(spare.url, wire.protocol, { name: "spare" }),
        ],
        modelApis: [apiOf(wire.protocol, { fallback: { targets: [{ service: "spare" }] } })],
      }),
    );
    const call = async (): Promise<Answer> =>
      exchange(gateway.port, { path: wire.path, body: wire.request(false) });
    return { limited, spare, gateway, call };
  }

  test("goes through the keys, then to the fallback, and spares the service as long as it asked", async () => {
    const { limited, spare, gateway, call } = await withFallback(good);
    const answer = await call();
    expect(answer.status).toBe(200);
    expect(answer.header("x-moongate-attempts")).toBe("3");
    expect(answer.header("x-moongate-fallback-from")).toBe("up");
    expect((await gateway.record(answer.header("x-request-id"))).attempts).toMatchObject([
      { service: "up", key: "one", status: 429, nextAction: "next-key" },
      { service: "up", key: "two", status: 429, nextAction: "fallback" },
      { service: "spare", key: "main", status: 200, nextAction: "none" },
    ]);
    expect((await call()).status).toBe(200);
    expect(limited.requests).toHaveLength(2);
    expect(spare.requests).toHaveLength(2);
  });

  test("passes the last service's 429 on with its Retry-After when the fallback has a limit too", async () => {
    const { call } = await withFallback(status(429, "retry-after: 9\r\n"));
    const answer = await call();
    expect(answer.status).toBe(429);
    expect(answer.text()).toBe(rateLimitBody);
    expect(answer.header("retry-after")).toBe("9");
    const refused = await call();
    expectOwnError(refused, { protocol: wire.protocol, status: 503, code: "no_healthy_service" });
    expect(Number(refused.header("retry-after"))).toBeGreaterThan(0);
  });
});

describe("two data planes of one node", () => {
  test.each([
    [401, 30_000],
    [402, 30_000],
    [429, 5_000],
  ])("a key that one finds out about by %d rests for both", async (code, restMs) => {
    const upstream = await upstreamThat((request) =>
      keyOf(request) === "one" ? status(code, code === 429 ? "retry-after: 5\r\n" : "") : good,
    );
    const { clock, planes } = await startNode(
      singleTarget(upstream.url, wire.protocol, { service: twoKeys }),
      2,
    );
    const usesOfOne = (): number => upstream.requests.filter((request) => keyOf(request) === "one").length;
    expect((await callTo(planes[0])).status).toBe(200);
    expect(usesOfOne()).toBe(1);
    for (let call = 0; call < 4; call += 1) expect((await callTo(planes[1])).status).toBe(200);
    expect(usesOfOne()).toBe(1);
    clock.nowMs += restMs;
    // The end of the rest is found out by one request of one of them.
    for (let call = 0; call < 8; call += 1) expect((await callTo(planes[call % 2])).status).toBe(200);
    expect(usesOfOne()).toBe(2);
  });

  test("when all keys of a service rest, neither sends", async () => {
    const upstream = await upstreamThat(() => status(429, "retry-after: 30\r\n"));
    const { planes, records } = await startNode(singleTarget(upstream.url, wire.protocol), 2);
    expect((await callTo(planes[0])).status).toBe(429);
    const refused = await callTo(planes[1]);
    expectOwnError(refused, { protocol: wire.protocol, status: 503, code: "no_healthy_service" });
    expect(refused.header("retry-after")).toBe("30");
    expect(upstream.requests).toHaveLength(1);
    expect(records.map(({ attempts }) => attempts.length)).toEqual([1, 0]);
  });

  test("when every key is refused, one request a second of both finds out", async () => {
    const upstream = await upstreamThat(() => status(401));
    const { clock, planes } = await startNode(singleTarget(upstream.url, wire.protocol), 2);
    for (let second = 0; second < 4; second += 1) {
      for (let call = 0; call < 4; call += 1) {
        const answer = await callTo(planes[call % 2]);
        expectOwnError(answer, { protocol: wire.protocol, status: 502, code: "upstream_credentials" });
      }
      clock.nowMs += 1_000;
    }
    // The first request of all and, at once, the first trial; then one a second.
    expect(upstream.requests).toHaveLength(5);
  });
});
