// What an exchange was, in the words of the OpenTelemetry conventions for generative AI. Knows routes by name.
import type { ExchangeRecord } from "../../core/exchange-record.ts";

/** Names of default routes; those of the conventions where one fits. */
const byRoute: Readonly<Record<string, string>> = {
  "create-chat-completion": "chat",
  "create-message": "chat",
  responses: "chat",
  "dashscope-text-generation": "chat",
  "create-completion": "text_completion",
  "create-embedding": "embeddings",
  "gemini-models": "generate_content",
  "dashscope-multimodal-generation": "generate_content",
  realtime: "generate_content",
  "dashscope-text-to-image-synthesis": "generate_content",
  "dashscope-image-to-image-synthesis": "generate_content",
  "dashscope-image-to-image-outpainting": "generate_content",
  "dashscope-virtual-model-generation": "generate_content",
  "dashscope-background-generation": "generate_content",
  "openai-image-generation": "generate_content",
  "openai-image-edit": "generate_content",
  "openai-image-variation": "generate_content",
  "dashscope-video-generation-synthesis": "generate_content",
  "dashscope-image-to-video-synthesis": "generate_content",
  "dashscope-text-to-audio-synthesis": "generate_content",
  "openai-audio-speech": "generate_content",
};

/** Ends of paths, for routes that users made. */
const byPathEnd: readonly (readonly [end: string, name: string])[] = [
  ["/chat/completions", "chat"],
  ["/messages", "chat"],
  ["/responses", "chat"],
  ["/completions", "text_completion"],
  ["/embeddings", "embeddings"],
  [":embedContent", "embeddings"],
  [":batchEmbedContents", "embeddings"],
];

/** Empty when no route was matched. */
export function operationName({ route, path }: Pick<ExchangeRecord, "route" | "path">): string {
  if (route === "") return "";
  const byEnd = byPathEnd.find(([end]) => path.endsWith(end))?.[1];
  // A route of Gemini stands for several operations, told apart by the end of the path.
  if (byEnd !== undefined && (route === "gemini-models" || !Object.hasOwn(byRoute, route))) return byEnd;
  return (Object.hasOwn(byRoute, route) ? byRoute[route] : undefined) ?? route;
}
