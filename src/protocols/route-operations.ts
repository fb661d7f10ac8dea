// The operations of every default route and of custom routes, as a table. Must hold data, no behaviour.
import type { RouteProtocol } from "../core/protocol.ts";
import type { Task } from "../core/translated-pairs.ts";
import type { AnswerKind } from "./wire.ts";

/**
 * Where a request names its model: top-level member of a JSON body; that, or a text part of a multipart body;
 * `payload.model` of the first WebSocket frame; the path; the query; nowhere.
 */
export type ModelPlace = "json" | "json-or-part" | "frame" | "path" | "query" | "none";

/**
 * Where a request says that it wants a stream: `stream` in the body or as a part; `stream_format` of the body being
 * `sse`; a header (`X-DashScope-SSE: enable`); the verb in the path; `stream=true` in the query; it cannot.
 */
export type StreamPlace = "body" | "format" | "header" | "path" | "query" | "never";

export interface OperationTraits {
  readonly model: ModelPlace;
  readonly stream: StreamPlace;
  readonly answer: AnswerKind;
  /** The answer of a 200 must be JSON (or an event stream): anything else is a fault. */
  readonly jsonDue: boolean;
  /** The gateway may ask the service to report usage on streams. */
  readonly asksUsage: boolean;
  /**
   * Makes something at the service that outlives the exchange: sent again, there or elsewhere, only if no request byte
   * was written or the service answered with an error status.
   */
  readonly creates: boolean;
  /** What it is for, as far as services of another protocol can do it; absent: only those that speak its own. */
  readonly task?: Task;
}

/** One operation of a route that has several. */
export interface Operation extends OperationTraits {
  /** HEAD follows GET. */
  readonly methods: readonly string[];
  /** Of the path below the route's own: "" or "/…", undecoded, without query and trailing slash. */
  readonly path: RegExp;
}

/** First operation that fits decides; the last fits everything. */
export type RouteTraits = readonly [Operation, ...Operation[]];

const everyMethod = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const everyPath = /^/;

/** Most operations answer JSON, name no model and make nothing. */
const plain: OperationTraits = {
  model: "none",
  stream: "never",
  answer: "json",
  jsonDue: true,
  asksUsage: false,
  creates: false,
};

/** What is not known by name may make something, and may answer with no body at all. */
const unknown = { jsonDue: false, creates: true } as const;

function any(traits: Partial<OperationTraits>): Operation {
  return { ...plain, methods: everyMethod, path: everyPath, ...traits };
}

function on(method: string, path: RegExp, traits: Partial<OperationTraits>): Operation {
  return { ...plain, methods: [method], path, ...traits };
}

const top = /^$/;
const one = /^\/[^/]+$/;
const content = /^\/[^/]+\/content$/;

const getJson = on("GET", everyPath, {});
/** Some services answer a DELETE without a body. */
const remove = on("DELETE", everyPath, { jsonDue: false });
/** A queue, a history and a memory are changed without a word. */
const wordless = on("POST", everyPath, { answer: "bytes", jsonDue: false });

const readJson: RouteTraits = [any({})];
const createTask: RouteTraits = [any({ model: "json", answer: "object", creates: true })];
const rerank: RouteTraits = [any({ model: "json", answer: "rerank", task: "rerank" })];
const dashscopeGeneration: RouteTraits = [
  any({ model: "json", stream: "header", answer: "generation", task: "chat" }),
];
const tasks: RouteTraits = [
  on("GET", one, { answer: "object" }),
  getJson,
  on("POST", /^\/[^/]+\/cancel$/, {}),
  remove,
  any(unknown),
];
const files: RouteTraits = [
  on("POST", top, { answer: "object", creates: true }),
  on("GET", content, { answer: "bytes", jsonDue: false }),
  on("GET", one, { answer: "object" }),
  getJson,
  remove,
  any(unknown),
];
const batches: RouteTraits = [
  on("POST", top, { answer: "object", creates: true }),
  on("POST", /^\/[^/]+\/cancel$/, { answer: "object" }),
  on("GET", /^\/[^/]+\/results$/, { answer: "bytes", jsonDue: false }),
  on("GET", one, { answer: "object" }),
  getJson,
  remove,
  any(unknown),
];
const upload: RouteTraits = [any({ creates: true })];

