// The names of the wire formats, shared by every layer.

/** What a Model API may speak with its clients. */
export const apiProtocols = ["openai", "anthropic", "dashscope", "comfyui", "vllm", "gemini"] as const;
export type ApiProtocol = (typeof apiProtocols)[number];

/** What one route speaks: that of its API, or one that its default-route row names. */
export type RouteProtocol = ApiProtocol | "openai-responses";

/** What an AI service may speak. */
export const serviceProtocols = [
  "openai",
  "openai-responses",
  "anthropic",
  "gemini",
  "bedrock",
  "dashscope",
  "vllm",
  "cohere",
  "comfyui",
] as const;
export type ServiceProtocol = (typeof serviceProtocols)[number];

/** Other words for the same in embeddings and rerank. Voyage: `top_k`, `output_dimension`, `data` in place of `results`. */
export type ServiceDialect = "voyage";
