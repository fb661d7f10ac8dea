// What is known of models that a Model API could choose from, before anything is saved: figures with who says so.
import { z } from "zod";
import type { KnownModel } from "../../core/known-model.ts";
import type { Price } from "../../core/price.ts";
import { catalogueOf, type ModelCatalogue } from "../../providers/model-catalogue.ts";
import { strict } from "../../resources/field.ts";
import { readableIssues, readableMessage } from "../../resources/issue.ts";
import type { Service } from "../../resources/service.ts";
import {
  resolveCharacteristics,
  type CharacteristicOrigin,
  type Characteristics,
} from "../../routing/decision/characteristics.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import type { JsonSchema, Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { arrayOf, number, objectOf, text } from "./answer-schema.ts";
import type { KnownCharacteristics } from "./console-answers.ts";

const json = ["application/json"];

const questionSchema = strict({
  candidates: z
    .array(
      strict({
        service: z.string().max(64).describe("Name of a service; one that is not there is known nothing of."),
        model: z.string().max(256).describe("Model name to send."),
      }),
    )
    .max(50)
    .describe("Models at services."),
});

const origin: JsonSchema = {
  type: "string",
  enum: ["service", "known", "assumed"],
  description: "Who says so: the service's own prices, the model data, nobody.",
};
const figureOf = (value: JsonSchema): JsonSchema => objectOf({ value, origin });
const truth: JsonSchema = { type: "boolean" };

const characteristicsSchema: JsonSchema = {
  type: "object",
  required: ["service", "model"],
  properties: {
    service: text,
    model: text,
    quality: { ...figureOf(number), description: "0 to 100." },
    contextWindow: figureOf(number),
    maxOutputTokens: figureOf(number),
    input: figureOf(arrayOf(text)),
    output: figureOf(arrayOf(text)),
    tools: figureOf(truth),
    jsonSchema: figureOf(truth),
    languages: figureOf(arrayOf(text)),
    price: {
      ...figureOf(objectOf({ input: number, output: number })),
      description: "USD per million tokens.",
    },
    source: { ...text, description: "Of what is known; absent = nothing is." },
    date: { ...text, description: "Day on which it was looked up." },
  },
};

export function routingCatalogueOperations(configuration: Configuration): Operation[] {
  return [
    {
      method: "post",
      path: "/api/v1/routing/characteristics",
      id: "listCharacteristics",
      summary:
        "Tell what mode `intelligent` takes models for where a candidate does not say it: quality, window, prices and more, each with who says so.",
      tag: "catalogue",
      access: "read",
      reach: "groups",
      request: { description: "Models at services.", mediaTypes: json, schema: inputSchema() },
      status: 200,
      response: {
        description: "One row for each, in their order.",
        mediaTypes: json,
        schema: objectOf({ items: arrayOf(characteristicsSchema) }),
      },
      errors: [],
      handle: async (call) => {
        const own = configurationFor(configuration, call.principal);
        const { candidates } = readQuestion(await call.json());
        const catalogue = catalogueOf(configuration.snapshot.modelData);
        const items = candidates.map(({ service, model }) =>
          characteristicsOf(catalogue, own.working.resources.services.get(service)?.value, service, model),
        );
        return jsonAnswer({ items });
      },
    },
  ];
}

function characteristicsOf(
  catalogue: ModelCatalogue,
  service: Service | undefined,
  name: string,
  model: string,
): KnownCharacteristics {
  const listed = service && catalogue.models(service.provider).get(model);
  const known: KnownModel | undefined =
    service === undefined
      ? undefined
      : { ...(listed ?? { name: model }), traits: catalogue.traits(service.provider, model) };
  const found = resolveCharacteristics(model, { strengths: {} }, { known, price: priceOf(service, model) });
  const figure = <Field extends Exclude<keyof Characteristics, "strengths">>(
    field: Field,
  ): { value: Characteristics[Field]; origin: Exclude<CharacteristicOrigin, "declared"> } => {
    const from = found.origins[field];
    return { value: found[field], origin: from === "declared" ? "assumed" : from };
  };
  return {
    service: name,
    model,
    quality: figure("quality"),
    contextWindow: figure("contextWindow"),
    maxOutputTokens: figure("maxOutputTokens"),
    input: figure("input"),
    output: figure("output"),
    tools: figure("tools"),
    jsonSchema: figure("jsonSchema"),
    languages: figure("languages"),
    price: figure("price"),
    ...(listed === undefined ? {} : { source: listed.source, date: listed.date }),
  };
}

/** What the service itself says that the model costs. */
function priceOf(service: Service | undefined, model: string): Price | undefined {
  const price = service?.models.find(({ name }) => name === model)?.price;
  if (price === undefined) return undefined;
  const { input, output, image, second, character } = price;
  const { cachedInput = input, cacheWriteInput = input, reasoning = output } = price;
  return { input, cachedInput, cacheWriteInput, output, reasoning, image, second, character };
}

function readQuestion(body: unknown): z.output<typeof questionSchema> {
  const parsed = questionSchema.safeParse(body, { error: readableMessage });
  if (parsed.success) return parsed.data;
  const issues = readableIssues(parsed.error);
  throw new ControlError(
    "invalid",
    issues.map((issue) => `${issue.path} ${issue.message}`.trim()).join("; "),
    issues,
  );
}

function inputSchema(): JsonSchema {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(questionSchema, { io: "input" });
  return schema;
}
