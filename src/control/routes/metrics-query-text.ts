// From the query or the body of a request to a question about metrics or usage. Pure; asks nobody.
import { z } from "zod";
import { hasDimension, maxMetricColumns, metricDimensions, metrics } from "../../core/metric-names.ts";
import type { MetricDimension, MetricName } from "../../core/metric-names.ts";
import { strict } from "../../resources/field.ts";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import type {
  MetricFilter,
  MetricSelection,
  MetricsQuery,
  UsageDimension,
  UsageQuery,
} from "../../telemetry/metrics-answers.ts";
import { ControlError } from "../control-error.ts";
import type { JsonObject } from "../merge-patch.ts";
import type { JsonSchema } from "../operation.ts";
import {
  invalidParameter,
  listedValues,
  readMoment,
  readWhole,
  readWord,
  singleValue,
} from "./query-text.ts";
import type { QueryLists } from "./query-text.ts";

// The table has these keys and no others.
export const metricNames = Object.keys(metrics) as readonly MetricName[];
export const usageDimensions = [
  "api",
  "model",
  "consumer",
  "service",
  "resourceGroup",
] as const satisfies readonly UsageDimension[];

const hourMs = 3_600_000;
const usualSpanMs = hourMs;
const usualUsageSpanMs = 30 * 24 * hourMs;
const usualTop = 20;
export const maximumTop = 100;
export const maximumSelections = 40;
const leastStepMs = 10_000;

/** What `GET /metrics/query` asks for. @throws ControlError `invalid` naming the parameter at fault */
export function readMetricsQuery(lists: QueryLists, nowMs: number): MetricsQuery {
  const names = words("name", lists.get("name") ?? [], metricNames);
  if (names.length === 0) throw invalidParameter("name", "is required: one metric or several, with commas");
  const groupBy = readGroupBy("groupBy", lists.get("groupBy") ?? []);
  const top = readTop(singleValue(lists, "top"));
  return whole({
    ...readSpan(lists, nowMs, usualSpanMs),
    filters: readDimensions(lists),
    selections: names.map((name) => ({ name, groupBy, top, filters: [] })),
  });
}

/** What `GET /usage` asks for. @throws ControlError `invalid` */
export function readUsageQuery(lists: QueryLists, nowMs: number): UsageQuery {
  const groupBy = words("groupBy", lists.get("groupBy") ?? ["api"], usageDimensions);
  const { fromMs, toMs } = readSpan(lists, nowMs, usualUsageSpanMs);
  const filters = readDimensions(lists);
  if (filters.some(({ dimension }) => dimension === "reason"))
    throw invalidParameter("reason", "is a dimension of attempts and fallbacks, not of usage");
  return { fromMs, toMs, groupBy, filters };
}

/** The step of a chart: seconds, or a number with s, m, h or d. */
const stepUnits: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3_600, d: 86_400 };

function readStep(text: string | undefined): number | null {
  if (text === undefined) return null;
  const parts = /^(\d{1,8})([smhd]?)$/u.exec(text);
  const stepMs = Number(parts?.[1] ?? 0) * (stepUnits[parts?.[2] ?? ""] ?? 0) * 1_000;
  if (stepMs >= leastStepMs && stepMs % leastStepMs === 0) return stepMs;
  throw invalidParameter("step", "must be a multiple of 10 seconds, such as 60, 30s, 5m, 1h or 1d");
}

function readSpan(lists: QueryLists, nowMs: number, usualMs: number) {
  const texts = { from: singleValue(lists, "from"), to: singleValue(lists, "to") };
  return spanOf({ ...texts, step: singleValue(lists, "step") }, nowMs, usualMs);
}

interface SpanTexts {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly step: string | undefined;
}

function spanOf(texts: SpanTexts, nowMs: number, usualMs: number) {
  const toMs = texts.to === undefined ? nowMs : readMoment("to", texts.to);
  const fromMs = texts.from === undefined ? toMs - usualMs : readMoment("from", texts.from);
  if (fromMs >= toMs) throw invalidParameter("from", "must be before to");
  const stepMs = readStep(texts.step);
  if (stepMs !== null && (toMs - fromMs) / stepMs > maxMetricColumns)
    throw invalidParameter("step", `makes more than ${maxMetricColumns} columns: take a longer one`);
  return { fromMs, toMs, stepMs };
}

function readTop(text: string | undefined): number {
  return text === undefined ? usualTop : readWhole("top", text, 1, maximumTop);
}

