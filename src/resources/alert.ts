// The schema of an alert: a threshold on a metric.
import { z } from "zod";
import { hasDimension, metricDimensions, metrics } from "../core/metric-names.ts";
import type { MetricDimension, MetricName } from "../core/metric-names.ts";
import { nameField, strict } from "./field.ts";
import { webhooksField } from "./notify.ts";

/** A metric of one number: those of a series for each bucket have none to compare. */
export type AlertMetric = Exclude<MetricName, "duration_heat" | "ttft_heat">;

// The table has these keys and no others.
const alertMetrics = (Object.keys(metrics) as readonly MetricName[]).filter(
  (name): name is AlertMetric => name !== "duration_heat" && name !== "ttft_heat",
);

const value = z.string().min(1).max(256);

/** Every dimension, each with a value or none. */
function filterShape(): Record<MetricDimension, z.ZodOptional<typeof value>> {
  // Made of exactly these names.
  return Object.fromEntries(
    metricDimensions.map((name) => [name, value.optional().describe(`Only this ${name}.`)]),
  ) as Record<MetricDimension, z.ZodOptional<typeof value>>;
}

const notifyField = webhooksField.describe("Who is told when it fires and when it is over.");

/** What decides whether it fires. */
export const alertRuleSchema = strict({
  metric: z.enum(alertMetrics).describe("Metric that is watched."),
  filter: strict(filterShape())
    .default({})
    .describe(
      "What is counted: a value by dimension; `*` and `?` stand for any characters, `5xx` for a class.",
    ),
  op: z.enum([">", ">=", "<", "<="]).describe("How the metric is compared with the threshold."),
  threshold: z.number().describe("The threshold, in the unit of the metric."),
  forSeconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(0)
    .describe(
      "Seconds that are looked at, at least 60. Sums are added up over them; rates, shares and percentiles must also compare so for as long before it fires.",
    ),
});

export const alertSchema = strict({
  name: nameField.describe("Name of the alert."),
  enabled: z.boolean().default(true).describe("Whether it is watched."),
  ...alertRuleSchema.shape,
  notify: notifyField,
})
  .superRefine(refuseForeignDimensions)
  .describe("A threshold on a metric.");

/** A metric that is filtered by what it has not would never be watched. */
export function refuseForeignDimensions(
  { metric, filter }: z.output<typeof alertRuleSchema>,
  context: z.RefinementCtx,
): void {
  for (const dimension of metricDimensions) {
    if (filter[dimension] === undefined || hasDimension(metric, dimension)) continue;
    const message = `is a dimension of attempts and fallbacks, not of ${metric}`;
    context.addIssue({ code: "custom", path: ["filter", dimension], message });
  }
}
