// The rows of DashScope's native HTTP API. Must not know sockets.
import type { Endpoint, Method } from "../endpoint.ts";
import { dashscopeErrors as errors } from "../error-shapes.ts";
import type { Call, Reply } from "../reply.ts";
import { generateMultimodal, generateText } from "./generation.ts";
import { rerankTexts } from "./rerank.ts";
import { cancelTask, createTask, getTask, listTasks } from "./tasks.ts";
import type { Product } from "./tasks.ts";

const row = (method: Method, path: string, answer: (call: Call) => Reply): Endpoint => ({
  method,
  path,
  errors,
  answer,
});

/** The routes that make tasks, and what they make. */
const taskRoutes: readonly (readonly [string, Product])[] = [
  ["text2image/image-synthesis", "images"],
  ["image2image/image-synthesis", "images"],
  ["image2image/out-painting", "painted-image"],
  ["virtualmodel/generation", "images"],
  ["background-generation/generation", "background"],
  ["video-generation/video-synthesis", "video"],
  ["image2video/video-synthesis", "video"],
];

export const dashscopeEndpoints: readonly Endpoint[] = [
  ...taskRoutes.map(([path, product]) =>
    row("POST", `/services/aigc/${path}`, (call) => createTask(call, product)),
  ),
  row("GET", "/api/v1/tasks", listTasks),
  row("GET", "/api/v1/tasks/{}", getTask),
  { ...row("POST", "/api/v1/tasks/{}/cancel", cancelTask), reads: "none" },
  row("POST", "/services/aigc/text-generation/generation", generateText),
  row("POST", "/services/aigc/multimodal-generation/generation", generateMultimodal),
  row("POST", "/services/rerank/text-rerank/text-rerank", rerankTexts),
];
