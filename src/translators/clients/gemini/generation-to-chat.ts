// Gemini's generationConfig in chat form. Must not know contents or tools.
import { isRawNumber, numberIn } from "../../../lib/exact-json.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest, ResponseFormat } from "../../chat/chat-request.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import { jsonSchemaOf } from "./json-schema.ts";
import { fault, listIn, numericIn, optionalSpelled, textIn } from "./spelling.ts";

export const where = "generationConfig.";

/** Numbers that only have another name. */
export const numbers = {
  maxOutputTokens: "max_tokens",
  temperature: "temperature",
  topP: "top_p",
  topK: "top_k",
  seed: "seed",
  presencePenalty: "presence_penalty",
  frequencyPenalty: "frequency_penalty",
  candidateCount: "n",
  logprobs: "top_logprobs",
} as const;

/** Fields that are read here; others go on under their own name. */
const known: ReadonlySet<string> = new Set([
  ...Object.keys(numbers),
  "stopSequences",
  "responseLogprobs",
  "responseMimeType",
  "responseSchema",
  "responseJsonSchema",
  "_responseJsonSchema",
  "ResponseJsonSchema",
  "responseModalities",
  "thinkingConfig",
]);

export interface Generation {
  readonly fields: Partial<ChatRequest>;
  readonly others: JsonObject;
}

type Draft = { -readonly [Field in keyof ChatRequest]?: ChatRequest[Field] };

export function generationOf(body: JsonObject, notes: TranslationNotes): Generation {
  const config = optionalSpelled(body, "generationConfig", "");
  if (config === undefined) return { fields: {}, others: {} };
  const draft: Draft = {};
  for (const [name, field] of Object.entries(numbers)) {
    const value = numericIn(config, name, where);
    if (value !== undefined) draft[field] = value;
  }
  const stop = listIn(config, "stopSequences", where).map((text, at) => {
    if (typeof text !== "string") throw fault(`${where}stopSequences.${at}`, "must be a string");
    return text;
  });
  if (stop.length > 0) draft.stop = stop;
  if (config["responseLogprobs"] === true) draft.logprobs = true;
  const format = formatOf(config, notes);
  if (format !== undefined) draft.response_format = format;
  Object.assign(draft, thinkingOf(config));
  const modalities = listIn(config, "responseModalities", where);
  if (modalities.some((modality) => modality !== "TEXT")) notes.dropped(`${where}responseModalities`);
  const others = Object.entries(config).filter(([name]) => !known.has(name));
  return { fields: draft, others: Object.fromEntries(others.map(([name, value]) => [where + name, value])) };
}

/** Whether thoughts are asked for: without it none are shown. */
export function wantsThoughts(body: JsonObject): boolean {
  const config = optionalSpelled(body, "generationConfig", "");
  const thinking = config === undefined ? undefined : optionalSpelled(config, "thinkingConfig", where);
  return thinking?.["includeThoughts"] === true;
}

function formatOf(config: JsonObject, notes: TranslationNotes): ResponseFormat | undefined {
  const type = textIn(config, "responseMimeType", where) ?? "text/plain";
  const own = config["responseJsonSchema"] ?? config["_responseJsonSchema"] ?? config["ResponseJsonSchema"];
  const schema =
    isJsonObject(own) && !isRawNumber(own)
      ? own
      : config["responseSchema"] === undefined
        ? undefined
        : jsonSchemaOf(config["responseSchema"], `${where}responseSchema`);
  if (type === "text/plain") return undefined;
  if (type !== "application/json") {
    notes.dropped(`${where}responseMimeType`);
    return undefined;
  }
  if (schema === undefined) return { type: "json_object" };
  return { type: "json_schema", json_schema: { name: "answer", schema } };
}

/** A budget of 0 is none, one of -1 as much as the model likes. */
function thinkingOf(config: JsonObject): Pick<ChatRequest, "thinking" | "reasoning_effort"> {
  const thinking = optionalSpelled(config, "thinkingConfig", where);
  if (thinking === undefined) return {};
  const level = textIn(thinking, "thinkingLevel", `${where}thinkingConfig.`)?.toLowerCase();
  if (level !== undefined && level !== "thinking_level_unspecified") return { reasoning_effort: level };
  const budget = numericIn(thinking, "thinkingBudget", `${where}thinkingConfig.`);
  const tokens = numberIn(budget);
  if (budget === undefined || tokens === undefined) return {};
  if (tokens === 0) return { thinking: { type: "disabled" } };
  return { thinking: tokens < 0 ? { type: "adaptive" } : { type: "enabled", budget_tokens: budget } };
}
