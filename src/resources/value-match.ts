// The schema of which values of something a policy is for.
import { z } from "zod";
import { compilePattern } from "../lib/linear-pattern/linear-pattern.ts";
import { strict } from "./field.ts";

/** A regular expression that is found in linear time. */
export const patternField = z
  .string()
  .min(1)
  .max(256)
  .superRefine((pattern, context) => {
    try {
      compilePattern(pattern);
    } catch (error) {
      const reason = error instanceof SyntaxError ? error.message : "it cannot be read";
      context.addIssue({ code: "custom", message: `not a pattern that can be used: ${reason}` });
    }
  });

export const valueMatchField = z.discriminatedUnion("type", [
  strict({ type: z.literal("any").describe("Every value.") }),
  strict({ type: z.literal("exact").describe("The whole value."), value: z.string().describe("The value.") }),
  strict({
    type: z.literal("prefix").describe("How the value starts."),
    value: z.string().describe("The start."),
  }),
  strict({
    type: z.literal("regex").describe("A regular expression."),
    value: patternField.describe(
      "The expression; it may stand anywhere in the value. No back-references, no looking around.",
    ),
  }),
]);
