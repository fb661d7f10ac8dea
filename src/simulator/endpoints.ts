// The table of what the simulator serves, found by the end of a path. Must not know sockets.
import { countMessageTokens, createMessage } from "./anthropic-message.ts";
import { anthropicErrors, openaiErrors } from "./error-shapes.ts";
import type { ErrorShape } from "./error-shapes.ts";
import { describeModels } from "./models.ts";
import { chatCompletion } from "./openai-chat.ts";
import { textCompletion } from "./openai-completion.ts";
import type { Call, Reply } from "./reply.ts";

export interface Endpoint {
  readonly method: "GET" | "POST";
  readonly path: string;
  /** Null: the request tells by having an `anthropic-version` or not. */
  readonly errors: ErrorShape | null;
  readonly answer: (call: Call) => Reply;
}

const models: Endpoint = { method: "GET", path: "/models", errors: null, answer: describeModels };

/** A longer path stands before a shorter one that is its end. */
const endpoints: readonly Endpoint[] = [
  { method: "POST", path: "/chat/completions", errors: openaiErrors, answer: chatCompletion },
  { method: "POST", path: "/completions", errors: openaiErrors, answer: textCompletion },
  { method: "POST", path: "/messages/count_tokens", errors: anthropicErrors, answer: countMessageTokens },
  { method: "POST", path: "/messages", errors: anthropicErrors, answer: createMessage },
  models,
];

/** The endpoint of a path, whatever stands before it (`/v1`, a base path); undefined when there is none. */
export function findEndpoint(path: string): { endpoint: Endpoint; pathRest: string } | undefined {
  const trimmed = path.endsWith("/") ? path.slice(0, -1) : path;
  const endpoint = endpoints.find((row) => trimmed.endsWith(row.path));
  if (endpoint !== undefined) return { endpoint, pathRest: "" };
  // Names of models may hold slashes: everything behind the first /models/ is the name.
  const at = trimmed.indexOf(`${models.path}/`);
  if (at < 0) return undefined;
  return { endpoint: models, pathRest: trimmed.slice(at + models.path.length + 1) };
}
