// The schemas of what a Model API records, of calls from browsers, of translation and of image tasks.
import { z } from "zod";
import { strict } from "./field.ts";
import { patternField } from "./value-match.ts";

export const corsField = strict({
  enabled: z.boolean().default(true).describe("Whether browsers may call."),
  origins: z.array(z.string().min(1)).default(["*"]).describe("Origins that may call; `*` = any."),
});

/** Patterns of one Model API: each is gone through for every recorded exchange. */
const maxPatterns = 16;

const redactField = strict({
  secrets: z
    .boolean()
    .default(true)
    .describe(
      "Mask what looks like a key, token or password. Keys of services and of the caller are always masked.",
    ),
  personalData: z
    .boolean()
    .default(false)
    .describe(
      "Mask e-mail addresses, telephone numbers, Chinese resident identity numbers and bank card numbers.",
    ),
  patterns: z
    .array(patternField)
    .max(maxPatterns)
    .default([])
    .describe(
      "Regular expressions; what they find is masked. No back-references, no looking around; `(?i)` at the beginning for either case.",
    ),
});

export const monitoringField = strict({
  metrics: z.boolean().default(true).describe("Count requests."),
  logs: z.boolean().default(true).describe("Write one log record per exchange."),
  traces: z.boolean().default(true).describe("Write traces."),
  recordRequestContent: z
    .boolean()
    .default(false)
    .describe("Keep what clients send, redacted, in log records; only while `logs` is on."),
  recordResponseContent: z
    .boolean()
    .default(false)
    .describe("Keep what is answered, redacted, in log records; only while `logs` is on."),
  recordMaxBytes: z.number().int().min(0).max(1_048_576).default(65_536).describe("Bytes kept of each."),
  redact: redactField.prefault({}).describe("What is taken out of recorded content before it is written."),
  traceSampleRatio: z
    .number()
    .min(0)
    .max(1)
    .default(1)
    .describe(
      "Share of the traces that begin here and are kept; one that a client names is kept if the client says so.",
    ),
  exposeHeaders: z
    .boolean()
    .default(true)
    .describe("Tell clients service, model and attempts in `x-moongate-*` headers."),
});

export const translationField = strict({
  strict: z
    .boolean()
    .default(false)
    .describe("Refuse what the service's protocol cannot express, instead of a warning."),
  passFields: z.array(z.string().min(1)).default([]).describe("Unknown fields that are passed on."),
});

export const imagesField = strict({
  pollSeconds: z
    .number()
    .min(0.1)
    .max(600)
    .default(1)
    .describe("Seconds between looks at a translated image task."),
  deadlineSeconds: z
    .number()
    .min(1)
    .max(86_400)
    .default(120)
    .describe("Seconds until a translated image task is given up."),
});
