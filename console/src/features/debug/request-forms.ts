// Which requests the panel can make of a Model API: one row per route that it understands, and any route as JSON.
import { routesOf, type Route } from "../../../../src/resources/default-routes.ts";
import type { ModelApi } from "../../api/resources.ts";
import type { Adapter } from "./protocols/adapter.ts";
import { anthropicMessages } from "./protocols/anthropic.ts";
import { dashscopeText } from "./protocols/dashscope.ts";
import { gemini } from "./protocols/gemini.ts";
import { openaiChat } from "./protocols/openai-chat.ts";
import { openaiCompletions } from "./protocols/openai-completions.ts";
import { openaiResponses } from "./protocols/openai-responses.ts";

export type FormKind =
  | "chat"
  | "embedding"
  | "rerank"
  | "image"
  | "image-task"
  | "speech"
  | "video"
  | "video-task"
  | "json";

export interface RequestForm {
  readonly id: string;
  readonly kind: FormKind;
  /** With the base path; empty for any route. */
  readonly path: string;
  /** Below the base path. */
  readonly routePath: string;
  readonly protocol: Route["protocol"] | "";
  readonly adapter: Adapter | null;
}

/** Route name -> what the panel makes of it. */
const known: Readonly<Record<string, { readonly kind: FormKind; readonly adapter?: Adapter }>> = {
  "create-chat-completion": { kind: "chat", adapter: openaiChat },
  "create-message": { kind: "chat", adapter: anthropicMessages },
  "create-completion": { kind: "chat", adapter: openaiCompletions },
  responses: { kind: "chat", adapter: openaiResponses },
  "gemini-models": { kind: "chat", adapter: gemini },
  "dashscope-text-generation": { kind: "chat", adapter: dashscopeText },
  "create-embedding": { kind: "embedding" },
  rerank: { kind: "rerank" },
  "openai-image-generation": { kind: "image" },
  "dashscope-text-to-image-synthesis": { kind: "image-task" },
  "dashscope-video-generation-synthesis": { kind: "video-task" },
  "openai-videos": { kind: "video" },
  "openai-audio-speech": { kind: "speech" },
};

type Shape = Pick<ModelApi, "useCase" | "protocols" | "routes" | "basePath">;

/** In the order in which they are offered; the last is any route. */
export function requestForms(api: Shape): RequestForm[] {
  const forms = new Map<string, RequestForm>();
  for (const { name, path, protocol } of routesOf(api.useCase, api.protocols, api.routes)) {
    const row = known[name];
    const id = `${protocol}.${name}`;
    // Of a route with two paths the first stands for both.
    if (row === undefined || forms.has(id)) continue;
    forms.set(id, {
      id,
      kind: row.kind,
      path: withBase(api.basePath, path),
      routePath: path,
      protocol,
      adapter: row.adapter ?? null,
    });
  }
  return [
    ...forms.values(),
    { id: "json", kind: "json", path: "", routePath: "", protocol: "", adapter: null },
  ];
}

/** A path of a route as clients call it. */
export function withBase(basePath: string, path: string): string {
  return basePath === "/" ? path : basePath + path;
}

/** Every route with its paths as clients call them. */
export function callableRoutes(api: Shape): Route[] {
  return routesOf(api.useCase, api.protocols, api.routes).map((route) => ({
    ...route,
    path: withBase(api.basePath, route.path),
  }));
}
