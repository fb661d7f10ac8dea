// The schema of a quota of a consumer or consumer group.
import { z } from "zod";
import { namedList, nameField, strict } from "./field.ts";

export const quotasField = namedList(
  strict({
    name: nameField.describe("Name of the quota."),
    metric: z.enum(["tokens", "cost"]).describe("What is counted: tokens, or cost in USD."),
    limit: z.number().min(0).describe("How much a period allows."),
    period: z
      .union(
        [
          z.enum(["day", "week", "month"]),
          strict({ days: z.number().int().min(1).max(3650).describe("Length in days.") }),
        ],
        {
          error: "must be day, week, month or { days: N }",
        },
      )
      .describe("Calendar period, or a number of days."),
    timeZone: z
      .string()
      .refine(isTimeZone, "must be an IANA time zone, such as Asia/Shanghai")
      .default("UTC")
      .describe("Zone in which days begin."),
  }),
).describe("Quotas: once exhausted, requests get 429 until the period ends.");

const timeZones = new Map<string, boolean>();

/** Answers are kept because asking the runtime is slow and 100,000 consumers may ask for the same few zones. */
function isTimeZone(text: string): boolean {
  const known = timeZones.get(text);
  if (known !== undefined) return known;
  const answer = askRuntime(text);
  if (timeZones.size < 1000) timeZones.set(text, answer);
  return answer;
}

function askRuntime(text: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
