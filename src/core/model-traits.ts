// What a model takes and refuses, as data: rows stand in `providers`, translators act on them. No behaviour.
import type { ServiceDialect } from "./protocol.ts";

/** How a model is asked to think. */
export type ThinkingControl =
  /** It cannot, or cannot be told. */
  | "none"
  /** `reasoning_effort` or the like, one of `efforts`. */
  | "effort"
  /** A budget in tokens (Anthropic `budget_tokens`, Gemini `thinkingBudget`, Qwen `thinking_budget`). */
  | "budget"
  /** Anthropic `thinking: {type: adaptive}` with `output_config.effort`. */
  | "adaptive"
  /** Gemini `thinkingLevel`. */
  | "level"
  /** On or off (`thinking: {type}` of GLM, Kimi and DeepSeek; Qwen `enable_thinking`). */
  | "switch";

/** Everything is optional: what is not known is not acted on. */
export interface ModelTraits {
  /** Tokens of a request with its answer. */
  readonly contextWindow?: number;
  /** Tokens of an answer at most; sent as `max_tokens` where a protocol requires one and the client gave none. */
  readonly maxOutputTokens?: number;
  readonly thinking?: ThinkingControl;
  /** Efforts that it takes, weakest first. */
  readonly efforts?: readonly string[];
  /**
   * How an OpenAI-compatible service spells a switch or budget of thinking: `enable_thinking` with `thinking_budget` (Qwen);
   * absent: `thinking: {type, budget_tokens}`.
   */
  readonly thinkingField?: "enable_thinking";
  /** Least and most tokens of a thinking budget. */
  readonly thinkingBudget?: { readonly min: number; readonly max: number };
  /** Parameters, by their OpenAI names, that it refuses: left out and reported. */
  readonly refuses?: readonly string[];
  /** How an OpenAI-compatible service wants the bound of an answer spelled; absent: as the client spelled it, else `max_tokens`. */
  readonly maxTokensField?: "max_tokens" | "max_completion_tokens";
  /** How it wants the system prompt: absent = `system`. `user`: it knows none, so it becomes words of the user. */
  readonly systemRole?: "system" | "developer" | "user";
  /** Where it differs from the protocol's. */
  readonly temperature?: { readonly min: number; readonly max: number };
  /** Refuses `temperature` and `top_p` together: then `temperature` stays. */
  readonly temperatureOrTopP?: boolean;
  /** Wants `reasoning_content` of earlier turns of a tool loop back. */
  readonly wantsReasoningBack?: boolean;
  /** Wants `extra_content.google.thought_signature` of earlier tool calls back (Gemini behind its OpenAI-compatible door). */
  readonly wantsThoughtSignatures?: boolean;
  /** Fields, by the names of its service's protocol, that a request must have, with what is sent where it has none. */
  readonly requires?: Readonly<Record<string, string | number | boolean>>;
  /** Ids of tool calls that it takes: nine letters or digits (Mistral). */
  readonly toolIds?: "nine-alphanumerics";
  /** Refuses words beside results of tools in one turn (Mistral and Llama on Bedrock): they become part of the last result. */
  readonly resultsAlone?: boolean;
  /** How Bedrock's Converse is told what it has no field of its own for; absent: as Anthropic spells it. */
  readonly converseFields?: "anthropic" | "nova" | "openai";
  /** False: takes no JSON schema as form of its answer. */
  readonly jsonSchema?: boolean;
  /** `openapi`: schemas of tools and answers in OpenAPI's subset only (older Gemini models); absent: JSON Schema. */
  readonly schemas?: "openapi";
  /** False: no tool calls. */
  readonly tools?: boolean;
  /** DashScope serves it under the multimodal path alone, also where it is sent nothing but text. */
  readonly multimodalPath?: boolean;
  /** Images that it changes are a list also where there is one. */
  readonly imageList?: boolean;
  /** Of the endpoint that it is asked at. */
  readonly dialect?: ServiceDialect;
  /** Texts that one call for embeddings takes, where it is another number than its protocol's. */
  readonly embeddingTexts?: number;
}

export const noTraits: ModelTraits = {};
