// The schema of a file in which an administrator says what he knows of models: prices of his contract, models that are newer
// than the program. Knows neither where the file is nor what ships.
import { z } from "zod";
import { modalities, type OwnModelData, type SourcedModel } from "../core/known-model.ts";
import type { ModelTraits } from "../core/model-traits.ts";
import { didYouMean } from "../lib/edit-distance.ts";
import { modelNameField, namedList, strict } from "./field.ts";
import { readableIssues, readableMessage, type Issue } from "./issue.ts";
import { providerIds } from "./provider-id.ts";

const tokens = z.number().int().min(1);
const usd = z.number().min(0);
const words = z.array(z.string().min(1));

const priceField = strict({
  input: usd.optional().describe("USD per million input tokens."),
  cachedInput: usd.optional().describe("USD per million cached input tokens; absent = as input."),
  cacheWriteInput: usd
    .optional()
    .describe("USD per million input tokens written to a cache; absent = as input."),
  output: usd.optional().describe("USD per million output tokens."),
  reasoning: usd.optional().describe("USD per million reasoning tokens; absent = as output."),
  image: usd.optional().describe("USD per image."),
  second: usd.optional().describe("USD per second of audio or video."),
  character: usd.optional().describe("USD per million characters."),
});

const rangeField = strict({ min: z.number(), max: z.number() });

/** What translators act on; the words of `ModelTraits`. */
const traitsField = strict({
  thinking: z.enum(["none", "effort", "budget", "adaptive", "level", "switch"]).optional(),
  efforts: words.optional().describe("Efforts that it takes, weakest first."),
  thinkingField: z.enum(["enable_thinking"]).optional(),
  thinkingBudget: rangeField.optional().describe("Least and most tokens of a thinking budget."),
  refuses: words.optional().describe("Parameters, by their OpenAI names, that it refuses."),
  maxTokensField: z.enum(["max_tokens", "max_completion_tokens"]).optional(),
  systemRole: z.enum(["system", "developer", "user"]).optional(),
  temperature: rangeField.optional(),
  temperatureOrTopP: z.boolean().optional().describe("Refuses both together."),
  wantsReasoningBack: z.boolean().optional().describe("Wants `reasoning_content` of earlier turns back."),
  wantsThoughtSignatures: z.boolean().optional(),
  requires: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe("Fields that a request must have, with what is sent where it has none."),
  toolIds: z.enum(["nine-alphanumerics"]).optional(),
  resultsAlone: z.boolean().optional(),
  converseFields: z.enum(["anthropic", "nova", "openai"]).optional(),
  jsonSchema: z.boolean().optional().describe("False: takes no JSON schema as form of its answer."),
  schemas: z.enum(["openapi"]).optional(),
  tools: z.boolean().optional().describe("False: no tool calls."),
  multimodalPath: z.boolean().optional(),
  embeddingTexts: z.number().int().min(1).optional(),
});

const dayField = z.iso.date({ error: "must be a day, such as 2026-11-01" });

const modelField = strict({
  name: modelNameField.describe("Name of the model as it is sent."),
  label: z.string().min(1).max(256).optional().describe("As people call it."),
  contextWindow: tokens.optional().describe("Tokens of a request with its answer."),
  maxOutputTokens: tokens.optional().describe("Tokens of an answer at most."),
  modalities: strict({ input: z.array(z.enum(modalities)), output: z.array(z.enum(modalities)) }).optional(),
  price: priceField.optional().describe("Prices; they stand in place of all shipped prices of the model."),
  traits: traitsField.optional().describe("What it accepts; goes over what is shipped, field by field."),
  source: z.string().min(1).max(512).optional().describe("Where the figures are from."),
  date: dayField.optional().describe("Of which day they are."),
});

export const modelFileSchema = strict({
  shipped: z
    .enum(["all", "without-prices", "none"])
    .default("all")
    .describe(
      "What of the data that ships with the program holds beside this file: all of it, all but prices, or nothing.",
    ),
  source: z.string().min(1).max(512).default("models file").describe("Of rows without one of their own."),
  date: dayField.describe("Of rows without one of their own."),
  providers: z
    .record(z.string(), namedList(modelField))
    .superRefine((providers, context) => {
      for (const name of Object.keys(providers)) {
        if (providerIds.some((id) => id === name)) continue;
        const message = `is no provider of the catalogue${didYouMean(name, providerIds)}`;
        context.addIssue({ code: "custom", path: [name], message });
      }
    })
    .default({})
    .describe("Models by id of the provider catalogue."),
}).describe("What an administrator says of models.");

export type ModelFileResult =
  | { readonly ok: true; readonly data: OwnModelData }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** @param value of the document, YAML or JSON */
export function parseModelFile(value: unknown): ModelFileResult {
  const parsed = modelFileSchema.safeParse(value, { error: readableMessage });
  if (!parsed.success) return { ok: false, issues: readableIssues(parsed.error) };
  const { shipped, source, date, providers } = parsed.data;
  const rows = Object.entries(providers).map(([provider, models]): [string, SourcedModel[]] => [
    provider,
    models.map(({ traits, ...model }) => {
      const own: ModelTraits | undefined = traits && present(traits);
      return { source, date, ...present(model), name: model.name, ...(own && { traits: own }) };
    }),
  ]);
  return { ok: true, data: { shipped, providers: Object.fromEntries(rows) } };
}

/** Without what was not said. */
function present<Value extends object>(
  value: Value,
): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } {
  // Only values that are there are left, each under its own key.
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [Key in keyof Value]?: Exclude<Value[Key], undefined>;
  };
}
