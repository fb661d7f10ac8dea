// The answers about single exchanges, for the description of the admin API.
import type { JsonSchema } from "../operation.ts";
import { routingRecordSchema } from "./routing-record-schema.ts";
import { arrayOf, integer, number, objectOf, orNull, text } from "./answer-schema.ts";

const time: JsonSchema = { type: "string", format: "date-time" };
const flag: JsonSchema = { type: "boolean" };
const milliseconds = orNull(number);

const candidate = withOptional(
  { service: text, model: text, reason: { ...text, description: "Why it was left out or put last." } },
  {
    ttftMs: number,
    failure: number,
    waiting: number,
    capacity: number,
    admittedPerSecond: number,
    cost: number,
    quality: { ...number, description: "Of mode intelligent: expected worth of its answer, 0 to 1." },
    costUsd: { ...number, description: "Of mode intelligent: what the request is expected to cost there." },
    utility: {
      ...number,
      description: "Of mode intelligent: what models are compared by; the highest is chosen.",
    },
  },
);

const usage = withOptional(
  {
    inputTokens: { ...integer, description: "Cached and cache-write tokens included." },
    outputTokens: integer,
    cachedInputTokens: integer,
    cacheWriteTokens: integer,
    reasoningTokens: integer,
    estimated: { ...flag, description: "Counted by the gateway, as the service told nothing." },
  },
  { images: number, seconds: number, characters: number, searches: number },
);

const attempt = withOptional(
  {
    service: text,
    model: { ...text, description: "As sent; empty when the request names none." },
    key: { ...text, description: "Name of the API key." },
    startedAt: time,
    status: { ...integer, description: "0 = no answer came." },
    outcome: text,
    reason: { ...text, description: "Kind of the failure; empty without one." },
    detail: { ...text, description: "Class of a failed connection." },
    ttftMs: milliseconds,
    durationMs: number,
    nextAction: { type: "string", enum: ["next-key", "retry", "fallback", "none"] },
  },
  {
    spanId: { ...text, description: "Sent to the service in `traceparent`." },
    protocol: { ...text, description: "What it was translated to; absent when it was sent as it came." },
    usage: { ...usage, description: "What it consumed though another attempt followed." },
  },
);

function withOptional(
  required: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  return { type: "object", required: Object.keys(required), properties: { ...required, ...optional } };
}

const itemFields: Readonly<Record<string, JsonSchema>> = {
  requestId: text,
  traceId: text,
  time: { ...time, description: "Start of the exchange." },
  instance: text,
  api: text,
  route: text,
  protocol: text,
  method: text,
  path: { ...text, description: "Without the query." },
  domain: text,
  consumer: text,
  credential: text,
  resourceGroup: text,
  clientIp: text,
  stream: flag,
  requestedModel: text,
  service: text,
  model: text,
  upstreamStatus: integer,
  status: integer,
  outcome: text,
  errorCode: text,
  decision: {
    ...orNull(
      withOptional(
        { mode: text, reason: text, candidates: arrayOf(candidate) },
        { routing: routingRecordSchema },
      ),
    ),
    description: "Why the targets were tried in this order.",
  },
  attempts: arrayOf(attempt),
  fallbackFrom: text,
  ttftMs: milliseconds,
  durationMs: number,
  overheadMs: { ...number, description: "Time in the gateway itself." },
  usage: orNull(usage),
  costUsd: orNull(number),
  cache: { type: "string", enum: ["hit", "miss", "skip"] },
  moderation: arrayOf({}),
  rateLimit: text,
  warnings: arrayOf(objectOf({ field: text, action: text })),
  recorded: { ...flag, description: "Whether content was kept." },
};

const optionalFields: Readonly<Record<string, JsonSchema>> = {
  saved: {
    ...objectOf({ inputTokens: integer, outputTokens: integer, costUsd: orNull(number) }),
    description: "What it did not consume, as an answer was reused.",
  },
  signals: { ...text, description: "What is kept of it: m metrics, l logs, t traces; absent = all." },
  spanId: text,
  parentSpanId: text,
};

const itemSchema = withOptional(itemFields, optionalFields);

export const logPageSchema = objectOf({
  items: arrayOf(itemSchema),
  nextCursor: { ...orNull(text), description: "Null at the end." },
  total: {
    ...orNull(integer),
    description: "All that match; null unless facets or a histogram were asked for.",
  },
  facets: {
    ...arrayOf(
      objectOf({
        field: text,
        values: {
          ...arrayOf(objectOf({ value: text, count: integer })),
          description: "Most frequent first.",
        },
        others: { ...integer, description: "How many have another value." },
      }),
    ),
    description: "Counted over everything that matches.",
  },
  histogram: {
    ...orNull(
      objectOf({
        startMs: number,
        stepMs: number,
        succeeded: arrayOf(integer),
        refused: { ...arrayOf(integer), description: "Status 4xx, but for 499." },
        failed: { ...arrayOf(integer), description: "Status 5xx, broken off or too late." },
      }),
    ),
    description: "Exchanges by the time of their start.",
  },
  tookMs: { ...number, description: "Time that the search took." },
  complete: { ...flag, description: "False while records are still being read in." },
  since: { ...orNull(time), description: "Start of the oldest record that is kept." },
  searchClipped: { ...flag, description: "More exchanges hold the words than were looked at." },
});

export const feedbackSchema = objectOf({
  score: { type: "integer", enum: [-1, 0, 1] },
  comment: text,
  by: text,
  at: time,
});

export const logDetailSchema = withOptional(
  {
    ...itemFields,
    feedback: orNull(feedbackSchema),
    contentHidden: { ...flag, description: "True: your role does not see recorded content." },
  },
  {
    ...optionalFields,
    requestContent: { ...text, description: "Where it was recorded; redacted." },
    responseContent: { ...text, description: "Where it was recorded; redacted." },
  },
);

export const traceSchema = objectOf({
  traceId: text,
  items: { ...arrayOf(itemSchema), description: "Oldest first, at most 1,000." },
});
