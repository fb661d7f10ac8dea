// The recordings that text generation serves, each with a request that a client would have sent for it.
import { loadRecordings, type Recording } from "./recordings.ts";
import type { CaseProtocol } from "./protocol-cases.ts";

export interface Replayed extends Recording {
  readonly client: CaseProtocol;
  /** Path with query, below the Model API. */
  readonly path: string;
  readonly request: string;
}

const served = {
  "openai-chat": { client: "openai", path: "/v1/chat/completions" },
  "openai-completions": { client: "openai", path: "/v1/completions" },
  anthropic: { client: "anthropic", path: "/v1/messages" },
  "anthropic-count-tokens": { client: "anthropic", path: "/v1/messages/count_tokens" },
} as const satisfies Readonly<Record<string, { client: CaseProtocol; path: string }>>;

function isServed(protocol: string): protocol is keyof typeof served {
  return Object.hasOwn(served, protocol);
}

/** Where no request was recorded: the least that asks for such an answer, usage included, so that no chunk is surplus. */
function plainRequest(recording: Recording, client: CaseProtocol): string {
  return JSON.stringify({
    model: "recorded-model",
    messages: [{ role: "user", content: "Hello" }],
    ...(recording.protocol === "openai-completions" ? { prompt: "Hello" } : {}),
    ...(client === "anthropic" ? { max_tokens: 1024 } : {}),
    ...(recording.stream ? { stream: true } : {}),
    ...(recording.stream && client === "openai" ? { stream_options: { include_usage: true } } : {}),
  });
}

const folders = ["openai-chat", "openai-completions", "anthropic", "anthropic-count-tokens"] as const;

/** Recordings of the folders above that speak another protocol (a conversation may change service) are left out. */
export const replayed: readonly Replayed[] = folders.flatMap(loadRecordings).flatMap((recording) => {
  if (!isServed(recording.protocol)) return [];
  const { client, path } = served[recording.protocol];
  const query = recording.requestPath?.match(/\?.*$/)?.[0] ?? "";
  // Azure's version parameter belongs to Azure's own paths.
  const kept = query.includes("api-version") ? "" : query;
  const request = recording.requestBody?.toString("utf8") ?? plainRequest(recording, client);
  return [{ ...recording, client, path: path + kept, request }];
});
