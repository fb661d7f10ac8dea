// Clients that ask for embeddings: OpenAI's and Gemini's. Must not know services.
import { isRawNumber, numberIn } from "../../lib/exact-json.ts";
import { listOf, type JsonObject } from "../../lib/json-value.ts";
import { fault, isObject, listAt, objectAt, own, textAt } from "../clients/openai/field-faults.ts";
import type { SingleClient } from "../single-call.ts";
import type { TranslationNotes } from "../translation-notes.ts";
import {
  base64Of,
  floatsOf,
  type EmbeddingAnswer,
  type EmbeddingAsk,
  type InputType,
} from "./embedding-form.ts";

export type EmbeddingClient = SingleClient<EmbeddingAsk, EmbeddingAnswer>;

/** As many as OpenAI takes. */
const mostInputs = 2_048;

const openaiFields = new Set(["model", "input", "encoding_format", "dimensions", "input_type", "stream"]);

export const openaiEmbeddingClient: EmbeddingClient = {
  ask({ body }) {
    const asked = objectAt(body, "body");
    const format = own(asked, "encoding_format");
    if (format !== undefined && format !== "float" && format !== "base64")
      throw fault("encoding_format", "must be float or base64");
    const inputType = own(asked, "input_type");
    const isCommon = inputType === "query" || inputType === "document";
    return {
      inputs: inputsOf(own(asked, "input")),
      dimensions: wholeNumber(own(asked, "dimensions"), "dimensions"),
      inputType: isCommon ? inputType : undefined,
      base64: format === "base64",
      many: Array.isArray(asked["input"]),
      others: rest(asked, openaiFields, isCommon || inputType === undefined ? {} : { input_type: inputType }),
    };
  },
  write({ vectors, tokens }, { base64 }, { model }) {
    return {
      object: "list",
      data: vectors.map((vector, index) => ({
        object: "embedding",
        index,
        embedding: base64 ? base64Of(vector) : floatsOf(vector),
      })),
      model,
      ...(tokens === undefined ? {} : { usage: { prompt_tokens: tokens, total_tokens: tokens } }),
    };
  },
};

/** A text, texts, a list of tokens, or several of those. */
function inputsOf(input: unknown): EmbeddingAsk["inputs"] {
  if (typeof input === "string") return [input];
  const list = listAt(input, "input");
  if (list.length === 0) throw fault("input", "must not be empty");
  if (list.every((each) => numberIn(each) !== undefined)) return [list];
  if (list.length > mostInputs) throw fault("input", `must not have more than ${mostInputs} entries`);
  return list.map((each, index) => {
    if (typeof each === "string") return each;
    const tokens = listAt(each, `input.${index}`);
    if (tokens.length === 0 || !tokens.every((token) => numberIn(token) !== undefined))
      throw fault(`input.${index}`, "must be a string or a list of tokens");
    return tokens;
  });
}

/** Gemini's words for what OpenAI's clients call query and document; the others stay Gemini's own. */
const inputTypes: Readonly<Record<string, InputType>> = {
  RETRIEVAL_QUERY: "query",
  RETRIEVAL_DOCUMENT: "document",
};

const geminiFields = new Set(["model", "content", "taskType", "outputDimensionality", "requests"]);

/** `embedContent` has one content, `batchEmbedContents` requests, which must be alike in all but their contents. */
export const geminiEmbeddingClient: EmbeddingClient = {
  ask({ body }, { notes }) {
    const asked = objectAt(body, "body");
    const batch = own(asked, "requests");
    const requests = batch === undefined ? [asked] : listAt(batch, "requests");
    const at = (index: number): string => (batch === undefined ? "" : `requests.${index}.`);
    if (requests.length === 0) throw fault("requests", "must not be empty");
    if (requests.length > mostInputs)
      throw fault("requests", `must not have more than ${mostInputs} entries`);
    const read = requests.map((request, index) =>
      readRequest(objectAt(request, at(index).replace(/\.$/, "") || "body"), at(index), notes),
    );
    const [first] = read;
    read.forEach(({ dimensions, taskType }, index) => {
      if (taskType !== first?.taskType)
        throw fault(`${at(index)}taskType`, "must be the same in all requests");
      if (numberIn(dimensions) !== numberIn(first?.dimensions))
        throw fault(`${at(index)}outputDimensionality`, "must be the same in all requests");
    });
    const taskType = first?.taskType ?? "";
    const inputType = Object.hasOwn(inputTypes, taskType) ? inputTypes[taskType] : undefined;
    if (inputType === undefined && taskType !== "" && taskType !== "TASK_TYPE_UNSPECIFIED")
      notes.dropped(`${at(0)}taskType`);
    return {
      inputs: read.map(({ text }) => text),
      dimensions: first?.dimensions,
      inputType,
      base64: false,
      many: batch !== undefined,
      others: batch === undefined ? {} : rest(asked, geminiFields),
    };
  },
  write({ vectors, tokens }, { many }) {
    const written = vectors.map((vector) => ({ values: floatsOf(vector) }));
    const usage =
      tokens === undefined ? {} : { usageMetadata: { promptTokenCount: tokens, totalTokenCount: tokens } };
    return many ? { embeddings: written, ...usage } : { embedding: written[0], ...usage };
  },
};

interface GeminiRequest {
  readonly text: string;
  readonly dimensions: unknown;
  readonly taskType: string | undefined;
}

function readRequest(request: JsonObject, at: string, notes: TranslationNotes): GeminiRequest {
  const content = objectAt(own(request, "content"), `${at}content`);
  const parts = listOf(content, "parts");
  if (parts.length === 0) throw fault(`${at}content.parts`, "must not be empty");
  const texts = parts.map((part, index) =>
    textAt(isObject(part) ? own(part, "text") : part, `${at}content.parts.${index}.text`),
  );
  for (const name of Object.keys(request))
    if (!geminiFields.has(name) && own(request, name) !== undefined) notes.dropped(`${at}${name}`);
  const taskType = own(request, "taskType");
  return {
    text: texts.join("\n"),
    dimensions: wholeNumber(own(request, "outputDimensionality"), `${at}outputDimensionality`),
    taskType: taskType === undefined ? undefined : textAt(taskType, `${at}taskType`),
  };
}

function wholeNumber(value: unknown, param: string): unknown {
  if (value === undefined || value === null) return undefined;
  const number = numberIn(value);
  if (number === undefined || !Number.isInteger(number) || number < 1)
    throw fault(param, "must be a whole number above zero");
  return isRawNumber(value) ? number : value;
}

function rest(object: JsonObject, known: ReadonlySet<string>, more: JsonObject = {}): JsonObject {
  const others: Record<string, unknown> = { __proto__: null, ...more };
  for (const name of Object.keys(object)) if (!known.has(name)) others[name] = object[name];
  return others;
}
