// Records as lines and back: nothing is lost, whatever is in them and whatever order the columns stood in.
import { expect, test } from "vitest";
import { recordOf } from "../../test/support/exchange-record.ts";
import { noTokens } from "../core/usage.ts";
import type { ModelEvidence } from "../core/routing-record.ts";
import type { ExchangeRecord } from "../core/exchange-record.ts";
import { lineHeader, ownLayout, readLineHeader } from "./line-layout.ts";
import { lineOf, readHead, readLine, readObjectLine } from "./record-lines.ts";

/** Every field that a record may have: a new one does not compile until it is here. */
const whole: Required<ExchangeRecord> = {
  requestId: "0f8fad5b-d9cb-469f-a165-70867728950e",
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  time: "2030-01-01T00:00:00.123Z",
  instance: "i",
  api: "a",
  route: "r",
  protocol: "openai",
  method: "POST",
  path: '/odd/"path"\\\n\t\u2028\u00fc\ud83d\ude00',
  domain: "d",
  consumer: "c",
  credential: "k",
  resourceGroup: "g",
  clientIp: "192.0.2.1",
  stream: true,
  requestedModel: "asked\tfor",
  service: "s",
  model: "sent",
  upstreamStatus: 503,
  status: 200,
  outcome: "upstream_error",
  errorCode: "upstream_timeout",
  decision: {
    mode: "by-metrics",
    reason: "fastest",
    candidates: [
      { service: "s", model: "sent", reason: "" },
      {
        service: "t",
        model: "other",
        reason: "ejected",
        ttftMs: 1.25,
        failure: 0.5,
        waiting: 3,
        capacity: 9,
        admittedPerSecond: 4,
        cost: 17,
      },
    ],
  },
  attempts: [
    {
      service: "s",
      model: "sent",
      key: "key",
      startedAt: "2030-01-01T00:00:00.124Z",
      status: 503,
      outcome: "upstream_error",
      reason: "upstream-5xx",
      detail: "ENOTFOUND",
      ttftMs: 1.5,
      durationMs: 2.5,
      nextAction: "fallback",
      spanId: "00f067aa0ba902b7",
      protocol: "anthropic",
      usage: { ...noTokens, inputTokens: 7, outputTokens: 1, searches: 1 },
    },
  ],
  fallbackFrom: "t",
  ttftMs: 10.125,
  durationMs: 20.25,
  overheadMs: 0.5,
  usage: {
    inputTokens: 1,
    outputTokens: 2,
    cachedInputTokens: 3,
    cacheWriteTokens: 4,
    reasoningTokens: 5,
    estimated: true,
    images: 6,
    seconds: 7.5,
    characters: 8,
    searches: 9,
  },
  costUsd: 0.000_001_5,
  cache: "hit",
  saved: { inputTokens: 10, outputTokens: 20, costUsd: 0.25 },
  moderation: [
    {
      check: "words",
      direction: "request",
      dimension: "content-compliance",
      risk: "high",
      action: "block",
      label: "keyword",
      count: 2,
    },
  ],
  rateLimit: "limit",
  warnings: [{ field: "f", action: "dropped" }],
  signals: "mlt",
  spanId: "00f067aa0ba902b8",
  parentSpanId: "00f067aa0ba902b9",
  requestContent: "asked",
  responseContent: "answered",
};

const models = Array.from({ length: 20 }, (_, index): ModelEvidence => ({
  model: `vendor/some-model-with-a-name-${index}`,
  excluded: index % 3 === 0 ? "takes-no-image" : "",
  declared: 0.6123,
  general: 0.5,
  ...(index % 2 === 0 && { learnt: { near: 0.7001, mean: 0.5999, count: 123.4 } }),
  costUsd: 0.000_012_34,
  latencyMs: 1_234,
}));

const routed = recordOf({
  decision: {
    mode: "intelligent",
    reason: "the best for this request",
    candidates: models.map(({ model, costUsd }) => ({
      service: "a",
      model,
      reason: "",
      ttftMs: 812,
      failure: 0.012,
      waiting: 3,
      capacity: 6.5,
      cost: 930,
      quality: 0.6012,
      costUsd,
      utility: 0.5511,
    })),
    routing: {
      router: "1.3fa9c2d1.7",
      evidence: {
        profile: "balanced",
        costWeight: 0.15,
        latencyWeight: 0.05,
        maxQualityDrop: 0.06,
        prompt: {
          language: "en",
          complexity: 0.25,
          domains: [{ name: "code", probability: 0.8123 }],
          source: "engine",
          familiarity: 0.5,
        },
        models,
        defaultModel: models[0]?.model ?? "",
        preferred: [],
        inToolLoop: false,
      },
      choice: { model: models[1]?.model ?? "", reason: "best", margin: 0.0123, propensity: 1 },
      sketch: "AAECAw==",
    },
  },
});

