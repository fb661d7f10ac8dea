// Reads what DashScope says in `output` and `usage`, the same in whole answers and in events. Must not know streams.
import { isJsonObject, countOf, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatUsage, FinishReason } from "../../chat/chat-answer.ts";

/** One choice as DashScope wrote it. */
export interface OutputChoice {
  readonly index: number;
  readonly message: unknown;
  readonly text: string;
  /** Undefined while it goes on. */
  readonly finish: FinishReason | undefined;
  readonly logprobs: JsonObject | undefined;
}

const finishReasons: Readonly<Record<string, FinishReason>> = {
  stop: "stop",
  length: "length",
  max_tokens: "length",
  tool_calls: "tool_calls",
  function_call: "tool_calls",
  content_filter: "content_filter",
  sensitive: "content_filter",
};

/** The choices of an output; in the form `text` there is one, without a message. */
export function choicesOf(output: unknown): OutputChoice[] {
  const choices = listOf(output, "choices");
  if (choices.length > 0) return choices.map(readChoice);
  const text = memberOf(output, "text");
  if (typeof text !== "string" && textOf(output, "finish_reason") === undefined) return [];
  return [
    {
      index: 0,
      message: undefined,
      text: typeof text === "string" ? text : "",
      finish: finishOf(output),
      logprobs: undefined,
    },
  ];
}

function readChoice(choice: unknown, place: number): OutputChoice {
  const message = memberOf(choice, "message");
  const logprobs = memberOf(choice, "logprobs");
  return {
    index: countOf(choice, "index") ?? place,
    message,
    text: contentText(memberOf(message, "content")),
    finish: finishOf(choice),
    logprobs: isJsonObject(logprobs) ? logprobs : undefined,
  };
}

/** Until the end DashScope writes the text `null`. A reason that nobody knows is an end all the same. */
function finishOf(holder: unknown): FinishReason | undefined {
  const reason = textOf(holder, "finish_reason");
  if (reason === undefined || reason === "null") return undefined;
  return Object.hasOwn(finishReasons, reason) ? finishReasons[reason] : "stop";
}

/** Content is a text, or on the multimodal path a list; pictures of an answer become pictures in Markdown. */
function contentText(content: unknown): string {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return "";
  let text = "";
  for (const part of content) {
    const image = textOf(part, "image");
    text += textOf(part, "text") ?? (image === undefined ? "" : `![image](${image})`);
  }
  return text;
}

/** Pages that a search has found, as OpenAI cites them. */
export function citationsOf(output: unknown): JsonObject[] {
  return listOf(memberOf(output, "search_info"), "search_results").flatMap((page) => {
    const url = textOf(page, "url");
    if (url === undefined) return [];
    const title = textOf(page, "title") ?? url;
    return [{ type: "url_citation", url_citation: { url, title, start_index: 0, end_index: 0 } }];
  });
}

/** Undefined without any figure. DashScope's input includes what was read from a cache, as OpenAI's does. */
export function usageToChat(usage: unknown): ChatUsage | undefined {
  const output = countOf(usage, "output_tokens");
  const total = countOf(usage, "total_tokens");
  const input = countOf(usage, "input_tokens");
  if (output === undefined && total === undefined && input === undefined) return undefined;
  const completion = output ?? 0;
  const prompt = input ?? Math.max(0, (total ?? 0) - completion);
  const promptDetails = promptDetailsOf(usage);
  const completionDetails = counts([
    ["reasoning_tokens", countOf(memberOf(usage, "output_tokens_details"), "reasoning_tokens")],
    ["audio_tokens", countOf(memberOf(usage, "output_tokens_details"), "audio_tokens")],
  ]);
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: total ?? prompt + completion,
    ...(promptDetails === undefined ? {} : { prompt_tokens_details: promptDetails }),
    ...(completionDetails === undefined ? {} : { completion_tokens_details: completionDetails }),
  };
}

function promptDetailsOf(usage: unknown): ChatUsage["prompt_tokens_details"] {
  const cache = memberOf(usage, "prompt_tokens_details");
  const input = memberOf(usage, "input_tokens_details");
  return counts([
    ["cached_tokens", countOf(cache, "cached_tokens") ?? countOf(usage, "cached_tokens")],
    ["cache_write_tokens", countOf(cache, "cache_creation_input_tokens")],
    ["audio_tokens", countOf(usage, "audio_tokens") ?? countOf(input, "audio_tokens")],
    ["image_tokens", countOf(usage, "image_tokens") ?? countOf(input, "image_tokens")],
    ["video_tokens", countOf(usage, "video_tokens") ?? countOf(input, "video_tokens")],
  ]);
}

function counts(
  rows: readonly (readonly [name: string, value: number | undefined])[],
): Record<string, number> | undefined {
  const known = rows.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return known.length === 0 ? undefined : Object.fromEntries(known);
}
