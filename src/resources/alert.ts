// The schema of an alert: a threshold on a metric.
import { z } from "zod";
import { httpUrlField, nameField, strict } from "./field.ts";

export const alertSchema = strict({
  name: nameField.describe("Name of the alert."),
  enabled: z.boolean().default(true).describe("Whether it is watched."),
  metric: z.string().min(1).max(128).describe("Metric that is watched."),
  filter: z.record(z.string(), z.string()).default({}).describe("Labels that must match."),
  op: z.enum([">", ">=", "<", "<="]).describe("How the metric is compared with the threshold."),
  threshold: z.number().describe("The threshold."),
  forSeconds: z
    .number()
    .int()
    .min(0)
    .max(86_400)
    .default(0)
    .describe("Seconds that the comparison must hold."),
  notify: z
    .array(strict({ webhook: httpUrlField.describe("URL that is called.") }))
    .default([])
    .describe("Who is told."),
}).describe("A threshold on a metric.");
