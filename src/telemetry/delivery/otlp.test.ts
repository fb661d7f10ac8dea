// What an exchange becomes in OpenTelemetry: names, kinds, relations and values, by the public conventions.
import { expect, test } from "vitest";
import type { AttemptRecord, ExchangeRecord } from "../../core/exchange-record.ts";
import type { Outcome } from "../../core/outcome.ts";
import type { RoutingRecord } from "../../core/routing-record.ts";
import { recordOf } from "../../../test/support/exchange-record.ts";
import { describe, type ServiceBook } from "./described-exchange.ts";
import { operationName } from "./operation-name.ts";
import { logRecordOf } from "./otlp-logs.ts";
import { metricsOf } from "./otlp-metrics.ts";
import { spansOf } from "./otlp-traces.ts";
import type { KeyValue } from "./otlp-values.ts";

const services: ServiceBook = new Map([
  ["first", { provider: "azure.ai.openai", address: "a.example.com", port: 443 }],
  ["second", { provider: "anthropic", address: "b.example.com", port: 8443 }],
]);

const attempt: AttemptRecord = {
  service: "first",
  model: "m-1",
  key: "main",
  startedAt: "2030-01-01T00:00:00.010Z",
  status: 503,
  outcome: "upstream_error",
  reason: "upstream-5xx",
  detail: "",
  ttftMs: null,
  durationMs: 90.5,
  nextAction: "fallback",
  spanId: "00000000000000a1",
};

const answered = recordOf({
  requestId: "4b0c5e0e-4d2b-4c57-9a43-0e9ad1f4a8a1",
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  parentSpanId: "1111111111111111",
  route: "create-chat-completion",
  consumer: "ana",
  stream: true,
  requestedModel: "gpt",
  service: "second",
  model: "m-2",
  fallbackFrom: "first",
  ttftMs: 200,
  durationMs: 1_200.25,
  usage: {
    inputTokens: 100,
    outputTokens: 11,
    cachedInputTokens: 60,
    cacheWriteTokens: 0,
    reasoningTokens: 4,
    estimated: false,
  },
  costUsd: 2,
  attempts: [
    attempt,
    {
      ...attempt,
      service: "second",
      model: "m-2",
      startedAt: "2030-01-01T00:00:00.101Z",
      status: 200,
      outcome: "ok",
      reason: "",
      ttftMs: 100,
      durationMs: 1_099,
      nextAction: "none",
      spanId: "00000000000000a2",
    },
  ],
});

