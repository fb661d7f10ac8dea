// Writes what an answer says as DashScope's `output` and `usage`, the same in whole answers and in events. Must not know
// streams.
import { memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatUsage, FinishReason } from "../../chat/chat-answer.ts";
import type { AnswerForm } from "./answer-form.ts";

/** What one choice says, so far or anew. */
export interface ChoiceContent {
  readonly index: number;
  readonly text: string;
  readonly reasoning: string;
  readonly calls: readonly JsonObject[];
  /** Null while it goes on: DashScope writes the text `null`. */
  readonly finish: FinishReason | null;
  readonly logprobs?: JsonObject | null | undefined;
}

/** @param citations as OpenAI cites pages */
export function outputOf(
  choices: readonly ChoiceContent[],
  { content }: AnswerForm,
  citations: readonly JsonObject[] = [],
): JsonObject {
  const search = searchInfo(citations);
  const [first] = choices;
  // A bare text has no room for more than one, nor for calls.
  if (content === "text" && choices.length === 1 && first?.calls.length === 0)
    return { finish_reason: first.finish ?? "null", text: first.text, ...search };
  return { choices: choices.map((choice) => writeChoice(choice, content)), ...search };
}

function writeChoice(
  { index, text, reasoning, calls, finish, logprobs }: ChoiceContent,
  form: AnswerForm["content"],
): JsonObject {
  return {
    message: {
      content: form === "parts" ? partsOf(text) : text,
      ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
      ...(calls.length === 0 ? {} : { tool_calls: calls }),
      role: "assistant",
    },
    index,
    finish_reason: finish ?? "null",
    ...(logprobs === undefined || logprobs === null ? {} : { logprobs }),
  };
}

function partsOf(text: string): JsonObject[] {
  return text === "" ? [] : [{ text }];
}

function searchInfo(citations: readonly JsonObject[]): JsonObject {
  const results = citations.flatMap((citation, place) => {
    const cited = memberOf(citation, "url_citation");
    const url = textOf(cited, "url");
    return url === undefined ? [] : [{ index: place + 1, title: textOf(cited, "title") ?? url, url }];
  });
  return results.length === 0 ? {} : { search_info: { search_results: results } };
}

/** DashScope's input includes what was read from a cache, as OpenAI's does. */
export function usageFromChat(usage: ChatUsage): JsonObject {
  const { prompt_tokens_details: prompt, completion_tokens_details: completion } = usage;
  const { cached_tokens: cached, cache_write_tokens: written, ...media } = prompt ?? {};
  return {
    total_tokens: usage.total_tokens,
    output_tokens: usage.completion_tokens,
    input_tokens: usage.prompt_tokens,
    ...known(media, ["audio_tokens", "image_tokens", "video_tokens"]),
    ...(cached === undefined && written === undefined
      ? {}
      : {
          prompt_tokens_details: {
            ...(cached === undefined ? {} : { cached_tokens: cached }),
            ...(written === undefined ? {} : { cache_creation_input_tokens: written }),
          },
        }),
    ...(completion === undefined
      ? {}
      : { output_tokens_details: known(completion, ["reasoning_tokens", "audio_tokens"]) }),
  };
}

function known(counts: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.filter((name) => counts[name] !== undefined).map((name) => [name, counts[name]]),
  );
}
