// The fields that exchanges can be found by: their word in the query bar, their name in the admin API, what they hold.
import type { LogFacetField, LogFilter } from "../../../../src/control/routes/console-answers.ts";

type LogField = LogFilter["field"];

interface FieldRow {
  readonly kind: "text" | "number" | "flag";
  /** Field of the record and parameter of the admin API. */
  readonly field: LogField;
  /** `time`: `2s`, `300ms`; `count`: `2k`; `money`: USD; `status`: `5xx` too. */
  readonly unit?: "time" | "count" | "money" | "status";
  /** Values that are known without asking. */
  readonly values?: readonly string[];
}

const flag = ["true", "false"];

/** By their word in the query bar, in the order in which they are offered. */
export const queryFields = {
  status: { kind: "number", field: "status", unit: "status", values: ["5xx", "4xx", "2xx", "429"] },
  api: { kind: "text", field: "api" },
  model: { kind: "text", field: "model" },
  service: { kind: "text", field: "service" },
  consumer: { kind: "text", field: "consumer" },
  outcome: {
    kind: "text",
    field: "outcome",
    values: [
      "ok",
      "client_error",
      "blocked",
      "limited",
      "upstream_error",
      "timeout",
      "client_closed",
      "truncated",
    ],
  },
  error: { kind: "text", field: "errorCode" },
  group: { kind: "text", field: "resourceGroup" },
  ttft: { kind: "number", field: "ttftMs", unit: "time", values: [">1s", ">3s"] },
  duration: { kind: "number", field: "durationMs", unit: "time", values: [">10s", ">60s"] },
  overhead: { kind: "number", field: "overheadMs", unit: "time", values: [">5ms"] },
  cost: { kind: "number", field: "costUsd", unit: "money", values: [">0.01", ">0.1"] },
  in: { kind: "number", field: "inputTokens", unit: "count", values: [">10k", ">100k"] },
  out: { kind: "number", field: "outputTokens", unit: "count", values: [">1k", "0"] },
  cached: { kind: "number", field: "cachedInputTokens", unit: "count", values: [">0"] },
  reasoning: { kind: "number", field: "reasoningTokens", unit: "count", values: [">0"] },
  fallback: { kind: "flag", field: "fallback", values: flag },
  stream: { kind: "flag", field: "stream", values: flag },
  recorded: { kind: "flag", field: "recorded", values: flag },
  estimated: { kind: "flag", field: "estimated", values: flag },
  attempts: { kind: "number", field: "attempts", unit: "count", values: [">1", "0"] },
  reason: {
    kind: "text",
    field: "reason",
    values: [
      "upstream-5xx",
      "upstream-429",
      "upstream-credentials",
      "upstream-4xx",
      "network-error",
      "timeout",
      "first-packet-timeout",
      "error-in-200",
      "empty-answer",
    ],
  },
  upstream: { kind: "number", field: "upstreamStatus", unit: "status", values: ["5xx", "429"] },
  asked: { kind: "text", field: "requestedModel" },
  route: { kind: "text", field: "route" },
  protocol: { kind: "text", field: "protocol" },
  method: { kind: "text", field: "method", values: ["POST", "GET"] },
  path: { kind: "text", field: "path" },
  domain: { kind: "text", field: "domain" },
  credential: { kind: "text", field: "credential" },
  from: { kind: "text", field: "fallbackFrom" },
  mode: { kind: "text", field: "mode" },
  limit: { kind: "text", field: "rateLimit" },
  moderation: {
    kind: "text",
    field: "moderation",
    values: ["block", "mask", "observe", "error"],
  },
  check: { kind: "text", field: "moderationCheck" },
  label: { kind: "text", field: "moderationLabel" },
  cache: { kind: "text", field: "cache", values: ["hit", "miss", "skip"] },
  ip: { kind: "text", field: "clientIp" },
  trace: { kind: "text", field: "traceId" },
  request: { kind: "text", field: "requestId" },
} as const satisfies Readonly<Record<string, FieldRow>>;

export type FieldWord = keyof typeof queryFields;

// The table has these keys and no others.
export const fieldWords = Object.keys(queryFields) as readonly FieldWord[];

export function fieldRow(word: FieldWord): FieldRow {
  return queryFields[word];
}

/** The word of a text, whether it is written as in the bar or as in the record; undefined for none. */
export function fieldWordOf(text: string): FieldWord | undefined {
  const wanted = text.toLowerCase();
  return fieldWords.find((word) => word === wanted || queryFields[word].field.toLowerCase() === wanted);
}

/** Those whose values the list counts, in the order of their chips. */
export const facetWords = [
  "status",
  "api",
  "model",
  "service",
  "consumer",
  "outcome",
  "group",
  "stream",
  "fallback",
  "error",
  "moderation",
  "check",
  "cache",
] as const satisfies readonly FieldWord[];

export type FacetWord = (typeof facetWords)[number];

export const facetFieldOf = {
  status: "status",
  api: "api",
  model: "model",
  service: "service",
  consumer: "consumer",
  outcome: "outcome",
  group: "resourceGroup",
  stream: "stream",
  fallback: "fallback",
  error: "errorCode",
  moderation: "moderation",
  check: "moderationCheck",
  cache: "cache",
} as const satisfies Readonly<Record<FacetWord, LogFacetField>>;
