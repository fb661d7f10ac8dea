// Where ids stand in the requests and answers of each route, as a table. Must hold data, no behaviour.
import type { IdFamily } from "../../core/id-families.ts";

/**
 * What an id is that nobody has bound.
 * - `refuse`: not there, unless only one place can have it
 * - `bind`: chosen by the client, bound to the consumer and to the service that the mode picks
 * - `follow`: goes where another id of the same request lives, else as `refuse`
 * - `pass`: perhaps no id at all: without meaning for where the request goes
 */
export type Unknown = "refuse" | "bind" | "follow" | "pass";

/** How the text of a value is read: the id itself; every `fileid://` in it; a name of a ComfyUI file. */
export type Reading = "id" | "file-urls" | "fine-tuned" | "comfyui-name";

/** A value in a JSON body that names an id. */
export interface BodyRule {
  /** Path in the body, see `treeOf`. */
  readonly at: string;
  readonly family: IdFamily;
  readonly unknown: Unknown;
  readonly read: Reading;
  /** Methods of the route that read it; all if absent. */
  readonly methods?: readonly string[];
}

/** A segment of the path that names an id. */
export interface PathRule {
  /** Literal segments between the route's own path and the id; or the name of the route's own parameter. */
  readonly after?: readonly string[];
  readonly parameter?: string;
  readonly family: IdFamily;
  readonly unknown: Unknown;
  readonly methods?: readonly string[];
  /** A path in one segment: the name of a file of a ComfyUI user. */
  readonly isUserdata?: boolean;
  /** Segments that are operations, not ids. */
  readonly except?: readonly string[];
}

export interface QueryRule {
  readonly name: string;
  readonly family: IdFamily;
  readonly unknown: Unknown;
}

/** A value in a JSON answer that is an id of the consumer. */
export interface MadeRule {
  readonly at: string;
  readonly family: IdFamily;
  /**
   * `new`: in the answer to a request that makes something. `seen`: in any answer about an object of the consumer, such
   * as the files that a batch has written. `kept`: as `new`, if the request asked for it to be stored.
   */
  readonly when: "new" | "seen" | "kept";
  /** Where the answer tells its time: seconds since 1970, or an ISO date. */
  readonly timeAt?: string;
}

export type ListFormat = "openai" | "anthropic" | "dashscope" | "comfyui-history" | "comfyui-queue";

export interface ListRule {
  readonly format: ListFormat;
  readonly family: IdFamily;
  /** Literal segments below the route's own path. */
  readonly after: readonly string[];
  /** Items of a page without `limit`, and the most a client may ask for. */
  readonly defaultLimit: number;
  readonly maxLimit: number;
}

export interface IdRow {
  readonly path?: readonly PathRule[];
  readonly query?: readonly QueryRule[];
  readonly body?: readonly BodyRule[];
  /** The body is looked into only where one of these stands in it; always if absent. */
  readonly needles?: readonly string[];
  /** Likewise, of the request's model alone: its name may be an id. */
  readonly modelNeedles?: readonly string[];
  readonly made?: readonly MadeRule[];
  readonly list?: readonly ListRule[];
  /** What only code can read. */
  readonly special?:
    | "comfyui-view"
    | "comfyui-upload"
    | "comfyui-history"
    | "comfyui-socket"
    | "comfyui-userdata-list";
  /** Without an id that says where, it goes to the server of the consumer's newest client: what belongs together stays so. */
  readonly nearClient?: boolean;
  /** A POST that succeeds takes the objects away that it names. */
  readonly forgets?: boolean;
}

const id = "refuse";
const body = (at: string, family: IdFamily, unknown: Unknown = id, read: Reading = "id"): BodyRule => ({
  at,
  family,
  unknown,
  read,
});
const made = (at: string, family: IdFamily, when: MadeRule["when"] = "new", timeAt?: string): MadeRule => ({
  at,
  family,
  when,
  ...(timeAt === undefined ? {} : { timeAt }),
});
const below = (family: IdFamily, except: readonly string[] = []): PathRule => ({
  after: [],
  family,
  unknown: id,
  except,
});
const list = (format: ListFormat, family: IdFamily, defaultLimit: number, maxLimit: number): ListRule => ({
  format,
  family,
  after: [],
  defaultLimit,
  maxLimit,
});

/** Names of fine-tuned models stand where any model stands; most models are none. */
const fineTunedModel = body("model", "openai-model", "pass", "fine-tuned");

const fineTunedNeedles = ["ft:", "-ft-"];

const openaiChat: IdRow = {
  needles: ["file_id", "fileid:"],
  modelNeedles: fineTunedNeedles,
  body: [
    fineTunedModel,
    body("messages.*.content.*.file.file_id", "openai-file"),
    body("messages.*.content", "openai-file", "pass", "file-urls"),
    body("messages.*.content.*.text", "openai-file", "pass", "file-urls"),
  ],
  path: [below("openai-stored-completion")],
  made: [made("id", "openai-stored-completion", "kept", "created")],
};

