// The middle form of answers: OpenAI's chat completion and its chunks, with the extensions of chat-request.ts. Types only.
import type { JsonObject } from "../../lib/json-value.ts";
import type { ReasoningDetail, ToolCall } from "./chat-request.ts";

export type FinishReason = "stop" | "length" | "tool_calls" | "content_filter";

/** OpenAI's counts: `prompt_tokens` includes what was read from and written to a cache. */
export interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
  readonly total_tokens: number;
  readonly prompt_tokens_details?: {
    readonly cached_tokens?: number;
    readonly cache_write_tokens?: number;
    readonly audio_tokens?: number;
    readonly image_tokens?: number;
    /** Extension (Qwen). */
    readonly video_tokens?: number;
  };
  readonly completion_tokens_details?: { readonly reasoning_tokens?: number; readonly audio_tokens?: number };
}

export interface ChatAnswerMessage {
  readonly role: "assistant";
  readonly content: string | null;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly ToolCall[];
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly ReasoningDetail[];
  readonly annotations?: readonly JsonObject[];
  /** See `AssistantMessage`. */
  readonly server_blocks?: readonly {
    readonly index: number;
    readonly format: string;
    readonly block: JsonObject;
  }[];
}

export interface ChatChoice {
  readonly index: number;
  readonly message: ChatAnswerMessage;
  readonly finish_reason: FinishReason;
  readonly logprobs?: JsonObject | null;
  /** Extension: the stop sequence that ended it, as Anthropic tells. */
  readonly stop_sequence?: string | null;
}

export interface ChatAnswer {
  readonly id: string;
  readonly object: "chat.completion";
  /** Seconds since 1970. */
  readonly created: number;
  /** As the service names it. */
  readonly model: string;
  readonly choices: readonly ChatChoice[];
  readonly usage?: ChatUsage;
  readonly service_tier?: string;
  readonly system_fingerprint?: string;
}

/** Id, type and name come with the first piece of a call and never again; arguments are appended. */
export interface ToolCallDelta {
  /** 0, 1, 2 …: the how-manieth call of the turn, whatever block it is. */
  readonly index: number;
  readonly id?: string;
  readonly type?: "function";
  readonly function?: { readonly name?: string; readonly arguments?: string };
  readonly extra_content?: ToolCall["extra_content"];
}

export interface ChatDelta {
  readonly role?: "assistant";
  readonly content?: string;
  readonly refusal?: string;
  readonly tool_calls?: readonly ToolCallDelta[];
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly ReasoningDetail[];
  readonly annotations?: readonly JsonObject[];
  /** Each whole. */
  readonly server_blocks?: ChatAnswerMessage["server_blocks"];
}

export interface ChatChunkChoice {
  readonly index: number;
  readonly delta: ChatDelta;
  readonly finish_reason: FinishReason | null;
  readonly logprobs?: JsonObject | null;
  readonly stop_sequence?: string | null;
}

/**
 * A service's side gives, in this order: any number of chunks with a choice, of which exactly one per choice has a
 * finish_reason and is the last of that choice; then, where the service told, one chunk with `choices: []` and `usage`.
 */
export interface ChatChunk {
  readonly id: string;
  readonly object: "chat.completion.chunk";
  readonly created: number;
  readonly model: string;
  readonly choices: readonly ChatChunkChoice[];
  readonly usage?: ChatUsage;
}
