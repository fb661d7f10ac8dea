// What records say of consumption: every use case with every ending, compared with what the simulator counted itself.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ExchangeRecord } from "../src/core/exchange-record.ts";
import { noTokens } from "../src/core/usage.ts";
import { countAsk } from "../src/gateway/accounting/token-ask.ts";
import { countTokens } from "../src/gateway/accounting/tokenizer.ts";
import type { ServedRequest } from "../src/simulator/exchange.ts";
import { consumingRoutes, exemptRoutes, nameOf, routeOf } from "./support/accounting-coverage.ts";
import { countedEndings, type CountedOutcome } from "./support/accounting-endings.ts";
import type { CountedRequest } from "./support/accounting-request.ts";
import { countedRequests } from "./support/accounting-rows.ts";
import { AccountingScene, countedPrice } from "./support/accounting-scene.ts";
import { named } from "./support/named.ts";

let scene: AccountingScene;

beforeAll(async () => {
  scene = await AccountingScene.start(countedEndings, {
    count: (ask) => Promise.resolve(countAsk(ask, countTokens)),
  });
});

afterAll(() => scene.close());

/** The simulator's tokens are not those of the tokenizer: near is within a quarter. */
function expectNear(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(Math.max(8, expected / 4));
}

function expectTold(record: ExchangeRecord, request: CountedRequest, counted: ServedRequest) {
  const { usage, costUsd } = record;
  if (request.tells === "never") return expectUntold(record, request, counted);
  const { inputTokens, outputTokens } = counted;
  if (request.onlyOrdered === true)
    return expect(usage).toEqual({ ...noTokens, ...request.ordered, estimated: true });
  if (request.tells === "no tokens") {
    if (request.units === undefined) return expect(usage).toBeNull();
    return expect(usage).toMatchObject({ ...request.units, estimated: false });
  }
  const output = request.writes ? outputTokens : 0;
  expect(usage).toEqual({ ...noTokens, inputTokens, outputTokens: output, ...request.units });
  expect(costUsd).toBeCloseTo((inputTokens * countedPrice.input + output * countedPrice.output) / 1e6, 12);
}

/** Nothing was told, though the answer is whole: units are in it or were ordered, text is counted. */
function expectUntold({ usage }: ExchangeRecord, request: CountedRequest, counted: ServedRequest) {
  const { units, ordered, readsText = false } = request;
  if (request.tells === "no tokens" && !readsText) {
    if (units === undefined && ordered === undefined) return expect(usage).toBeNull();
    return expect(usage).toMatchObject({ inputTokens: 0, outputTokens: 0, ...(units ?? ordered) });
  }
  expect(usage).toMatchObject({ ...ordered, estimated: true });
  expectNear(usage?.inputTokens ?? 0, counted.inputTokens - (request.unseen ?? 0));
  expectNear(usage?.outputTokens ?? 0, request.writes ? counted.outputTokens : 0);
}

function expectAsked({ usage }: ExchangeRecord, request: CountedRequest, { inputTokens }: ServedRequest) {
  if (request.tells === "no tokens" && request.readsText !== true) {
    if (request.ordered === undefined) return expect(usage).toBeNull();
    return expect(usage).toEqual({ ...noTokens, ...request.ordered, estimated: true });
  }
  expect(usage).toMatchObject({ ...request.ordered, outputTokens: 0, estimated: true });
  expectNear(usage?.inputTokens ?? 0, inputTokens - (request.unseen ?? 0));
}

function expectCut(record: ExchangeRecord, request: CountedRequest, counted: ServedRequest) {
  const { usage } = record;
  const { inputTokens, outputTokens } = counted;
  switch (request.tells) {
    case "never":
    case "no tokens":
      return expectAsked(record, request, counted);
    case "all along":
      expect(usage).toMatchObject({ inputTokens, estimated: false });
      if (record.outcome === "truncated") expect(usage?.outputTokens).toBe(outputTokens);
      break;
    case "input first":
      expect(usage).toMatchObject({ inputTokens, estimated: true });
      break;
    case "at the end":
      expect(usage).toMatchObject({ estimated: true });
      expectNear(usage?.inputTokens ?? 0, inputTokens);
      break;
  }
  expectNear(usage?.outputTokens ?? 0, outputTokens);
}

const checks: Readonly<Record<CountedOutcome["usage"], typeof expectTold>> = {
  told: expectTold,
  untold: expectUntold,
  asked: expectAsked,
  cut: expectCut,
  none: ({ usage, costUsd }) => {
    expect(usage).toBeNull();
    expect(costUsd).toBeNull();
  },
};

const cells = countedRequests.flatMap((request) =>
  countedEndings.flatMap((ending) => {
    const isMissing = ending.streamsOnly === true && !request.stream;
    const usual = request.stream || request.passes === true ? ending.stream : ending.plain;
    const isBound = typeof request.body === "string" && request.body.includes("{file}");
    const expected = (isBound ? ending.bound : undefined) ?? usual;
    return expected === null || isMissing
      ? []
      : [{ name: `${request.protocol} ${request.name}: ${ending.name}`, request, ending, expected }];
  }),
);

describe(`${cells.length} cells of request x ending: the record says what was consumed`, () => {
  test.each(named(cells))("%s", async (_name, { request, ending, expected }) => {
    const record = await scene.recordOf(request, ending);
    const { usage, ...rest } = expected;
    expect(record).toMatchObject({ ...rest, route: routeOf(request)?.name ?? "count" });
    const counted = usage === "none" ? nothingServed : await scene.servedTo(record);
    checks[usage](record, request, counted);
    expectTimes(record);
  });
});

test("every default route that may consume something has a cell, or a reason why it has none", () => {
  const routes = countedRequests.flatMap((request) => routeOf(request) ?? []);
  const covered = new Set([...routes.map(nameOf), ...Object.keys(exemptRoutes)]);
  expect(consumingRoutes.map(nameOf).filter((name) => !covered.has(name))).toEqual([]);
});

test("no route is exempt that has a cell or is not there", () => {
  const covered = new Set(countedRequests.flatMap((request) => routeOf(request) ?? []).map(nameOf));
  const consuming = new Set(consumingRoutes.map(nameOf));
  const idle = Object.keys(exemptRoutes).filter((name) => covered.has(name) || !consuming.has(name));
  expect(idle).toEqual([]);
});

const nothingServed: ServedRequest = {
  path: "",
  traceparent: undefined,
  inputTokens: 0,
  outputTokens: 0,
  complete: false,
};

/** On every ending the gateway's own time is a part of the whole, and the service's status is its last one. */
function expectTimes({ durationMs, overheadMs, attempts, upstreamStatus }: ExchangeRecord): void {
  const waited = attempts.reduce((sum, attempt) => sum + attempt.durationMs, 0);
  expect(overheadMs).toBeGreaterThanOrEqual(0);
  expect(overheadMs + waited).toBeLessThanOrEqual(durationMs + 0.01);
  expect(upstreamStatus).toBe(attempts.at(-1)?.status ?? 0);
}
