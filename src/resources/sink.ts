// The schema of a sink: where telemetry is delivered.
import { z } from "zod";
import { httpUrlField, nameField, strict } from "./field.ts";
import { secret } from "./secret.ts";
import { sinkPathProblem } from "./sink-path.ts";
import { regionOfEndpoint } from "./sink-region.ts";

const name = nameField.describe("Name of the sink.");
const flushIntervalMs = z
  .number()
  .int()
  .min(100)
  .max(3_600_000)
  .default(5000)
  .describe("Milliseconds between deliveries.");
const includeContent = z
  .boolean()
  .default(false)
  .describe("Whether recorded content of requests and answers is delivered too.");

/** Those that the delivery itself decides are not among them. */
const headerNameField = z
  .string()
  .regex(
    /^(?!(?:host|connection|transfer-encoding|content-(?:type|length|encoding))$)[!#$%&'*+.^_`|~0-9A-Z-]{1,128}$/iu,
    "must be a header name, and none that the delivery sets itself",
  );

const otlpSinkSchema = strict({
  name,
  type: z.literal("otlp").describe("OpenTelemetry over HTTP, JSON encoding."),
  endpoint: httpUrlField.describe("Base URL of the collector; `/v1/logs` and so on are added."),
  headers: z
    .record(headerNameField, secret())
    .default({})
    .describe("Headers added to every delivery. Values are write-only."),
  signals: z
    .array(z.enum(["logs", "metrics", "traces"]))
    .min(1)
    .default(["logs", "metrics", "traces"])
    .describe("What is delivered."),
  flushIntervalMs,
  includeContent,
});

const slsSinkSchema = strict({
  name,
  type: z.literal("sls").describe("Alibaba Cloud Simple Log Service."),
  endpoint: httpUrlField.describe("Endpoint of the region."),
  project: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/u, "must be the name of a project: 3 to 63 of a-z 0-9 -")
    .describe("Project."),
  logstore: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]{0,61}[a-z0-9]$/u, "must be the name of a log store: 2 to 63 of a-z 0-9 - _")
    .describe("Log store."),
  accessKeyId: z
    .string()
    .regex(/^[\x21-\x7e]{1,256}$/u, "must have no spaces and 1 to 256 characters")
    .describe("Access key id."),
  accessKeySecret: secret().describe("Access key secret. Write-only."),
  region: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/u, "must be a region such as cn-hangzhou")
    .optional()
    .describe("Region, for signature v4. Default: that of the endpoint."),
  signatureVersion: z
    .enum(["v1", "v4"])
    .optional()
    .describe("How requests are signed. Default: v4 where the region is known, else v1."),
  fieldNames: z
    .enum(["moongate", "original"])
    .default("moongate")
    .describe("Names of the fields: those of our records, or those of the cloud gateway."),
  flushIntervalMs,
  includeContent,
}).superRefine(({ endpoint, region, signatureVersion }, context) => {
  if (signatureVersion !== "v4" || region !== undefined || regionOfEndpoint(endpoint) !== null) return;
  context.addIssue({
    code: "custom",
    path: ["region"],
    message: "is required for signature v4: the endpoint does not name one",
  });
});

const webhookSinkSchema = strict({
  name,
  type: z.literal("webhook").describe("Signed POST requests."),
  url: httpUrlField.describe("Where records are posted."),
  secret: secret().optional().describe("Signs the body (HMAC-SHA256). Write-only."),
  flushIntervalMs,
  includeContent,
});

const fileSinkSchema = strict({
  name,
  type: z.literal("file").describe("A file of JSON lines."),
  path: z
    .string()
    .superRefine((path, context) => {
      const message = sinkPathProblem(path);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    })
    .describe("Path below the data folder, ending in `.jsonl`, `.ndjson` or `.log`."),
  maxBytes: z
    .number()
    .int()
    .min(1024 * 1024)
    .max(16 * 1024 ** 3)
    .default(100 * 1024 * 1024)
    .describe("Bytes after which the file is turned over."),
  keep: z.number().int().min(0).max(100).default(5).describe("How many earlier files are kept."),
  flushIntervalMs: flushIntervalMs.default(1000),
  includeContent,
});

export const sinkSchema = z
  .discriminatedUnion("type", [otlpSinkSchema, slsSinkSchema, webhookSinkSchema, fileSinkSchema])
  .describe("Where log records, metrics and traces are delivered.");
