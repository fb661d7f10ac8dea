// Which protocol of clients reaches which protocols of services by translation, as data: the data plane routes by it, a
// snapshot is checked by it. Must not know how anything is translated.
import type { RouteProtocol, ServiceProtocol } from "./protocol.ts";

/** What a request is for, as far as it can be translated. */
export type Task =
  | "chat"
  | "completion"
  | "embedding"
  | "rerank"
  | "images"
  | "image-edits"
  | "speech"
  | "count-tokens";

/** Services that conversations reach. */
export const conversationServices = [
  "openai",
  "anthropic",
  "gemini",
  "bedrock",
  "dashscope",
  "openai-responses",
] as const satisfies readonly ServiceProtocol[];

/** By protocol of clients and what they ask for; what a client speaks itself may stand in the list, and is never used. */
export const translatedPairs: Readonly<
  Partial<Record<RouteProtocol, Readonly<Partial<Record<Task, readonly ServiceProtocol[]>>>>>
> = {
  openai: {
    chat: conversationServices,
    completion: conversationServices,
    // Its own protocol and that of vLLM are used for services that speak it in other words.
    embedding: ["openai", "gemini", "cohere", "dashscope"],
    images: ["dashscope"],
    "image-edits": ["dashscope"],
    speech: ["dashscope"],
  },
  "openai-responses": { chat: conversationServices },
  anthropic: { chat: conversationServices },
  gemini: { chat: conversationServices, embedding: ["openai"] },
  dashscope: { chat: ["openai"], rerank: ["vllm", "cohere"] },
  vllm: { rerank: ["vllm", "dashscope", "cohere"] },
};

/** Default routes, as `protocol name`, whose requests can be translated, at least some of them. */
export const taskOfRoute: Readonly<Record<string, Task>> = {
  "openai create-chat-completion": "chat",
  "openai create-completion": "completion",
  "openai-responses responses": "chat",
  "openai create-embedding": "embedding",
  "openai openai-image-generation": "images",
  "openai openai-image-edit": "image-edits",
  "openai openai-audio-speech": "speech",
  "anthropic create-message": "chat",
  "anthropic count-message-tokens": "count-tokens",
  "dashscope dashscope-text-generation": "chat",
  "dashscope dashscope-multimodal-generation": "chat",
  "dashscope rerank": "rerank",
  "vllm rerank": "rerank",
  "gemini gemini-models": "chat",
};

const nothing: readonly ServiceProtocol[] = [];

/** What a service may speak, besides the client's own protocol. */
export function translatedTo(protocol: RouteProtocol, task: Task | undefined): readonly ServiceProtocol[] {
  return task === undefined ? nothing : (translatedPairs[protocol]?.[task] ?? nothing);
}

/** A place where a service speaks one protocol. */
interface Place {
  readonly protocol: ServiceProtocol;
  /** What nobody answers there, though the protocol has it. */
  readonly lacks?: readonly Task[] | undefined;
}

/**
 * The endpoint that a request is sent to: of its own protocol if it is answered there, else the first of the service's that
 * it is translated for.
 */
export function spokenEndpoint<Endpoint extends Place>(
  endpoints: readonly Endpoint[],
  protocol: string,
  translated: readonly ServiceProtocol[],
  task?: Task,
): Endpoint | undefined {
  const own = endpoints.find((endpoint) => endpoint.protocol === protocol);
  const lacks = own?.lacks !== undefined && task !== undefined && own.lacks.includes(task);
  if ((own !== undefined && !lacks) || translated.length === 0) return own;
  return endpoints.find((endpoint) => endpoint !== own && translated.includes(endpoint.protocol)) ?? own;
}
