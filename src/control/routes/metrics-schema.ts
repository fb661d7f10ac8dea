// The answers about metrics and usage, for the description of the admin API.
import { metricDimensions } from "../../core/metric-names.ts";
import type { JsonSchema } from "../operation.ts";
import { arrayOf, integer, number, objectOf, orNull, text } from "./answer-schema.ts";
import { metricNames } from "./metrics-query-text.ts";

const time: JsonSchema = { type: "string", format: "date-time" };
const flag: JsonSchema = { type: "boolean" };
const dimensions = arrayOf({ type: "string", enum: metricDimensions });
const labels: JsonSchema = {
  type: "object",
  description: "By dimension.",
  additionalProperties: text,
};

const series = objectOf({
  labels,
  other: { ...flag, description: "What was too much to be told apart." },
  values: { ...arrayOf(orNull(number)), description: "One per column; null = nothing was measured." },
  total: { ...orNull(number), description: "Over the whole span: the sum, or the same percentile or share." },
});

export const metricsSchema = objectOf({
  startMs: { ...number, description: "Start of the first column, milliseconds since 1970." },
  stepMs: number,
  columns: integer,
  metrics: {
    ...arrayOf(
      objectOf({
        name: { type: "string", enum: metricNames },
        unit: text,
        groupBy: dimensions,
        series: { ...arrayOf(series), description: "Highest total first." },
      }),
    ),
    description: "In the order in which they were asked for.",
  },
  complete: {
    ...flag,
    description: "False while records are being read in, or do not reach back to the start.",
  },
  since: { ...orNull(time), description: "End of the oldest exchange that is counted." },
  tookMs: number,
});

export const metricNamesSchema = objectOf({
  items: arrayOf(objectOf({ name: text, unit: text, making: text, text })),
  dimensions,
});

const usageRow = objectOf({
  labels,
  requests: integer,
  estimatedRequests: { ...integer, description: "Those whose tokens the gateway had to count itself." },
  inputTokens: integer,
  cachedInputTokens: integer,
  cacheWriteTokens: integer,
  outputTokens: integer,
  reasoningTokens: integer,
  images: number,
  seconds: number,
  characters: number,
  costUsd: number,
});

export const usageSchema = objectOf({
  from: { ...time, description: "Widened to what is kept: whole minutes or hours." },
  to: time,
  items: { ...arrayOf(usageRow), description: "Highest cost first, then most tokens; at most 1,000." },
  total: usageRow,
  complete: flag,
});