/** Prompts of Model Studio name files in its own format too. */
const dashscopeGeneration: IdRow = {
  needles: ["fileid:"],
  body: [
    body("input.messages.*.content", "openai-file", "pass", "file-urls"),
    body("input.messages.*.content.*.text", "openai-file", "pass", "file-urls"),
  ],
};

function anthropicMessage(prefix: string): BodyRule[] {
  return [
    body(`${prefix}container`, "anthropic-container"),
    body(`${prefix}container.id`, "anthropic-container"),
    ...["content.*", "content.*.content.*", "content.*.source.content.*"].flatMap((block) => [
      body(`${prefix}messages.*.${block}.source.file_id`, "anthropic-file"),
      body(`${prefix}messages.*.${block}.file_id`, "anthropic-file"),
    ]),
  ];
}

const anthropicNeedles = ["file_id", "container"];
const createTask: IdRow = { made: [made("output.task_id", "dashscope-task")] };
const pictures: IdRow = {
  needles: ["file_id"],
  body: [body("images.*.file_id", "openai-file"), body("mask.file_id", "openai-file")],
};

/** Values of a graph that ComfyUI takes for files of its folders, by the names of the inputs of its own nodes. */
const graphFiles = ["image", "mask", "audio", "video", "file", "model_file", "upload"].map((input) =>
  body(`prompt.*.inputs.${input}`, "comfyui-file", "pass", "comfyui-name"),
);
const userdata = (parameter: string, methods: readonly string[], unknown: Unknown): PathRule => ({
  parameter,
  family: "comfyui-userdata",
  isUserdata: true,
  unknown,
  methods,
});

