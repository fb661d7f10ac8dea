// The rows of ComfyUI's HTTP API. Its paths are short and mean other things elsewhere, so nothing stands before them.
import { keptFileBytes } from "../blob.ts";
import type { Endpoint, Method } from "../endpoint.ts";
import { comfyuiErrors as errors } from "../error-shapes.ts";
import { emptyReply, jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { uploadImage, uploadMask, viewImage } from "./images.ts";
import { describeNodes } from "./node-classes.ts";
import {
  getHistory,
  getPrompt,
  getPromptHistory,
  getQueue,
  interrupt,
  postHistory,
  postPrompt,
  postQueue,
} from "./prompts.ts";
import {
  getEmbeddings,
  getExtensions,
  getFeatures,
  getModelFolders,
  getModelMetadata,
  getModels,
  getSystemStats,
  getWorkflowTemplates,
} from "./system.ts";
import {
  deleteUserdata,
  getUserdata,
  getUsers,
  listUserdata,
  listUserdataTree,
  moveUserdata,
  postUser,
  postUserdata,
} from "./userdata.ts";

const row = (method: Method, path: string, answer: (call: Call) => Reply): Endpoint => ({
  method,
  path: `=${path}`,
  errors,
  answer,
});

/** A POST whose body may be left out. */
const order = (path: string, answer: (call: Call) => Reply): Endpoint => ({
  ...row("POST", path, answer),
  reads: "json-or-none",
});

const upload = (path: string, answer: (call: Call) => Reply): Endpoint => ({
  ...row("POST", path, answer),
  reads: "form",
  keepBytes: keptFileBytes,
});

export const comfyuiEndpoints: readonly Endpoint[] = [
  row("POST", "/prompt", postPrompt),
  row("GET", "/prompt", getPrompt),
  row("GET", "/queue", getQueue),
  order("/queue", postQueue),
  row("GET", "/history", getHistory),
  order("/history", postHistory),
  row("GET", "/history/{}", getPromptHistory),
  order("/interrupt", interrupt),
  order("/free", () => emptyReply),
  upload("/upload/image", uploadImage),
  upload("/upload/mask", uploadMask),
  row("GET", "/view", viewImage),
  row("GET", "/view_metadata/{}", getModelMetadata),
  row("GET", "/object_info", () => jsonReply(describeNodes())),
  row("GET", "/object_info/{}", ({ params: [name = ""] }) => jsonReply(describeNodes(name))),
  row("GET", "/system_stats", getSystemStats),
  row("GET", "/features", getFeatures),
  row("GET", "/embeddings", getEmbeddings),
  row("GET", "/extensions", getExtensions),
  row("GET", "/workflow_templates", getWorkflowTemplates),
  row("GET", "/models", getModelFolders),
  row("GET", "/models/{}", getModels),
  row("GET", "/userdata", listUserdata),
  row("GET", "/v2/userdata", listUserdataTree),
  row("GET", "/userdata/{}", getUserdata),
  { ...row("POST", "/userdata/{}", postUserdata), reads: "bytes", keepBytes: keptFileBytes },
  row("DELETE", "/userdata/{}", deleteUserdata),
  { ...row("POST", "/userdata/{}/move/{}", moveUserdata), reads: "none" },
  row("GET", "/users", getUsers),
  row("POST", "/users", postUser),
];
