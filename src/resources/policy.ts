// The schemas of a Model API's policies: authentication, limits, moderation, cache, monitoring, CORS.
import { z } from "zod";
import { compilePattern } from "../lib/linear-pattern/linear-pattern.ts";
import { httpUrlField, modelNameField, momentField, namedList, nameField, strict } from "./field.ts";

const fieldName = z
  .string()
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/u, "must be a header or parameter name");

const apiKeySourceField = z.discriminatedUnion("in", [
  strict({ in: z.literal("bearer").describe("`Authorization: Bearer KEY`.") }),
  strict({ in: z.literal("header").describe("A header."), name: fieldName.describe("Name of the header.") }),
  strict({
    in: z.literal("query").describe("A query parameter."),
    name: fieldName.describe("Name of the parameter."),
  }),
]);

const grantField = z.union(
  [
    strict({
      consumer: nameField.describe("Name of a consumer."),
      expiresAt: momentField.optional().describe("When the grant ends; absent = never."),
    }),
    strict({
      consumerGroup: nameField.describe("Name of a consumer group."),
      expiresAt: momentField.optional().describe("When the grant ends; absent = never."),
    }),
  ],
  { error: "must name one consumer or one consumerGroup, and may have expiresAt" },
);

export const authMethods = ["api-key", "jwt", "hmac"] as const;

export const authField = strict({
  enabled: z
    .boolean()
    .default(false)
    .describe("Whether callers must prove who they are. On without grants rejects everyone."),
  methods: z
    .array(z.enum(authMethods))
    .min(1)
    .default([...authMethods])
    .describe("Credentials that are accepted."),
  apiKeySources: z
    .array(apiKeySourceField)
    .default([{ in: "bearer" }, { in: "header", name: "x-api-key" }, { in: "query", name: "key" }])
    .describe("Where API keys are looked for, in this order."),
  grants: z.array(grantField).default([]).describe("Who may call."),
});

const matchField = z.discriminatedUnion("type", [
  strict({ type: z.literal("any").describe("Every value.") }),
  strict({ type: z.literal("exact").describe("The whole value."), value: z.string().describe("The value.") }),
  strict({
    type: z.literal("prefix").describe("How the value starts."),
    value: z.string().describe("The start."),
  }),
  strict({
    type: z.literal("regex").describe("A regular expression."),
    value: z.string().describe("The expression."),
  }),
]);

export const rateLimitsField = namedList(
  strict({
    name: nameField.describe("Name of the limit."),
    by: z
      .enum(["consumer", "header", "query", "cookie", "ip", "model", "api"])
      .describe("What has its own count."),
    key: fieldName.optional().describe("Name of the header, query parameter or cookie."),
    match: matchField.default({ type: "any" }).describe("Which values the limit is for."),
    metric: z.enum(["tokens", "requests", "concurrency"]).describe("What is counted."),
    limit: z.number().int().min(0).describe("How much a window allows."),
    window: z
      .enum(["second", "minute", "hour", "day"])
      .optional()
      .describe("Length of the sliding window; none for concurrency."),
  }).superRefine((limit, context) => {
    const needsKey = limit.by === "header" || limit.by === "query" || limit.by === "cookie";
    if (needsKey && limit.key === undefined)
      context.addIssue({ code: "custom", path: ["key"], message: `is required by "${limit.by}"` });
    if (!needsKey && limit.key !== undefined)
      context.addIssue({ code: "custom", path: ["key"], message: `has no meaning by "${limit.by}"` });
    const needsWindow = limit.metric !== "concurrency";
    if (needsWindow && limit.window === undefined)
      context.addIssue({ code: "custom", path: ["window"], message: `is required for ${limit.metric}` });
    if (!needsWindow && limit.window !== undefined)
      context.addIssue({ code: "custom", path: ["window"], message: "has no meaning for concurrency" });
  }),
).describe("Rate limits; all apply.");

const dimensions = [
  "content-compliance",
  "prompt-attack",
  "sensitive-data",
  "hallucination",
  "malicious-url",
] as const;

const checkField = strict({
  name: nameField.describe("Name of the check."),
  type: z
    .enum([
      "keywords",
      "regex",
      "personal-data",
      "prompt-attack",
      "openai-moderation",
      "llm-judge",
      "alibaba-guardrails",
      "webhook",
    ])
    .describe("What is done."),
  dimension: z.enum(dimensions).optional().describe("What kind of risk it finds."),
  risk: z.enum(["low", "medium", "high"]).optional().describe("How high the risk is that it finds."),
  action: z.enum(["block", "mask"]).default("block").describe("What happens to a find."),
  keywords: z.array(z.string().min(1)).optional().describe("Words to look for."),
  pattern: z.string().min(1).optional().describe("Regular expression to look for."),
  kinds: z.array(z.string().min(1)).optional().describe("Kinds of personal data to look for."),
  service: nameField.optional().describe("Service that judges."),
  model: modelNameField.optional().describe("Model that judges."),
  url: httpUrlField.optional().describe("URL that judges."),
  timeoutMs: z.number().int().min(1).max(600_000).optional().describe("Milliseconds that it may take."),
});

const ruleField = strict({
  consumer: matchField.default({ type: "any" }).describe("Which consumers the rule is for."),
  dimension: z
    .enum(["any", ...dimensions])
    .default("any")
    .describe("Which kind of risk the rule is for."),
  level: z
    .enum(["low", "medium", "high", "observe"])
    .describe("low blocks high risk, medium blocks medium and up, high blocks any, observe records."),
});

export const moderationField = strict({
  enabled: z.boolean().default(false).describe("Whether content is checked."),
  request: z.boolean().default(true).describe("Check requests."),
  response: z.boolean().default(true).describe("Check answers."),
  onError: z.enum(["block", "pass"]).default("block").describe("What happens when a check fails to answer."),
  streamWindowCharacters: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(200)
    .describe("Characters of a stream that are checked at once."),
  checks: namedList(checkField).describe("The checks."),
  rules: z.array(ruleField).default([]).describe("How strict to be; none = low for everyone."),
});

export const cacheField = strict({
  enabled: z.boolean().default(false).describe("Whether answers are reused."),
  mode: z.enum(["exact", "semantic"]).default("exact").describe("How requests are compared."),
  ttlSeconds: z
    .number()
    .int()
    .min(1)
    .max(31_536_000)
    .default(3600)
    .describe("Seconds that an answer is kept."),
  scope: z.enum(["consumer", "api"]).default("consumer").describe("Who shares answers."),
});

export const corsField = strict({
  enabled: z.boolean().default(true).describe("Whether browsers may call."),
  origins: z.array(z.string().min(1)).default(["*"]).describe("Origins that may call; `*` = any."),
});

/** Patterns of one Model API, and their length: each is gone through for every recorded exchange. */
const maxPatterns = 16;
const maxPatternLength = 256;

const redactPatternField = z
  .string()
  .min(1)
  .max(maxPatternLength)
  .superRefine((pattern, context) => {
    try {
      compilePattern(pattern);
    } catch (error) {
      const reason = error instanceof SyntaxError ? error.message : "it cannot be read";
      context.addIssue({ code: "custom", message: `not a pattern that can be used: ${reason}` });
    }
  });

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
    .array(redactPatternField)
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