/** By API protocol and name of the default route. A route without a row has no ids. */
export const idRows: Readonly<Record<string, IdRow>> = {
  "openai create-chat-completion": openaiChat,
  "openai create-completion": { needles: [], modelNeedles: fineTunedNeedles, body: [fineTunedModel] },
  "openai responses": {
    needles: ["file_id", "previous_response_id", "conversation", "container", "vector_store_ids"],
    modelNeedles: fineTunedNeedles,
    path: [below("openai-response", ["input_tokens", "compact"])],
    body: [
      fineTunedModel,
      body("previous_response_id", "openai-response"),
      body("conversation", "openai-conversation"),
      body("conversation.id", "openai-conversation"),
      body("input.*.file_id", "openai-file"),
      body("input.*.content.*.file_id", "openai-file"),
      body("input.*.output.file_id", "openai-file"),
      body("input.*.output.*.file_id", "openai-file"),
      body("prompt.variables.*.file_id", "openai-file"),
      body("tools.*.container", "openai-container"),
      body("tools.*.container.file_ids.*", "openai-file"),
      body("tools.*.input_image_mask.file_id", "openai-file"),
      body("tools.*.vector_store_ids.*", "openai-vector-store"),
      body("input.*.container_id", "openai-container"),
    ],
    made: [
      made("id", "openai-response", "new", "created_at"),
      made("conversation.id", "openai-conversation", "seen"),
      made("output.*.container_id", "openai-container", "seen"),
    ],
  },
  "openai files": {
    path: [below("openai-file")],
    made: [made("id", "openai-file", "new", "created_at")],
    list: [list("openai", "openai-file", 10_000, 10_000)],
  },
  "openai batches": {
    path: [below("openai-batch")],
    body: [body("input_file_id", "openai-file")],
    made: [
      made("id", "openai-batch", "new", "created_at"),
      made("output_file_id", "openai-file", "seen", "completed_at"),
      made("error_file_id", "openai-file", "seen", "completed_at"),
    ],
    list: [list("openai", "openai-batch", 20, 100)],
  },
  "openai fine-tuning": {
    path: [
      { after: ["jobs"], family: "openai-fine-tuning", unknown: id },
      { after: ["checkpoints"], family: "openai-model", unknown: id },
    ],
    body: [
      fineTunedModel,
      body("training_file", "openai-file"),
      body("validation_file", "openai-file"),
      // Model Studio takes several.
      body("training_file_ids.*", "openai-file"),
      body("validation_file_ids.*", "openai-file"),
    ],
    made: [
      made("id", "openai-fine-tuning", "new", "created_at"),
      made("result_files.*", "openai-file", "seen"),
      made("fine_tuned_model", "openai-model", "seen"),
      made("data.*.fine_tuned_model_checkpoint", "openai-model", "seen"),
    ],
    list: [{ ...list("openai", "openai-fine-tuning", 20, 100), after: ["jobs"] }],
  },
  "openai models": { path: [{ after: [], family: "openai-model", unknown: "pass" }] },
  "openai openai-image-generation": pictures,
  "openai openai-image-edit": pictures,
  "openai openai-videos": {
    needles: ["file_id", "video"],
    path: [below("openai-video", ["characters", "edits", "extensions"])],
    body: [body("input_reference.file_id", "openai-file"), body("video.id", "openai-video")],
    made: [made("id", "openai-video", "new", "created_at")],
    list: [list("openai", "openai-video", 20, 100)],
  },

  "anthropic create-message": {
    needles: anthropicNeedles,
    body: anthropicMessage(""),
    made: [made("container.id", "anthropic-container", "new")],
  },
  "anthropic count-message-tokens": { needles: anthropicNeedles, body: anthropicMessage("") },
  "anthropic message-batches": {
    needles: anthropicNeedles,
    path: [below("anthropic-batch")],
    body: anthropicMessage("requests.*.params."),
    made: [made("id", "anthropic-batch", "new", "created_at")],
    list: [list("anthropic", "anthropic-batch", 20, 1000)],
  },
  "anthropic anthropic-files": {
    path: [below("anthropic-file")],
    made: [made("id", "anthropic-file", "new", "created_at")],
    list: [list("anthropic", "anthropic-file", 20, 1000)],
  },

  "dashscope dashscope-text-generation": dashscopeGeneration,
  "dashscope dashscope-multimodal-generation": dashscopeGeneration,
  "dashscope dashscope-text-to-image-synthesis": createTask,
  "dashscope dashscope-image-to-image-synthesis": createTask,
  "dashscope dashscope-image-to-image-outpainting": createTask,
  "dashscope dashscope-virtual-model-generation": createTask,
  "dashscope dashscope-background-generation": createTask,
  "dashscope dashscope-video-generation-synthesis": createTask,
  "dashscope dashscope-image-to-video-synthesis": createTask,
  "dashscope tasks": {
    path: [below("dashscope-task")],
    list: [list("dashscope", "dashscope-task", 10, 100)],
  },

  "comfyui comfyui-websocket": {
    query: [{ name: "clientId", family: "comfyui-client", unknown: "bind" }],
    special: "comfyui-socket",
  },
  "comfyui comfyui-prompt": {
    body: [
      body("client_id", "comfyui-client", "bind"),
      body("extra_data.client_id", "comfyui-client", "bind"),
      body("prompt_id", "comfyui-prompt", "bind"),
      ...graphFiles,
    ],
    made: [made("prompt_id", "comfyui-prompt", "new")],
  },
  "comfyui comfyui-history": {
    body: [{ ...body("delete.*", "comfyui-prompt"), methods: ["POST"] }],
    forgets: true,
    list: [list("comfyui-history", "comfyui-prompt", 10_000, 10_000)],
  },
  "comfyui comfyui-history-prompt-id": {
    path: [{ parameter: "prompt_id", family: "comfyui-prompt", unknown: id }],
    special: "comfyui-history",
  },
  "comfyui comfyui-queue": {
    body: [{ ...body("delete.*", "comfyui-prompt"), methods: ["POST"] }],
    list: [list("comfyui-queue", "comfyui-prompt", 10_000, 10_000)],
  },
  "comfyui comfyui-free": {},
  "comfyui comfyui-interrupt": { body: [body("prompt_id", "comfyui-prompt")] },
  "comfyui comfyui-view": {
    query: [{ name: "clientId", family: "comfyui-client", unknown: "pass" }],
    special: "comfyui-view",
  },
  "comfyui comfyui-upload-image": { special: "comfyui-upload", nearClient: true },
  "comfyui comfyui-upload-mask": { special: "comfyui-upload", nearClient: true },
  "comfyui comfyui-userdata": { special: "comfyui-userdata-list", nearClient: true },
  "comfyui comfyui-userdata-v2": { special: "comfyui-userdata-list", nearClient: true },
  "comfyui comfyui-userdata-file": {
    nearClient: true,
    path: [userdata("file", ["POST"], "bind"), userdata("file", ["GET", "DELETE"], id)],
  },
  "comfyui comfyui-userdata-file-move": {
    path: [userdata("file", ["POST"], id), userdata("dest", ["POST"], "bind")],
  },
};

/** Custom routes that lead to objects which other routes refer to, by API protocol and the end of their path. */
export const customIdRows: Readonly<Record<string, IdRow>> = {
  "openai /v1/conversations": {
    path: [below("openai-conversation")],
    needles: ["file_id"],
    body: [body("items.*.content.*.file_id", "openai-file")],
    made: [made("id", "openai-conversation", "new", "created_at")],
  },
  "openai /v1/vector_stores": {
    path: [below("openai-vector-store")],
    needles: ["file_id"],
    body: [
      body("file_id", "openai-file"),
      body("file_ids.*", "openai-file"),
      body("files.*.file_id", "openai-file"),
    ],
    made: [made("id", "openai-vector-store", "new", "created_at")],
    list: [list("openai", "openai-vector-store", 20, 100)],
  },
  "openai /v1/containers": {
    path: [below("openai-container")],
    needles: ["file_id"],
    body: [body("file_id", "openai-file"), body("file_ids.*", "openai-file")],
    made: [made("id", "openai-container", "new", "created_at")],
    list: [list("openai", "openai-container", 20, 100)],
  },
};
