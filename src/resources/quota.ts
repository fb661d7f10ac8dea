// The schema of a quota of a consumer or consumer group.
import { z } from "zod";
import { namedList, nameField, strict } from "./field.ts";
import { webhooksField } from "./notify.ts";

const periodField = z.union(
  [
    z.enum(["day", "week", "month"]),
    strict({
      days: z.number().int().min(1).max(3650).describe("Length in days."),
      from: z.iso
        .date({ error: "must be a date, such as 2026-03-01" })
        .default("1970-01-01")
        .describe("A date on which a period begins; others follow it and precede it without a gap."),
    }),
  ],
  { error: "must be day, week, month or { days: N, from: DATE }" },
);

export const quotasField = namedList(
  strict({
    name: nameField.describe("Name of the quota."),
    enabled: z.boolean().default(true).describe("Whether it counts and refuses."),
    metric: z.enum(["tokens", "cost"]).describe("What is counted: tokens, or cost in USD."),
    limit: z
      .number()
      .min(0)
      .describe("How much a period allows. A change holds at once, for the running period too."),
    period: periodField.describe(
      "Calendar period (a week begins on Monday), or a number of days. Another period, zone or metric starts counting anew.",
    ),
    timeZone: z
      .string()
      .refine(isTimeZone, "must be an IANA time zone, such as Asia/Shanghai")
      .default("UTC")
      .describe("Zone in which days begin."),
    dryRun: z.boolean().default(false).describe("Count, warn and record, but refuse nothing."),
    warnAt: z
      .array(z.number().gt(0).max(1))
      .max(10)
      .default([0.8])
      .describe("Shares of the limit that are told of when they are crossed; its end always is."),
    notify: webhooksField.describe("Who is told, once per period and share."),
  }),
).describe("Quotas: once exhausted, requests get 429 until the period ends.");

export type Quota = z.output<typeof quotasField>[number];

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
