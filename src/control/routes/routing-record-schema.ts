// What mode intelligent leaves in a decision, for the description of the admin API.
import { profiles } from "../../core/routing-record.ts";
import type { JsonSchema } from "../operation.ts";
import { arrayOf, number, objectOf, text } from "./answer-schema.ts";

function withOptional(
  required: Readonly<Record<string, JsonSchema>>,
  optional: Readonly<Record<string, JsonSchema>>,
): JsonSchema {
  return { type: "object", required: Object.keys(required), properties: { ...required, ...optional } };
}

const modelEvidence = withOptional(
  {
    model: text,
    excluded: { ...text, description: "Why it could not be chosen; empty: it could." },
    declared: {
      ...number,
      description: "What is declared or assumed for what the prompt may be about, 0 to 1.",
    },
    general: { ...number, description: "The same over all domains." },
    costUsd: { ...number, description: "What the request was expected to cost." },
    latencyMs: { ...number, description: "Expected time to first data, failures included." },
  },
  {
    learnt: {
      ...objectOf({ near: number, mean: number, count: number }),
      description: "From labels: of prompts like this one, of all, and how many.",
    },
  },
);

const promptEvidence = withOptional(
  {
    complexity: { ...number, description: "0 to 1." },
    domains: {
      ...arrayOf(objectOf({ name: text, probability: number })),
      description: "Likeliest first, three at most.",
    },
    source: { type: "string", enum: ["engine", "rule", "keywords", "classifier"] },
    familiarity: { ...number, description: "How far the prompt is like labelled ones, 0 to 1." },
  },
  { language: { type: "string", enum: ["en", "zh"] } },
);

const evidence = withOptional(
  {
    profile: { type: "string", enum: [...profiles] },
    costWeight: number,
    latencyWeight: number,
    maxQualityDrop: number,
    prompt: promptEvidence,
    models: arrayOf(modelEvidence),
    defaultModel: text,
    preferred: { ...arrayOf(text), description: "Models that the domain prefers." },
    inToolLoop: { type: "boolean" },
  },
  {
    named: { ...text, description: "Model that the client named." },
    rule: withOptional({ name: text }, { model: text }),
    previous: { ...text, description: "Model that the conversation had." },
    draw: objectOf({ random: number, share: number }),
  },
);

export const routingRecordSchema: JsonSchema = {
  ...withOptional(
    {
      router: { ...text, description: "Versions of engine, domain table and labels." },
      evidence: {
        ...evidence,
        description: "All that the model was chosen by: the same evidence gives the same choice.",
      },
      choice: objectOf({ model: text, reason: text, margin: number, propensity: number }),
    },
    {
      sketch: { ...text, description: "What the prompt is like, in numbers, where the Model API learns." },
      conversation: {
        ...text,
        description:
          "Tells its conversation from others, where the Model API learns; another after every start of the gateway.",
      },
    },
  ),
  description: "Of mode intelligent.",
};