function readGroupBy(name: string, texts: readonly string[]): MetricDimension[] {
  const groupBy = words(name, texts, metricDimensions);
  if (groupBy.length > 2) throw invalidParameter(name, "takes at most two dimensions");
  return groupBy;
}

/** Known words between commas, each once. */
function words<Word extends string>(name: string, texts: readonly string[], known: readonly Word[]): Word[] {
  const given = listedValues(name, texts).map(({ text }) => text);
  return [...new Set(given.filter((text) => text !== "").map((text) => readWord(name, text, known)))];
}

function readDimensions(lists: QueryLists): MetricFilter[] {
  return metricDimensions.flatMap((dimension) => filtersOf(dimension, lists.get(dimension) ?? [], dimension));
}

function filtersOf(dimension: MetricDimension, texts: readonly string[], path: string): MetricFilter[] {
  if (texts.length === 0) return [];
  const values = listedValues(path, texts);
  return [false, true].flatMap((not) => {
    const wanted = values.filter((value) => value.not === not).map(({ text }) => patternOf(dimension, text));
    return wanted.length === 0 ? [] : [{ dimension, not, values: wanted }];
  });
}

/** A status may be told by its class, as in logs. */
function patternOf(dimension: MetricDimension, text: string): string {
  return dimension === "status" && /^[1-5]xx$/u.test(text) ? `${text.charAt(0)}??` : text;
}

const momentText = z.union([z.string(), z.number().transform(String)]);
const filtersSchema = z
  .record(z.string(), z.union([z.string(), z.array(z.string())]))
  .default({})
  .describe("Value by dimension, as in the query of an address: `a,b` = any of, `!a` = not, `*` and `?`.");

const bodySchema = strict({
  from: momentText.optional().describe("ISO 8601 or milliseconds since 1970. Default: an hour before `to`."),
  to: momentText.optional().describe("Default: now."),
  step: momentText.optional().describe("Seconds, or `30s`, `5m`, `1h`, `1d`. Default: at most 300 columns."),
  filters: filtersSchema,
  queries: z
    .array(
      strict({
        name: z.string().describe("Metric."),
        groupBy: z.array(z.string()).default([]).describe("At most two dimensions."),
        top: z.number().int().min(1).max(maximumTop).default(usualTop).describe("Series at most."),
        filters: filtersSchema,
      }),
    )
    .min(1)
    .max(maximumSelections)
    .describe("One answer for each, in this order."),
});

/** What `POST /metrics/query` asks for: a whole page at once. @throws ControlError `invalid` naming the field */
export function readMetricsBody(body: JsonObject, nowMs: number): MetricsQuery {
  const result = bodySchema.safeParse(body, { error: readableMessage });
  if (!result.success) {
    const issues = readableIssues(result.error);
    const message = issues.map((issue) => `${issue.path} ${issue.message}`.trim()).join("; ");
    throw new ControlError("invalid", message, issues);
  }
  const { from, to, step, filters, queries } = result.data;
  return whole({
    ...spanOf({ from, to, step }, nowMs, usualSpanMs),
    filters: filtersOfBody(filters, "filters"),
    selections: queries.map(({ name, groupBy, top, filters: own }, index): MetricSelection => {
      const path = `queries[${index}]`;
      return {
        name: readWord(`${path}.name`, name, metricNames),
        groupBy: readGroupBy(`${path}.groupBy`, groupBy),
        top,
        filters: filtersOfBody(own, `${path}.filters`),
      };
    }),
  });
}

/** @throws ControlError `invalid` when a metric has not what it is filtered or grouped by */
function whole(query: MetricsQuery): MetricsQuery {
  for (const { name, groupBy, filters } of query.selections) {
    const named = [...groupBy, ...[...query.filters, ...filters].map(({ dimension }) => dimension)];
    const foreign = named.find((dimension) => !hasDimension(name, dimension));
    if (foreign !== undefined)
      throw invalidParameter(foreign, `is a dimension of attempts and fallbacks, not of ${name}`);
  }
  return query;
}

type BodyFilters = z.output<typeof filtersSchema>;

function filtersOfBody(filters: BodyFilters, path: string): MetricFilter[] {
  return Object.entries(filters).flatMap(([name, value]) => {
    const dimension = readWord(path, name, metricDimensions);
    return filtersOf(dimension, typeof value === "string" ? [value] : value, `${path}.${name}`);
  });
}

/** For the description of the admin API. */
export function metricsBodySchema(): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(bodySchema, { io: "input" });
  return schema;
}
