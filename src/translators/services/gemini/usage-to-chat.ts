// Gemini's usageMetadata as OpenAI's usage. Must not know where it stood.
import { numberIn } from "../../../lib/exact-json.ts";
import { listOf, memberOf } from "../../../lib/json-value.ts";
import type { ChatUsage } from "../../chat/chat-answer.ts";

/** Undefined when it holds no figure. What tools read counts as input, what the model thought as output. */
export function usageToChat(metadata: unknown): ChatUsage | undefined {
  const count = (name: string): number | undefined => numberIn(memberOf(metadata, name));
  const prompt = count("promptTokenCount");
  const candidates = count("candidatesTokenCount");
  const thoughts = count("thoughtsTokenCount");
  if (prompt === undefined && candidates === undefined && thoughts === undefined) return undefined;
  const input = (prompt ?? 0) + (count("toolUsePromptTokenCount") ?? 0);
  const output = (candidates ?? 0) + (thoughts ?? 0);
  const inputAudio = ofModality(metadata, "promptTokensDetails", "AUDIO");
  const inputImage = ofModality(metadata, "promptTokensDetails", "IMAGE");
  const outputAudio = ofModality(metadata, "candidatesTokensDetails", "AUDIO");
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: {
      cached_tokens: count("cachedContentTokenCount") ?? 0,
      ...(inputAudio > 0 && { audio_tokens: inputAudio }),
      ...(inputImage > 0 && { image_tokens: inputImage }),
    },
    completion_tokens_details: {
      reasoning_tokens: thoughts ?? 0,
      ...(outputAudio > 0 && { audio_tokens: outputAudio }),
    },
  };
}

function ofModality(metadata: unknown, list: string, modality: string): number {
  const details = listOf(metadata, list);
  const found = details.find((detail) => memberOf(detail, "modality") === modality);
  return numberIn(memberOf(found, "tokenCount")) ?? 0;
}
