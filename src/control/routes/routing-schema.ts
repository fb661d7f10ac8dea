// The answers about learning, for the description of the admin API.
import { labelSources } from "../../core/kept-routing.ts";
import type { JsonSchema } from "../operation.ts";
import { arrayOf, integer, number, objectOf, orNull, text } from "./answer-schema.ts";

const time: JsonSchema = { type: "string", format: "date-time" };
const truth: JsonSchema = { type: "boolean" };

export const boundedSchema: JsonSchema = {
  ...objectOf({ value: number, low: number, high: number }),
  description: "With the bounds within which it lies with 95 % probability.",
};

const verdict: JsonSchema = {
  type: "string",
  enum: ["better", "not-better", "unknown"],
  description: "`better`: the lower bound says so. `unknown`: the labels cannot tell.",
};

const comparison: JsonSchema = objectOf({
  prompts: { ...integer, description: "Labelled for more than one model." },
  differ: { ...integer, description: "For which another model is chosen." },
  direct: { ...integer, description: "Of these the ones with labels for both models." },
  utility: { ...boundedSchema, description: "Quality less what cost and time lose, 0 to 1: the difference." },
  quality: { ...boundedSchema, description: "The difference, 0 to 1." },
  costUsd: { ...objectOf({ current: number, candidate: number }), description: "USD per prompt." },
  verdict,
  reason: text,
});

const version: JsonSchema = objectOf({
  version: integer,
  at: time,
  by: text,
  labels: integer,
  prompts: integer,
  bytes: { ...integer, description: "Of its table." },
  against: { ...integer, description: "Version that it was compared with; 0: the choice without labels." },
  usable: { ...truth, description: "False: another version of the program has made it; train anew." },
  verdict,
  reason: text,
  overCurrent: comparison,
  overDefault: comparison,
});

const run: JsonSchema = objectOf({
  at: time,
  by: text,
  tookMs: integer,
  version: { ...orNull(integer), description: "Null: it came to none." },
  result: text,
  shares: {
    ...arrayOf(objectOf({ model: text, current: number, candidate: number })),
    description: "Share of the prompts that each model gets, 0 to 1.",
  },
  curve: {
    ...arrayOf(objectOf({ prompts: integer, quality: boundedSchema, judged: integer, costUsd: number })),
    description: "How good the choice is by the number of labelled prompts, from none to all.",
  },
});

const source: JsonSchema = { type: "string", enum: [...labelSources] };

export const publishedSchema: JsonSchema = objectOf({
  version: { ...integer, description: "In use; 0: nothing that was learnt." },
  former: { ...integer, description: "What one step back leads to; 0: nothing that was learnt." },
  at: orNull(time),
  by: text,
});

export const routingStateSchema: JsonSchema = objectOf({
  learns: { ...truth, description: "Whether judged answers are kept as labels." },
  autoPublish: truth,
  labels: objectOf({
    total: integer,
    unusable: {
      ...integer,
      description:
        "Of all: of prompts that another version of the program has read; nothing is learnt of them.",
    },
    items: arrayOf(objectOf({ model: text, source, count: integer })),
  }),
  notes: {
    ...arrayOf(text),
    description: "What is not used because another version of the program has made it, in sentences.",
  },
  versions: { ...arrayOf(version), description: "Newest first." },
  published: publishedSchema,
  running: {
    ...orNull(objectOf({ since: time, by: text })),
    description: "The training that runs.",
  },
  lastRun: { ...orNull(run), description: "The newest training that has ended." },
});
