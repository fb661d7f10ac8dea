// The fields that OpenAI chat and legacy completions share: how they are read, checked and counted.
import type { Answer, Ending } from "./answer.ts";
import { isRecord, optionalBoolean, optionalInteger, wrong } from "./fields.ts";
import type { JsonObject } from "./fields.ts";
import { RefusedRequest } from "./refused-request.ts";

/** Most choices of one request. */
const mostChoices = 128;

export interface OpenaiOptions {
  readonly stream: boolean;
  /** True only when the client asked for the extra usage event. */
  readonly includeUsage: boolean;
  /** How many choices per prompt. */
  readonly choices: number;
  readonly maxTokens: number | null;
}

/** @throws RefusedRequest (400) for options that OpenAI refuses too. */
export function readOptions(body: JsonObject): OpenaiOptions {
  const stream = optionalBoolean(body, "stream");
  const most = Number.MAX_SAFE_INTEGER;
  return {
    stream,
    includeUsage: readIncludeUsage(body["stream_options"] ?? null, stream),
    choices: optionalInteger(body, "n", 1, mostChoices) ?? 1,
    maxTokens:
      optionalInteger(body, "max_completion_tokens", 1, most) ?? optionalInteger(body, "max_tokens", 1, most),
  };
}

/** Usage in OpenAI's terms; nothing is ever cached or reasoned about. */
export function usageOf(promptTokens: number, answers: readonly Answer[]): JsonObject {
  const completionTokens = outputTokensOf(answers);
  return {
    prompt_tokens: promptTokens,
    completion_tokens: completionTokens,
    total_tokens: promptTokens + completionTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}

export function outputTokensOf(answers: readonly Answer[]): number {
  return answers.reduce((sum, answer) => sum + answer.outputTokens, 0);
}

/** The pieces of all choices in turn, as they come out of a stream, with the index of their choice. */
export function* inTurn(choices: readonly (readonly string[])[]): Generator<[index: number, piece: string]> {
  for (let at = 0, hasMore = true; hasMore; at += 1) {
    hasMore = false;
    for (const [index, pieces] of choices.entries()) {
      const piece = pieces[at];
      if (piece === undefined) continue;
      hasMore = true;
      yield [index, piece];
    }
  }
}

/** finish_reason of each ending. */
export const finishReasons: Readonly<Record<Ending, string>> = {
  done: "stop",
  stop: "stop",
  limit: "length",
  tool: "tool_calls",
};

function readIncludeUsage(options: unknown, stream: boolean): boolean {
  if (options === null) return false;
  if (!isRecord(options)) return wrong("stream_options", "an object");
  if (!stream) {
    throw new RefusedRequest(400, "'stream_options' needs 'stream' to be true.", "stream_options");
  }
  return optionalBoolean(options, "include_usage");
}
