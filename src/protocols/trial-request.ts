// The smallest request that makes a model of each chat protocol answer: one word in, one token out. Sends nothing.
import type { ServiceProtocol } from "../core/protocol.ts";

export interface TrialRequest {
  /** As clients of the protocol write it. */
  readonly path: string;
  /** Flat: name, value. */
  readonly headers: readonly string[];
  /** The first that the service does not call invalid counts: newer models refuse an older parameter. */
  readonly bodies: readonly [object, ...object[]];
}

const messages = [{ role: "user", content: "Hi" }];

function chatCompletion(model: string): TrialRequest {
  return {
    path: "/v1/chat/completions",
    headers: [],
    bodies: [
      { model, messages, max_tokens: 1 },
      { model, messages, max_completion_tokens: 16 },
    ],
  };
}

const rows: Readonly<Partial<Record<ServiceProtocol, (model: string) => TrialRequest>>> = {
  openai: chatCompletion,
  vllm: chatCompletion,
  "openai-responses": (model) => ({
    path: "/v1/responses",
    headers: [],
    // The least that the API takes.
    bodies: [{ model, input: "Hi", max_output_tokens: 16, store: false }],
  }),
  anthropic: (model) => ({
    path: "/v1/messages",
    headers: ["anthropic-version", "2023-06-01"],
    bodies: [{ model, max_tokens: 1, messages }],
  }),
  gemini: (model) => ({
    path: `/v1beta/models/${encodeURIComponent(model.toWellFormed())}:generateContent`,
    headers: [],
    bodies: [
      { contents: [{ role: "user", parts: [{ text: "Hi" }] }], generationConfig: { maxOutputTokens: 1 } },
    ],
  }),
  dashscope: (model) => ({
    path: "/api/v1/services/aigc/text-generation/generation",
    headers: [],
    bodies: [{ model, input: { messages }, parameters: { max_tokens: 1, result_format: "message" } }],
  }),
  bedrock: (model) => ({
    path: `/model/${encodeURIComponent(model.toWellFormed())}/converse`,
    headers: [],
    bodies: [{ messages: [{ role: "user", content: [{ text: "Hi" }] }], inferenceConfig: { maxTokens: 1 } }],
  }),
  cohere: (model) => ({
    path: "/v2/chat",
    headers: [],
    bodies: [{ model, messages, max_tokens: 1, stream: false }],
  }),
};

/** Undefined for a protocol without chat. */
export function trialRequest(protocol: ServiceProtocol, model: string): TrialRequest | undefined {
  return rows[protocol]?.(model);
}

export function hasTrialRequest(protocol: ServiceProtocol): boolean {
  return rows[protocol] !== undefined;
}

const otherWork =
  /embed|rerank|whisper|tts|speech|audio|transcri|dall-?e|image|video|moderation|guard|realtime|ocr|wanx|cosyvoice|paraformer/iu;

/** The first of a list whose name does not speak of other work than chat; undefined when none is left. */
export function likelyChatModel(names: readonly string[]): string | undefined {
  return names.find((name) => !otherWork.test(name));
}
