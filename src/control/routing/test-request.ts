// A prompt as a request that a client of a Model API would send, by the first of its routes that takes prompts. Data alone;
// sends nothing.
import type { SnapshotApi } from "../../snapshot/snapshot.ts";
import type { ImaginedRequest } from "../routes/ports.ts";

interface PromptForm {
  readonly body: (prompt: string, model: string) => object;
  /** Where the model stands in the path. */
  readonly path?: (model: string) => string;
}

const messages = (prompt: string) => [{ role: "user", content: prompt }];

/** By the names of default routes, the plainest first. */
const forms: Readonly<Record<string, PromptForm>> = {
  "create-chat-completion": { body: (prompt, model) => ({ model, messages: messages(prompt) }) },
  responses: { body: (prompt, model) => ({ model, input: prompt }) },
  "create-message": {
    body: (prompt, model) => ({ model, max_tokens: 1_024, messages: messages(prompt) }),
  },
  "gemini-models": {
    path: (model) => `/v1beta/models/${encodeURIComponent(model)}:generateContent`,
    body: (prompt) => ({ contents: [{ role: "user", parts: [{ text: prompt }] }] }),
  },
  "dashscope-text-generation": {
    body: (prompt, model) => ({ model, input: { messages: messages(prompt) } }),
  },
  "create-completion": { body: (prompt, model) => ({ model, prompt }) },
};

export interface TestQuestion {
  /** In words, or as the body of a request. */
  readonly asked: string | Readonly<Record<string, unknown>>;
  readonly model: string;
}

/** Undefined: no route of the Model API takes prompts. */
export function testRequest(api: SnapshotApi, { asked, model }: TestQuestion): ImaginedRequest | undefined {
  for (const [name, form] of Object.entries(forms)) {
    const route = api.routes.find((row) => row.name === name);
    if (route === undefined) continue;
    const path = form.path?.(model) ?? route.path;
    const base = api.basePath === "/" ? "" : api.basePath;
    const body = typeof asked === "string" ? form.body(asked, model) : { model, ...asked };
    return {
      method: "POST",
      path: `${base}${path}`,
      headers: ["host", hostOf(api)],
      body: JSON.stringify(body),
    };
  }
  return undefined;
}

function hostOf({ hosts }: SnapshotApi): string {
  const [host = "*"] = hosts;
  return host === "*" ? "localhost" : host.replace(/^\*/u, "test");
}
