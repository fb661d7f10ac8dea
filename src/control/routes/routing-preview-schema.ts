// The answers of previews, of decisions made again and of judged examples, for the description of the admin API.
import type { JsonSchema } from "../operation.ts";
import { arrayOf, integer, number, objectOf, orNull, text } from "./answer-schema.ts";
import { boundedSchema } from "./routing-schema.ts";

const truth: JsonSchema = { type: "boolean" };

export const previewSchema: JsonSchema = objectOf({
  requests: { ...integer, description: "That could be decided again." },
  changed: { ...integer, description: "That another model would have answered." },
  models: {
    ...arrayOf(objectOf({ model: text, now: number, next: number })),
    description: "Share of the requests that each model answers, 0 to 1.",
  },
  costUsd: { ...objectOf({ now: number, next: number }), description: "USD of all of them." },
  costChange: {
    ...orNull(number),
    description: "Share by which the cost changes, such as -0.48; null where nothing was paid.",
  },
  quality: { ...boundedSchema, description: "Next less now, mean of a request, from -1 to 1." },
  basis: {
    type: "string",
    enum: ["labels", "declared"],
    description: "Whether labels say how good models are, or what is declared alone.",
  },
  summary: { ...text, description: "The same in a sentence." },
  looked: { ...integer, description: "Records that were looked at." },
  unused: objectOf({
    undecided: { ...integer, description: "Decided by another mode, or refused before." },
    unanswered: { ...integer, description: "No answer came, or one that was reused." },
  }),
});

const choice: JsonSchema = objectOf({ model: text, reason: text, margin: number, propensity: number });

export const reproductionSchema: JsonSchema = objectOf({
  same: truth,
  router: { ...text, description: "What it was decided by: versions of engine, domains and labels." },
  recorded: choice,
  choice: objectOf({
    model: text,
    reason: text,
    margin: number,
    propensity: number,
    scores: arrayOf(objectOf({ model: text, excluded: text, quality: number, utility: number })),
  }),
  differences: arrayOf(objectOf({ field: text, recorded: {}, now: {} })),
  explanation: objectOf({ summary: text, prompt: text, models: arrayOf(text) }),
});

export const accuracySchema: JsonSchema = objectOf({
  examples: integer,
  accuracy: {
    ...orNull(number),
    description: "Share that is told right when held out; null without examples.",
  },
  sure: { ...orNull(number), description: "Share of which the table would be sure." },
  accuracyWhereSure: orNull(number),
  domains: arrayOf(
    objectOf({
      name: text,
      examples: integer,
      accuracy: orNull(number),
      sure: orNull(number),
      takenFor: {
        ...arrayOf(objectOf({ name: text, examples: integer })),
        description: "Where those go that are told wrong.",
      },
    }),
  ),
  misplaced: {
    ...arrayOf(objectOf({ domain: text, example: integer, takenFor: text, probability: number })),
    description: "Own examples that look like another domain's, the surest first; `example` from 0.",
  },
});
