// The middle form of every translation of a conversation: OpenAI's chat completion request, with extensions where other
// protocols know more. A client's side makes it, a service's side reads it; neither knows the other. Types only.
//
// What makes it and what reads it rely on:
// - Names and shapes are OpenAI's (openai-openapi, chat completions). Extensions are marked below.
// - Numbers may be raw (`lib/exact-json.ts`): read known ones with `numberIn`.
// - Blocks of an assistant's turn keep their places: `reasoning_details[].index` is the place of the block among all
//   blocks of the turn; text, then tool calls, take the places that are left, in order.
import type { JsonObject } from "../../lib/json-value.ts";

/** Extension, on parts and tools: Anthropic's mark of what to cache. Passed on where the service knows one, else reported. */
export interface CacheControl {
  readonly type: "ephemeral";
  readonly ttl?: string;
}

interface Cacheable {
  readonly cache_control?: CacheControl;
}

export interface TextPart extends Cacheable {
  readonly type: "text";
  readonly text: string;
}

export interface ImagePart extends Cacheable {
  readonly type: "image_url";
  /** `data:` with base64, `http(s):`; extension: `file_id` of the service's own file in place of a URL. */
  readonly image_url: { readonly url: string; readonly detail?: string; readonly file_id?: string };
}

export interface AudioPart extends Cacheable {
  readonly type: "input_audio";
  readonly input_audio: { readonly data: string; readonly format: string };
}

/** Extension (Qwen, vLLM, Gemini). */
export interface VideoPart extends Cacheable {
  readonly type: "video_url";
  readonly video_url: { readonly url: string };
}

export interface FilePart extends Cacheable {
  readonly type: "file";
  /** `file_data`: a `data:` URL. Extensions: `file_url`; `text` of a plain text document; `title`, `context`, `citations` as Anthropic has them. */
  readonly file: {
    readonly file_id?: string;
    readonly file_data?: string;
    readonly file_url?: string;
    readonly filename?: string;
    readonly text?: string;
    readonly title?: string;
    readonly context?: string;
    readonly citations?: JsonObject;
  };
}

export interface RefusalPart {
  readonly type: "refusal";
  readonly refusal: string;
}

/** Parts of unknown types are refused by whoever makes this form, or reported as dropped. */
export type ContentPart = TextPart | ImagePart | AudioPart | VideoPart | FilePart | RefusalPart;

export interface SystemMessage {
  readonly role: "system" | "developer";
  readonly content: string | readonly TextPart[];
  readonly name?: string;
}

export interface UserMessage {
  readonly role: "user";
  readonly content: string | readonly ContentPart[];
  readonly name?: string;
}

export interface ToolCall {
  readonly id: string;
  readonly type: "function";
  /** `arguments` is JSON text; "" stands for {}. */
  readonly function: { readonly name: string; readonly arguments: string };
  /** Extension, Google's own: state that must come back on the same call. */
  readonly extra_content?: { readonly google?: { readonly thought_signature?: string } };
  readonly cache_control?: CacheControl;
}

/**
 * Extension: a block of thinking, opaque state. In a stream pieces with one index join: `text` is appended, the rest
 * replaced. `signature` is Anthropic's and Bedrock's; `data` is what is redacted or encrypted.
 */
export interface ReasoningDetail {
  readonly type: "thinking" | "redacted_thinking";
  readonly index: number;
  readonly text?: string;
  readonly signature?: string;
  readonly data?: string;
  /** Of a reasoning item of the Responses protocol. */
  readonly id?: string;
  /** Whose state it is; what another protocol's signature is worth is nothing. Absent: the client did not say. */
  readonly format?: "anthropic" | "responses" | "gemini";
}

export interface AssistantMessage {
  readonly role: "assistant";
  readonly content?: string | readonly (TextPart | RefusalPart)[] | null;
  readonly name?: string;
  readonly refusal?: string | null;
  readonly tool_calls?: readonly ToolCall[];
  /** Extension: thinking as text. Says nothing that `reasoning_details` does not say where those are there. */
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly ReasoningDetail[];
  /** Extension: blocks of server-side tools as the service wrote them, with their places; only for the service's own protocol. */
  readonly server_blocks?: readonly {
    readonly index: number;
    readonly format: string;
    readonly block: JsonObject;
  }[];
}

export interface ToolMessage {
  readonly role: "tool";
  readonly tool_call_id: string;
  /** Extension: parts other than text, as Anthropic's tool results have them. */
  readonly content: string | readonly ContentPart[];
  /** Extension: the tool failed. */
  readonly is_error?: boolean;
  readonly cache_control?: CacheControl;
}

export type ChatMessage = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

export interface ChatTool {
  readonly type: "function";
  readonly function: {
    readonly name: string;
    readonly description?: string;
    /** JSON Schema; absent: no parameters. */
    readonly parameters?: JsonObject;
    readonly strict?: boolean | null;
  };
  readonly cache_control?: CacheControl;
}

export type ChatToolChoice =
  | "none"
  | "auto"
  | "required"
  | { readonly type: "function"; readonly function: { readonly name: string } }
  | {
      readonly type: "allowed_tools";
      readonly allowed_tools: { readonly mode: "auto" | "required"; readonly tools: readonly JsonObject[] };
    };

export type ResponseFormat =
  | { readonly type: "text" }
  | { readonly type: "json_object" }
  | {
      readonly type: "json_schema";
      readonly json_schema: {
        readonly name: string;
        readonly schema?: JsonObject;
        readonly description?: string;
        readonly strict?: boolean | null;
      };
    };

/** Extension: how to think, as Anthropic, GLM, Kimi and DeepSeek spell it. `reasoning_effort` may stand beside it. */
export interface Thinking {
  readonly type: "enabled" | "disabled" | "adaptive";
  readonly budget_tokens?: number;
  readonly display?: string;
}

export interface ChatRequest {
  /** As the client named it; what is sent is `TranslationContext.model`. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stream: boolean;
  readonly stream_options?: { readonly include_usage?: boolean };
  /** One of the two at most. */
  readonly max_tokens?: number;
  readonly max_completion_tokens?: number;
  readonly temperature?: number;
  readonly top_p?: number;
  /** Extension. */
  readonly top_k?: number;
  readonly stop?: readonly string[];
  readonly n?: number;
  readonly seed?: number;
  readonly presence_penalty?: number;
  readonly frequency_penalty?: number;
  readonly logit_bias?: JsonObject;
  readonly logprobs?: boolean;
  readonly top_logprobs?: number;
  readonly tools?: readonly ChatTool[];
  readonly tool_choice?: ChatToolChoice;
  readonly parallel_tool_calls?: boolean;
  readonly response_format?: ResponseFormat;
  /** none, minimal, low, medium, high, xhigh, max. */
  readonly reasoning_effort?: string;
  readonly thinking?: Thinking;
  readonly verbosity?: string;
  readonly service_tier?: string;
  readonly user?: string;
  readonly metadata?: JsonObject;
  /**
   * Known fields of the client's protocol that have no place above, and fields that it does not know, by their names there.
   * A service's side takes those that it knows and hands the rest to `TranslationNotes.rest`.
   */
  readonly others: JsonObject;
}
