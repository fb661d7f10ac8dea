// The answers about traffic, for the description of the admin API.
import type { JsonSchema } from "../operation.ts";
import { trafficWindows } from "../../telemetry/traffic-window.ts";
import { arrayOf, integer, number, objectOf, orNull, text } from "./answer-schema.ts";

const time: JsonSchema = { type: "string", format: "date-time" };
const milliseconds = orNull(number);

const covered: Readonly<Record<string, JsonSchema>> = {
  window: { type: "string", enum: trafficWindows },
  from: time,
  to: time,
  complete: {
    type: "boolean",
    description: "False: records of the beginning are no longer, or not yet, kept or read.",
  },
  since: { ...orNull(time), description: "End of the oldest exchange that is known." },
};

const counts: Readonly<Record<string, JsonSchema>> = {
  requests: { ...integer, description: "Exchanges that ended; the sum of the outcomes below." },
  succeeded: {
    ...integer,
    description:
      "Status neither 5xx nor 429, and nothing timed out or broken off: the success rate is succeeded / requests.",
  },
  ok: integer,
  failed: { ...integer, description: "Outcome upstream_error, timeout or truncated." },
  limited: integer,
  blocked: integer,
  clientErrors: integer,
  clientClosed: integer,
  stream: integer,
  inputTokens: integer,
  outputTokens: integer,
  costUsd: { ...number, description: "By the prices of the services." },
  fallbacks: { ...integer, description: "Requests that went on to a fallback target." },
  ttftP50Ms: { ...milliseconds, description: "Percentiles are within 5 %." },
  ttftP95Ms: milliseconds,
  durationP95Ms: milliseconds,
  overheadP50Ms: { ...milliseconds, description: "Time in the gateway itself." },
  series: { ...arrayOf(integer), description: "Requests of each column." },
  failedSeries: arrayOf(integer),
  streamSeries: { ...arrayOf(integer), description: "Requests that asked for a stream." },
};

const previousSchema = objectOf({
  requests: integer,
  succeeded: integer,
  ttftP50Ms: milliseconds,
  inputTokens: integer,
  outputTokens: integer,
  costUsd: number,
  fallbacks: integer,
  blocked: integer,
});

export const trafficSchema = objectOf({
  ...covered,
  buckets: {
    ...objectOf({ startMs: integer, stepMs: integer, count: integer }),
    description: "The columns of the series; the last one is still filling.",
  },
  total: { ...objectOf(counts), description: "With requests that came to no Model API." },
  previous: {
    ...orNull(previousSchema),
    description: "Of the same span before; null when records do not reach back so far.",
  },
  apis: {
    ...arrayOf(objectOf({ api: text, ...counts, lastAt: time })),
    description: "Most requests first, at most 1,000; among them such as no longer exist.",
  },
  topModels: {
    ...arrayOf(
      objectOf({
        model: text,
        requests: integer,
        inputTokens: integer,
        outputTokens: integer,
        costUsd: number,
      }),
    ),
    description: "Most output tokens first, at most 10; names as they were sent to services.",
  },
});

export const summarySchema = objectOf({
  requestId: text,
  time,
  api: text,
  route: text,
  consumer: text,
  method: text,
  path: text,
  status: integer,
  outcome: text,
  errorCode: text,
  requestedModel: text,
  servedBy: {
    ...arrayOf(objectOf({ service: text, model: text })),
    description: "Targets in the order in which they were asked.",
  },
  attempts: integer,
  stream: { type: "boolean" },
  ttftMs: milliseconds,
  durationMs: number,
  inputTokens: orNull(integer),
  outputTokens: orNull(integer),
});

const stepSchema = objectOf({
  step: { type: "string", enum: ["match", "authenticate", "limit", "moderate", "select"] },
  passed: { ...integer, description: "Of the step before, less what was stopped here." },
  medianMs: { ...milliseconds, description: "Null: records do not hold it." },
  stopped: arrayOf(objectOf({ status: integer, code: text, count: integer })),
});

export const waySchema = objectOf({
  ...covered,
  api: text,
  rate: { ...number, description: "Exchanges a second over the last minute." },
  arrived: integer,
  steps: {
    ...arrayOf(stepSchema),
    description: "What cannot be read, names no known model or finds no service is stopped at `select`.",
  },
  own: {
    ...integer,
    description: "Answered by the gateway. Passed at `select` = own + the sum of chosen.",
  },
  targets: {
    ...arrayOf(
      objectOf({
        service: text,
        model: { type: "string", description: "As sent; empty for none, or for the rare ones together." },
        chosen: { ...integer, description: "served + failed + left + passedOver" },
        served: { ...integer, description: "Gave the answer, good or a refusal." },
        failed: integer,
        left: { ...integer, description: "The client was gone." },
        passedOver: { ...integer, description: "Known to fail: nothing was sent." },
        share: number,
        ttftP50Ms: milliseconds,
      }),
    ),
    description: "Targets that were chosen first.",
  },
  fallbacks: {
    ...arrayOf(
      objectOf({
        position: { ...integer, description: "1 = tried next after the chosen target." },
        service: text,
        model: text,
        tried: { ...integer, description: "served + failed + left" },
        served: integer,
        failed: integer,
        left: integer,
      }),
    ),
  },
  reply: objectOf({
    answered: { ...integer, description: "own + all that targets served" },
    failed: integer,
    left: integer,
    p95TotalMs: milliseconds,
  }),
  overheadP50Ms: milliseconds,
  lastExchanges: { ...arrayOf(summarySchema), description: "At most 20, newest first." },
});
