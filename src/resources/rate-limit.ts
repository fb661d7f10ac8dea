// The schema of the rate limits of a Model API.
import { z } from "zod";
import { fieldName } from "./field-name.ts";
import { namedList, nameField, strict } from "./field.ts";
import { valueMatchField } from "./value-match.ts";

export const rateLimitsField = namedList(
  strict({
    name: nameField.describe("Name of the limit."),
    by: z
      .enum(["consumer", "header", "query", "cookie", "ip", "model", "api"])
      .describe("What has its own count."),
    key: fieldName.optional().describe("Name of the header, query parameter or cookie."),
    match: valueMatchField.default({ type: "any" }).describe("Which values the limit is for."),
    metric: z.enum(["tokens", "requests", "concurrency"]).describe("What is counted."),
    limit: z.number().int().min(0).describe("How much a window allows."),
    window: z
      .enum(["second", "minute", "hour", "day"])
      .optional()
      .describe("Length of the sliding window; none for concurrency."),
    dryRun: z.boolean().default(false).describe("Count and record, but refuse nothing."),
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