/** By API protocol and name of the default route. */
export const routeOperations: Readonly<Record<string, RouteTraits>> = {
  "openai create-chat-completion": [
    any({ model: "json", stream: "body", answer: "generation", asksUsage: true, task: "chat" }),
  ],
  "openai create-completion": [
    any({ model: "json", stream: "body", answer: "generation", asksUsage: true, task: "completion" }),
  ],
  "openai responses": [
    on("POST", top, { model: "json", stream: "body", answer: "generation", task: "chat" }),
    on("POST", /^\/(input_tokens|compact)$/, { model: "json" }),
    on("POST", /^\/[^/]+\/cancel$/, { answer: "object" }),
    on("GET", one, { answer: "object", stream: "query" }),
    getJson,
    remove,
    any(unknown),
  ],
  "openai realtime": [any({ model: "query", answer: "bytes", jsonDue: false })],
  "openai openai-image-generation": [
    any({ model: "json", stream: "body", answer: "images", task: "images" }),
  ],
  "openai openai-image-edit": [
    any({ model: "json-or-part", stream: "body", answer: "images", task: "image-edits" }),
  ],
  "openai openai-image-variation": [any({ model: "json-or-part", answer: "images" })],
  "openai openai-videos": [
    on("POST", top, { model: "json-or-part", answer: "object", creates: true }),
    on("POST", everyPath, { answer: "object", creates: true }),
    on("GET", content, { answer: "bytes", jsonDue: false }),
    on("GET", one, { answer: "object" }),
    getJson,
    remove,
    any(unknown),
  ],
  "openai openai-audio-speech": [
    any({ model: "json", stream: "format", answer: "speech", jsonDue: false, task: "speech" }),
  ],
  "openai openai-audio-transcriptions": [
    any({ model: "json-or-part", stream: "body", answer: "transcription", jsonDue: false }),
  ],
  "openai openai-audio-translations": [
    any({ model: "json-or-part", answer: "transcription", jsonDue: false }),
  ],
  "openai create-embedding": [any({ model: "json", answer: "embedding", task: "embedding" })],
  "openai moderations": [any({ model: "json" })],
  "openai models": [getJson, remove, any(unknown)],
  "openai files": files,
  "openai batches": batches,
  "openai fine-tuning": [
    on("POST", /^\/jobs$/, { model: "json", answer: "object", creates: true }),
    on("POST", /^\/jobs\/[^/]+\/(cancel|pause|resume)$/, { answer: "object" }),
    on("GET", /^\/jobs\/[^/]+$/, { answer: "object" }),
    getJson,
    remove,
    any(unknown),
  ],

  "anthropic create-message": [any({ model: "json", stream: "body", answer: "generation", task: "chat" })],
  "anthropic count-message-tokens": [any({ model: "json", task: "count-tokens" })],
  "anthropic message-batches": batches,
  "anthropic anthropic-files": files,

  "dashscope dashscope-text-generation": dashscopeGeneration,
  "dashscope dashscope-multimodal-generation": dashscopeGeneration,
  "dashscope dashscope-text-to-image-synthesis": createTask,
  "dashscope dashscope-image-to-image-synthesis": createTask,
  "dashscope dashscope-image-to-image-outpainting": createTask,
  "dashscope dashscope-virtual-model-generation": createTask,
  "dashscope dashscope-background-generation": createTask,
  "dashscope dashscope-video-generation-synthesis": createTask,
  "dashscope dashscope-image-to-video-synthesis": createTask,
  "dashscope tasks": tasks,
  "dashscope dashscope-text-to-audio-synthesis": [any({ model: "frame", answer: "bytes", jsonDue: false })],
  "dashscope rerank": rerank,

  "vllm rerank": rerank,

  "gemini gemini-models": [
    on("POST", /:(streamGenerateContent|generateContent)$/, {
      model: "path",
      stream: "path",
      answer: "generation",
      task: "chat",
    }),
    on("POST", /:(embedContent|batchEmbedContents)$/, {
      model: "path",
      answer: "embedding",
      task: "embedding",
    }),
    on("POST", /:(countTokens|predict)$/, { model: "path" }),
    on("GET", top, {}),
    on("GET", everyPath, { model: "path" }),
    any({ ...unknown, model: "path" }),
  ],

  "comfyui comfyui-websocket": [any({ answer: "bytes", jsonDue: false })],
  "comfyui comfyui-embeddings": readJson,
  "comfyui comfyui-extensions": readJson,
  "comfyui comfyui-features": readJson,
  "comfyui comfyui-models": readJson,
  "comfyui comfyui-models-folder": readJson,
  "comfyui comfyui-workflow-templates": readJson,
  "comfyui comfyui-upload-image": upload,
  "comfyui comfyui-upload-mask": upload,
  "comfyui comfyui-view": [any({ answer: "bytes", jsonDue: false })],
  "comfyui comfyui-view-metadata": readJson,
  "comfyui comfyui-system-stats": readJson,
  "comfyui comfyui-prompt": [on("POST", everyPath, { answer: "object", creates: true }), any({})],
  "comfyui comfyui-object-info": readJson,
  "comfyui comfyui-object-info-class": readJson,
  "comfyui comfyui-history": [wordless, any({})],
  "comfyui comfyui-history-prompt-id": readJson,
  "comfyui comfyui-queue": [wordless, any({})],
  "comfyui comfyui-interrupt": [wordless],
  "comfyui comfyui-free": [wordless],
  "comfyui comfyui-userdata": readJson,
  "comfyui comfyui-userdata-v2": readJson,
  "comfyui comfyui-userdata-file": [
    on("POST", everyPath, { creates: true }),
    any({ answer: "bytes", jsonDue: false }),
  ],
  "comfyui comfyui-userdata-file-move": upload,
  "comfyui comfyui-users": [on("POST", everyPath, { creates: true }), any({})],
};

const customBody: RouteTraits = [any({ model: "json-or-part", stream: "body", jsonDue: false })];

/** Nothing is known of what a custom route does: its model is looked for and its answer only has to be one. */
export const customOperations: Readonly<Record<RouteProtocol, RouteTraits>> = {
  openai: customBody,
  "openai-responses": customBody,
  anthropic: customBody,
  vllm: customBody,
  dashscope: [any({ model: "json", stream: "header", jsonDue: false })],
  gemini: [any({ model: "path", stream: "path", jsonDue: false })],
  comfyui: [any({ jsonDue: false })],
};
