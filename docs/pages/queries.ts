// docs/queries.md from the tables of filters, metrics and Prometheus families.
import { facetFields, logFields } from "../../src/control/routes/log-query-text.ts";
import { usageDimensions } from "../../src/control/routes/metrics-query-text.ts";
import { metricDimensions, metrics } from "../../src/core/metric-names.ts";
import { families } from "../../src/telemetry/rollups/prometheus-families.ts";
import { code, page, table } from "./markdown.ts";

const kinds = { text: "text", number: "number", flag: "true or false" } as const;

const makings: Readonly<Record<(typeof metrics)[keyof typeof metrics]["making"], string>> = {
  sum: "adds up",
  rate: "a second",
  share: "share, 0 to 1",
  percentile: "percentile, within 5 %",
};

const values = [
  ["`a`, `a,b`, the parameter twice", "this; one of these"],
  ["`!a`", "not this; `a*,!ab` = those that begin with `a`, but not `ab`"],
  ["`*`, `?`", "any characters; any one character"],
  ["nothing", "empty: `errorCode=` has no error; `errorCode=!` has one"],
  [
    "`5`, `>5`, `>=5`, `<5`, `<=5`, `5..9`, `5..`, `..9`",
    "of numbers: these values, bounds of `..` included",
  ],
  ["`5xx`", "of a status: 500 to 599"],
  ["`\\,`, `\\!`, `\\\\`", "a comma, a mark or a backslash in a text"],
] as const;

export function queriesPage(): string {
  const facets: ReadonlySet<string> = new Set(facetFields);
  return page("Filters and metrics", [
    "What `GET /api/v1/logs`, `/logs/tail`, `/logs/export` and the metrics can be asked for. [monitoring.md](monitoring.md) has examples to try. A parameter or a value that is not known is refused by name (400).",
    "## Values of filters",
    table(["Value", "Means"], values),
    "## Filters of logs",
    "Each is a parameter with the name of the field. Those with a facet can be counted: `facets=api,status`.",
    table(
      ["Parameter", "Kind", "Facet", "Meaning"],
      Object.entries(logFields).map(([name, row]) => [
        code(name),
        kinds[row.kind],
        facets.has(name) ? "yes" : "no",
        row.text,
      ]),
    ),
    "## Metrics",
    "`name` in `/metrics/query` and `metric` in alerts. Exchanges count at the time of their end.",
    table(
      ["Metric", "Unit", "Made", "Meaning"],
      Object.entries(metrics).map(([name, row]) => [code(name), row.unit, makings[row.making], row.text]),
    ),
    `Dimensions, to filter and to group by (at most two): ${metricDimensions.map(code).join(", ")}. Of usage: ${usageDimensions.map(code).join(", ")}. \`statusClass\` is such as \`5xx\`; \`reason\` is of failed attempts.`,
    "## Prometheus",
    "What `/metrics` prints, beside the gauges `moongate_inflight_requests`, `moongate_service_healthy{service}` and `moongate_quota_used_ratio{consumer,consumer_group,quota}` (the 1,000 quotas that are used most). At most 100 models of a Model API and 1,000 consumers become labels, the rest are `other`. Counts begin with the process.",
    table(
      ["Family", "Kind", "Labels", "Meaning"],
      Object.values(families).map((family) => [
        code(family.name),
        "bounds" in family ? "histogram" : "counter",
        family.labels.map(code).join(", "),
        family.help,
      ]),
    ),
  ]);
}
