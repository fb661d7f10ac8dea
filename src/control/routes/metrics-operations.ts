// Metrics and usage: questions to the roll-ups, one by one or a page at once. Asks a port; knows no cell.
import type { Clock } from "../../core/clock.ts";
import { metricDimensions, metrics } from "../../core/metric-names.ts";
import type { UsageAnswer, UsageRow } from "../../telemetry/metrics-answers.ts";
import { jsonAnswer } from "../answer.ts";
import type { Operation, Parameter } from "../operation.ts";
import { telemetryFor } from "../scoped-telemetry.ts";
import { csvLine } from "./log-export.ts";
import {
  maximumTop,
  metricNames,
  metricsBodySchema,
  readMetricsBody,
  readMetricsQuery,
  readUsageQuery,
  usageDimensions,
} from "./metrics-query-text.ts";
import { metricNamesSchema, metricsSchema, usageSchema } from "./metrics-schema.ts";
import type { TelemetryPort } from "./ports.ts";
import { readWord, singleValue } from "./query-text.ts";
import { told } from "./traffic-operations.ts";

const json = ["application/json"];
const text = { type: "string" } as const;

export const spanParameters: readonly Parameter[] = [
  {
    name: "from",
    in: "query",
    description:
      "ISO 8601, a day (UTC), or milliseconds since 1970. Default: an hour before `to`; of usage 30 days.",
    schema: text,
  },
  { name: "to", in: "query", description: "Default: now.", schema: text },
];

const dimensionParameters: readonly Parameter[] = metricDimensions.map((name) => ({
  name,
  in: "query",
  description: `Only this ${name}: \`a,b\` = one of them, \`!a\` = not, \`*\` and \`?\` = any characters.`,
  schema: text,
}));

const shared = {
  tag: "metrics",
  access: "read",
  reach: "groups",
  status: 200,
  errors: ["traffic_unavailable"],
} as const;
const queryResponse = { description: "Columns and series.", mediaTypes: json, schema: metricsSchema };

export function metricsOperations(port: TelemetryPort, clock: Clock): Operation[] {
  return [
    queryOperation(port, clock),
    pageOperation(port, clock),
    namesOperation,
    usageOperation(port, clock),
  ];
}

function queryOperation(port: TelemetryPort, clock: Clock): Operation {
  return {
    ...shared,
    method: "get",
    path: "/api/v1/metrics/query",
    id: "queryMetrics",
    summary: "Ask for one metric or several over a time, whole or by dimension.",
    listQuery: true,
    parameters: [
      { name: "name", in: "query", description: `Metrics: ${metricNames.join(", ")}.`, schema: text },
      { name: "groupBy", in: "query", description: "At most two dimensions.", schema: text },
      ...spanParameters,
      {
        name: "step",
        in: "query",
        description: "Seconds, or `30s`, `5m`, `1h`, `1d`. Default: at most 300 columns.",
        schema: text,
      },
      {
        name: "top",
        in: "query",
        description: "Series at most; what remains is one more.",
        schema: { type: "integer", minimum: 1, maximum: maximumTop },
      },
      ...dimensionParameters,
    ],
    response: queryResponse,
    handle: async ({ queryLists, principal }) => {
      const query = readMetricsQuery(queryLists, clock.wallMs());
      return jsonAnswer(await told(telemetryFor(port, principal).ask("metrics", query)));
    },
  };
}

/** Asked by POST because of what it takes; it changes nothing. */
function pageOperation(port: TelemetryPort, clock: Clock): Operation {
  return {
    ...shared,
    method: "post",
    path: "/api/v1/metrics/query",
    id: "queryMetricsPage",
    summary: "Ask for all metrics of a page at once.",
    request: { description: "The questions.", mediaTypes: json, schema: metricsBodySchema() },
    response: queryResponse,
    handle: async (call) => {
      const query = readMetricsBody(await call.json(), clock.wallMs());
      return jsonAnswer(await told(telemetryFor(port, call.principal).ask("metrics", query)));
    },
  };
}

const namesOperation: Operation = {
  ...shared,
  method: "get",
  path: "/api/v1/metrics/names",
  id: "listMetricNames",
  summary: "List the metrics that can be asked for, and what they can be told apart by.",
  response: { description: "The metrics.", mediaTypes: json, schema: metricNamesSchema },
  errors: [],
  handle: () =>
    jsonAnswer({
      items: Object.entries(metrics).map(([name, row]) => ({ name, ...row })),
      dimensions: metricDimensions,
    }),
};

const usageFormats = ["json", "csv"] as const;

function usageOperation(port: TelemetryPort, clock: Clock): Operation {
  return {
    ...shared,
    method: "get",
    path: "/api/v1/usage",
    id: "readUsage",
    summary: "Add up requests, tokens and cost.",
    listQuery: true,
    parameters: [
      {
        name: "groupBy",
        in: "query",
        description: `A row for each of these: ${usageDimensions.join(", ")}. Default: api. Empty: one row.`,
        schema: text,
      },
      ...spanParameters,
      ...dimensionParameters,
      {
        name: "format",
        in: "query",
        description: "",
        schema: { ...text, enum: usageFormats, default: "json" },
      },
    ],
    response: {
      description: "The rows, and all of them together.",
      mediaTypes: [...json, "text/csv"],
      schema: usageSchema,
    },
    handle: async ({ queryLists, principal }) => {
      const given = singleValue(queryLists, "format");
      const format = given === undefined ? "json" : readWord("format", given, usageFormats);
      const query = readUsageQuery(queryLists, clock.wallMs());
      const answer = await told(telemetryFor(port, principal).ask("usage", query));
      if (format === "json") return jsonAnswer(answer);
      return new Response(usageTable(answer, query.groupBy), {
        headers: {
          "content-type": "text/csv; charset=utf-8",
          "content-disposition": 'attachment; filename="usage.csv"',
        },
      });
    },
  };
}

const usageColumns = [
  "requests",
  "estimatedRequests",
  "inputTokens",
  "cachedInputTokens",
  "cacheWriteTokens",
  "outputTokens",
  "reasoningTokens",
  "images",
  "seconds",
  "characters",
  "costUsd",
] as const satisfies readonly (keyof UsageRow)[];

function usageTable({ items }: UsageAnswer, groupBy: readonly (keyof UsageRow["labels"])[]): string {
  const head = csvLine([...groupBy, ...usageColumns]);
  const rows = items.map((row) =>
    csvLine([
      ...groupBy.map((dimension) => row.labels[dimension] ?? ""),
      ...usageColumns.map((column) => row[column]),
    ]),
  );
  return head + rows.join("");
}
