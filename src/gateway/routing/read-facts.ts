// What mode intelligent looks at in a request: read when it is asked for, once, from what the request says by now. The other
// modes never ask. Knows no model.
import type { Modality } from "../../core/known-model.ts";
import type { AnswerKind } from "../../protocols/wire.ts";
import { readAsked, type Asked } from "../../protocols/asked/asked.ts";
import { encodedBytes } from "../../protocols/asked/encoded-bytes.ts";
import { partTokens } from "../../protocols/asked/part-modality.ts";
import type { RequestFacts } from "../../routing/request-facts.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { headerOf } from "../raw-headers.ts";
import { permittedModels } from "./permitted-models.ts";

/** Bytes that are a token, about. */
const bytesPerToken = 4;
/** Of instructions, only so much tells conversations apart: dates, ids and counters in them change from request to request. */
const changingWord = /\S*\d\S*/gu;

const nothingAsked = Buffer.from("{}");

/** @param header names conversations; undefined: their beginning does */
export function readFacts(exchange: Exchange, matched: Matched, header: string | undefined): RequestFacts {
  const { call, consumer, requestedModel, body } = exchange;
  const isJson = body !== null && body.form === null && body.upload === null;
  const asked = readAsked(isJson ? body.bytes : nothingAsked);
  const named = header === undefined ? undefined : headerOf(call.rawHeaders, header);
  return {
    requestedModel,
    question: asked.question,
    inToolLoop: asked.inToolLoop,
    turns: asked.turns,
    ...conversationOf(asked, `${matched.api.config.name} ${consumer}`, named),
    input: inputOf(asked, matched),
    output: outputOf(asked, matched),
    promptTokens:
      isJson && body !== null ? tokensOf(body.bytes, asked) : tokensOfForm(inputOf(asked, matched)),
    maxOutputTokens: asked.maxOutputTokens,
    needsTools: asked.needsTools,
    needsJsonSchema: asked.needsJsonSchema,
    consumer,
    header: (name) => headerOf(call.rawHeaders, name),
    metadata: (key) => asked.metadata.get(key),
    mayUse: permittedModels(exchange, matched),
  };
}

/** Images and the like are as many bytes as they are large, and count by their kind. */
function tokensOf(body: Buffer, { media }: Asked): number {
  const encoded = Math.max(media.bytes, encodedBytes(body));
  return Math.max(0, body.length - encoded) / bytesPerToken + media.tokens;
}

/** What is in a form is a file, with few words. */
function tokensOfForm(input: readonly Modality[]): number {
  return input.reduce((sum, modality) => sum + (modality === "text" ? 0 : partTokens[modality]), 0);
}

type ConversationFacts = Pick<RequestFacts, "conversation" | "continues">;

/** The same key for two conversations would only make them prefer one model where two are as good. */
function conversationOf(
  { conversation, cacheKey, system, opening, turns, inToolLoop }: Asked,
  whose: string,
  header: string | undefined,
): ConversationFacts {
  if (header !== undefined && header !== "")
    return { conversation: `${whose} header ${header}`, continues: true };
  if (conversation !== undefined) return { conversation: `${whose} named ${conversation}`, continues: true };
  if (opening === "") return { conversation: undefined, continues: false };
  const begun = [cacheKey ?? "", system.replace(changingWord, ""), opening];
  return { conversation: `${whose} begun ${JSON.stringify(begun)}`, continues: turns > 1 || inToolLoop };
}

/** Of a Model API that is for nothing else, every candidate does it: nobody has to say so of each. */
const useCaseOf: Partial<Record<Modality, string>> = {
  image: "image-generation",
  video: "video-generation",
  audio: "speech-synthesis",
};

const givenBy: Partial<Record<AnswerKind, Modality>> = { images: "image", speech: "audio" };

function outputOf({ output }: Asked, { operation, api }: Matched): readonly Modality[] {
  const given = givenBy[operation.answer];
  if (given === undefined) return output;
  return useCaseOf[given] === api.config.useCase ? [] : [given];
}

function inputOf({ input }: Asked, { operation }: Matched): readonly Modality[] {
  return operation.answer === "transcription" ? ["audio"] : input;
}