function values(attributes: readonly KeyValue[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}

test("an exchange is a span of the gateway, and below it one for each attempt", () => {
  const [gateway, first, second, ...more] = spansOf(describe(answered, services));
  expect(more).toEqual([]);
  expect(gateway).toMatchObject({
    traceId: answered.traceId,
    spanId: "00f067aa0ba902b7",
    parentSpanId: "1111111111111111",
    name: "chat m-2",
    kind: 2,
    startTimeUnixNano: "1893456000000000000",
    endTimeUnixNano: "1893456001200250000",
    status: {},
  });
  expect(values(gateway?.attributes ?? [])).toMatchObject({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "gpt",
    "gen_ai.response.model": "m-2",
    "gen_ai.usage.input_tokens": "100",
    "gen_ai.usage.output_tokens": "11",
    "gen_ai.usage.cache_read.input_tokens": "60",
    "gen_ai.usage.reasoning.output_tokens": "4",
    "http.request.method": "POST",
    "http.response.status_code": "200",
    "url.path": "/v1/chat/completions",
    "moongate.consumer": "ana",
    "moongate.fallback_from": "first",
    "moongate.cost_usd": 2,
    "moongate.stream": true,
  });
  expect(first).toMatchObject({
    spanId: "00000000000000a1",
    parentSpanId: "00f067aa0ba902b7",
    name: "chat m-1",
    kind: 3,
    startTimeUnixNano: "1893456000010000000",
    endTimeUnixNano: "1893456000100500000",
    status: { code: 2, message: "upstream-5xx" },
  });
  expect(values(first?.attributes ?? [])).toMatchObject({
    "gen_ai.provider.name": "azure.ai.openai",
    "gen_ai.request.model": "m-1",
    "server.address": "a.example.com",
    "server.port": "443",
    "error.type": "upstream-5xx",
    "http.response.status_code": "503",
    "moongate.attempt.number": "1",
    "moongate.attempt.next_action": "fallback",
  });
  expect(second).toMatchObject({ spanId: "00000000000000a2", status: {} });
  // Each token is on one span of the trace.
  expect(values(second?.attributes ?? [])).not.toHaveProperty("gen_ai.usage.input_tokens");
});

test("ids that a record has not are made of its request id, the same every time", () => {
  const { spanId: _span, parentSpanId: _parent, ...rest } = answered;
  const bare: ExchangeRecord = {
    ...rest,
    traceId: "not-an-id",
    attempts: rest.attempts.map(({ spanId: _id, ...one }) => one),
  };
  const spans = spansOf(describe(bare, services));
  expect(spans).toEqual(spansOf(describe(bare, services)));
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(3);
  expect(spans.map(({ traceId }) => /^[0-9a-f]{32}$/u.test(traceId))).toEqual([true, true, true]);
  expect(spans[0]).not.toHaveProperty("parentSpanId");
});

test.each<[Outcome, number, string, boolean]>([
  ["ok", 200, "INFO", false],
  ["client_error", 404, "WARN", false],
  ["blocked", 400, "WARN", false],
  ["limited", 429, "WARN", false],
  ["client_closed", 0, "WARN", false],
  ["upstream_error", 502, "ERROR", true],
  ["timeout", 504, "ERROR", true],
  ["truncated", 200, "ERROR", true],
])("outcome %s with status %i is a log of severity %s", (outcome, status, severity, spanFails) => {
  const exchange = describe(recordOf({ outcome, status }), services);
  expect(logRecordOf(exchange)).toMatchObject({ severityText: severity });
  expect(spansOf(exchange)[0]?.status).toEqual(spanFails ? { code: 2, message: outcome } : {});
});

test("a span tells what mode intelligent decided, and what of other modes does not", () => {
  const routing: RoutingRecord = {
    router: "6.4cf5dd75.3",
    evidence: {
      profile: "balanced",
      costWeight: 0.15,
      latencyWeight: 0.05,
      maxQualityDrop: 0.1,
      prompt: {
        language: "en",
        complexity: 0.1,
        domains: [
          { name: "code", probability: 0.9 },
          { name: "data", probability: 0.05 },
        ],
        source: "engine",
        familiarity: 0,
      },
      models: ["m-1", "m-2", "m-3"].map((model, place) => ({
        model,
        excluded: ["", "no-tools", "takes-no-image"][place] ?? "",
        declared: 0.8,
        general: 0.8,
        costUsd: 0.001,
        latencyMs: 500,
      })),
      defaultModel: "m-1",
      preferred: [],
      inToolLoop: false,
    },
    choice: { model: "m-1", reason: "only", margin: 0, propensity: 1 },
  };
  const decision = {
    mode: "intelligent",
    reason: "m-1: the only model that can answer",
    candidates: [],
    routing,
  };
  const told = (record: ExchangeRecord): Record<string, unknown> =>
    Object.fromEntries(
      (spansOf(describe(record, services))[0]?.attributes ?? [])
        .filter(({ key }) => key.startsWith("moongate.routing."))
        .map(({ key, value }) => [key.slice("moongate.routing.".length), Object.values(value)[0]]),
    );
  expect(told({ ...answered, decision })).toEqual({
    reason: "only",
    margin: 0,
    profile: "balanced",
    domain: "code",
    domain_probability: 0.9,
    excluded: "m-2: no-tools, m-3: takes-no-image",
    router: "6.4cf5dd75.3",
  });
  expect(told({ ...answered, decision: { mode: "single", reason: "", candidates: [] } })).toEqual({});
});

test("a log has the ids of the gateway's span", () => {
  const exchange = describe(answered, services);
  const log = logRecordOf(exchange);
  const [gateway] = spansOf(exchange);
  expect([log.traceId, log.spanId, log.flags]).toEqual([gateway?.traceId, gateway?.spanId, 1]);
  expect(log.attributes).toEqual(gateway?.attributes);
  expect(log.body.stringValue).toBe("POST /v1/chat/completions: 200 ok by second (m-2) in 1200 ms");
});

test("a batch becomes sums and histograms by series", () => {
  const other = { ...answered, consumer: "ben" };
  const exchanges = [answered, answered, other].map((record) => describe(record, services));
  const metrics = metricsOf(exchanges, { startMs: 1_000, endMs: 2_000 });
  const byName = new Map(metrics.map((metric) => [(metric as { name: string }).name, metric]));
  expect([...byName.keys()].toSorted()).toEqual([
    "gen_ai.client.token.usage",
    "gen_ai.server.request.duration",
    "gen_ai.server.time_per_output_token",
    "gen_ai.server.time_to_first_token",
    "moongate.cost",
    "moongate.requests",
  ]);
  expect(byName.get("moongate.requests")).toMatchObject({
    sum: { aggregationTemporality: 1, isMonotonic: true, dataPoints: [{ asDouble: 2 }, { asDouble: 1 }] },
  });
  expect(byName.get("gen_ai.server.time_per_output_token")).toMatchObject({
    histogram: { dataPoints: [{ count: "2", min: 0.100025, max: 0.100025 }, { count: "1" }] },
  });
  expect(byName.get("gen_ai.client.token.usage")).toMatchObject({
    histogram: {
      dataPoints: [
        { count: "2", sum: 200, startTimeUnixNano: "1000000000", timeUnixNano: "2000000000" },
        { count: "2", sum: 22 },
        { count: "1", sum: 100 },
        { count: "1", sum: 11 },
      ],
    },
  });
});

test("no series is named by what a client sends", () => {
  const made = recordOf({
    requestedModel: "anything-at-all",
    service: "",
    model: "",
    outcome: "client_error",
  });
  const text = JSON.stringify(metricsOf([describe(made, services)], { startMs: 0, endMs: 1 }));
  expect(text).not.toContain("anything-at-all");
});

test.each([
  ["create-chat-completion", "/v1/chat/completions", "chat"],
  ["create-message", "/v1/messages", "chat"],
  ["create-completion", "/v1/completions", "text_completion"],
  ["create-embedding", "/v1/embeddings", "embeddings"],
  ["gemini-models", "/v1beta/models/m:streamGenerateContent", "generate_content"],
  ["gemini-models", "/v1beta/models/m:embedContent", "embeddings"],
  ["my-own", "/x/v1/chat/completions", "chat"],
  ["my-own", "/x", "my-own"],
  ["", "/v1/chat/completions", ""],
])("route %s on %s is operation %s", (route, path, operation) => {
  expect(operationName({ route, path })).toBe(operation);
});
