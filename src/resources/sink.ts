// The schema of a sink: where telemetry is delivered.
import { z } from "zod";
import { httpUrlField, nameField, strict } from "./field.ts";
import { secret } from "./secret.ts";

const name = nameField.describe("Name of the sink.");
const flushIntervalMs = z
  .number()
  .int()
  .min(100)
  .max(3_600_000)
  .default(5000)
  .describe("Milliseconds between deliveries.");

export const sinkSchema = z
  .discriminatedUnion("type", [
    strict({
      name,
      type: z.literal("otlp").describe("OpenTelemetry over HTTP."),
      endpoint: httpUrlField.describe("Base URL of the collector."),
      headers: z
        .record(z.string(), secret())
        .default({})
        .describe("Headers added to every delivery. Values are write-only."),
      signals: z
        .array(z.enum(["logs", "metrics", "traces"]))
        .default(["logs", "metrics", "traces"])
        .describe("What is delivered."),
      flushIntervalMs,
    }),
    strict({
      name,
      type: z.literal("sls").describe("Alibaba Cloud Simple Log Service."),
      endpoint: httpUrlField.describe("Endpoint of the region."),
      project: z.string().min(1).describe("Project."),
      logstore: z.string().min(1).describe("Log store."),
      accessKeyId: z.string().min(1).describe("Access key id."),
      accessKeySecret: secret().describe("Access key secret. Write-only."),
      flushIntervalMs,
    }),
    strict({
      name,
      type: z.literal("webhook").describe("Signed POST requests."),
      url: httpUrlField.describe("Where records are posted."),
      secret: secret().optional().describe("Signs the body (HMAC-SHA256). Write-only."),
      flushIntervalMs,
    }),
    strict({
      name,
      type: z.literal("file").describe("A file of JSON lines."),
      path: z.string().min(1).describe("Path, counted from the data folder."),
    }),
  ])
  .describe("Where log records, metrics and traces are delivered.");