test("what decided among twenty models takes about three thousand characters more", () => {
  const { decision } = routed;
  if (decision === null) throw new Error("no decision");
  const { routing: _routing, ...rest } = decision;
  const more = lineOf(routed).length - lineOf({ ...routed, decision: rest }).length;
  expect(more).toBeLessThan(3_000);
});

test.each<[string, ExchangeRecord]>([
  ["one with everything", whole],
  ["one that was routed among twenty models", routed],
  ["an ordinary one", recordOf({})],
  ["one without usage, decision and attempts", recordOf({ usage: null, decision: null, attempts: [] })],
  ["a decision without candidates", recordOf({ decision: { mode: "m", reason: "r", candidates: [] } })],
  [
    "some units",
    recordOf({
      usage: { ...whole.usage, inputTokens: 0, estimated: false, images: 1 } as ExchangeRecord["usage"],
    }),
  ],
])("%s comes back as it was", (_name, record) => {
  const line = lineOf(record);
  expect(line).not.toContain("\n");
  expect(readLine(line, ownLayout)?.record).toEqual(record);
});

test("the head alone has what is counted and searched", () => {
  const { requestContent: _request, responseContent: _response, spanId: _span, ...rest } = whole;
  const { parentSpanId: _parent, ...counted } = rest;
  const [attempt] = whole.attempts;
  const { spanId: _sent, usage: _used, protocol: _spoken, ...sent } = attempt ?? {};
  expect(readHead(lineOf(whole), ownLayout)).toEqual({
    recorded: true,
    record: {
      ...counted,
      instance: "",
      decision: { mode: "by-metrics", reason: "", candidates: [] },
      attempts: [{ ...sent, key: "", startedAt: "", detail: "" }],
      warnings: [],
    },
  });
});

test("a trace that is the request's own takes no room", () => {
  const record = recordOf({
    requestId: "0f8fad5b-d9cb-469f-a165-70867728950e",
    traceId: "0f8fad5bd9cb469fa16570867728950e",
  });
  expect(lineOf(record)).not.toContain(record.traceId);
  expect(readLine(lineOf(record), ownLayout)?.record).toEqual(record);
});

test("lines in another order of columns, with some more and some missing, are read by their own header", () => {
  const columns = ["later", "api", "time", "requestId", "attempts", "status"];
  const header = JSON.stringify({ columns, tail: ["candidates"], attempt: ["status", "service"] });
  const layout = readLineHeader(header);
  const values = ["?", "a", whole.time, "id", [[500, "s"]], 404];
  const read = layout && readLine(`${JSON.stringify(values)}\t[[]]`, layout)?.record;
  expect(read).toMatchObject({
    api: "a",
    time: whole.time,
    requestId: "id",
    status: 404,
    consumer: "",
    usage: null,
  });
  expect(read?.attempts).toMatchObject([{ status: 500, service: "s", key: "", ttftMs: null }]);
});

test("a line says that content was kept when it is kept elsewhere", () => {
  expect(readHead(lineOf(recordOf({}), true), ownLayout)?.recorded).toBe(true);
});

const line = lineOf(whole);
test.each([
  ["a torn head", line.slice(0, 100)],
  ["a torn rest", line.slice(0, -3)],
  ["two lines in one", `${line.slice(0, 60)}${line}`],
  ["a header", lineHeader],
  ["nothing", ""],
  ["an array of something else", "[1,2]\t[]"],
])("%s is no record", (_name, text) => {
  expect(readLine(text, ownLayout)).toBeUndefined();
});

test("lines of builds before are objects", () => {
  expect(readObjectLine(JSON.stringify(whole))).toEqual(whole);
  expect(readObjectLine(JSON.stringify(whole).slice(0, -1))).toBeUndefined();
  expect(readObjectLine(line)).toBeUndefined();
  expect(readLineHeader(line)).toBeUndefined();
});

test("findings of lines that kept them behind the tab are read with the rest", () => {
  const layout = readLineHeader('{"columns":["requestId","time","attempts"],"tail":["moderation"]}');
  const found = whole.moderation;
  const before = `${JSON.stringify(["r", "2026-11-22T08:00:00.000Z", []])}\t${JSON.stringify([found])}`;
  expect(found.length).toBeGreaterThan(0);
  expect(layout && readHead(before, layout)?.record.moderation).toEqual([]);
  expect(layout && readLine(before, layout)?.record.moderation).toEqual(found);
});
