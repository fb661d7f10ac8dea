// Asynchronous tasks of DashScope: made by the image and video routes, read, listed and cancelled. No sockets.
import { perAccount } from "../account.ts";
import { isRecord, missing, optionalInteger, requiredString } from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { isFailing, Lifecycle } from "../lifecycle.ts";
import { RefusedRequest } from "../refused-request.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { Shelf } from "../shelf.ts";

/** What a route makes, which decides how its result looks. */
export type Product = "images" | "painted-image" | "background" | "video";

type State = "PENDING" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELED";

interface Task {
  readonly id: string;
  readonly life: Lifecycle<State>;
  readonly product: Product;
  readonly model: string;
  /** Images that were asked for; 1 for a video. */
  readonly count: number;
  /** Of a video. */
  readonly seconds: number;
  /** Where results are said to be. */
  readonly origin: string;
  /** Milliseconds since 1970. */
  readonly submittedMs: number;
}

const mostImages = 4;
const defaultPageSize = 10;
const mostPageSize = 100;
const defaultVideoSeconds = 5;

const tasksOf = perAccount((account) => new Shelf<Task>(account));

/** @throws RefusedRequest (403) for a request that does not ask for a task, (400) for one without model or input. */
export function createTask(call: Call, product: Product): Reply {
  const { body } = call;
  if (call.header("x-dashscope-async") !== "enable") {
    const message = "current user api does not support synchronous calls.";
    throw new RefusedRequest(403, message, null, "AccessDenied");
  }
  const model = requiredString(body, "model");
  if (!isRecord(body["input"])) missing("input");
  const parameters = isRecord(body["parameters"]) ? body["parameters"] : {};
  const task: Task = {
    id: call.newUuid(),
    life: new Lifecycle<State>(["PENDING", "PENDING", "RUNNING", isFailing(model) ? "FAILED" : "SUCCEEDED"]),
    product,
    model,
    count: product === "video" ? 1 : (optionalInteger(parameters, "n", 1, mostImages) ?? 1),
    seconds: optionalInteger(parameters, "duration", 1, 60) ?? defaultVideoSeconds,
    origin: call.origin,
    submittedMs: call.createdAt * 1000,
  };
  tasksOf(call.account).put(task, call.bodyBytes);
  return jsonReply({
    output: { task_status: task.life.state, task_id: task.id },
    request_id: call.newUuid(),
  });
}

/** Every look moves a task on: it waits at the first, runs at the second and is done at the third. */
export function getTask(call: Call): Reply {
  const [id = ""] = call.params;
  const task = tasksOf(call.account).find(id);
  const request_id = call.newUuid();
  // The vendor has no error for a task that is not there.
  if (task === undefined) return jsonReply({ request_id, output: { task_id: id, task_status: "UNKNOWN" } });
  task.life.look();
  return jsonReply({ request_id, ...resultOf(task) });
}

/** @throws RefusedRequest (400) for a task that is not there or does not wait any more. */
export function cancelTask(call: Call): Reply {
  const [id = ""] = call.params;
  const task = tasksOf(call.account).find(id);
  if (task?.life.state !== "PENDING") {
    const message = "Failed to cancel the task, please confirm if the task is in PENDING status.";
    throw new RefusedRequest(400, message, null, "UnsupportedOperation");
  }
  task.life.stop("CANCELED");
  return jsonReply({ request_id: call.newUuid() });
}

/** One page, newest first. */
export function listTasks(call: Call): Reply {
  const { query } = call;
  const number = (name: string, usual: number): number =>
    Math.max(1, Math.floor(Number(query.get(name))) || usual);
  const page_no = number("page_no", 1);
  const page_size = Math.min(mostPageSize, number("page_size", defaultPageSize));
  const model = query.get("model_name");
  const status = query.get("status");
  const all = tasksOf(call.account)
    .list()
    .filter((task) => model === null || task.model === model)
    .filter((task) => status === null || task.life.state === status)
    .toReversed();
  const start = (page_no - 1) * page_size;
  return jsonReply({
    total: all.length,
    data: all.slice(start, start + page_size).map((task) => rowOf(call, task)),
    total_page: Math.max(1, Math.ceil(all.length / page_size)),
    page_no,
    page_size,
    request_id: call.newUuid(),
  });
}

function rowOf(call: Call, { id, life, model, submittedMs }: Task): JsonObject {
  return {
    api_key_id: call.account.name,
    gmt_create: submittedMs,
    start_time: submittedMs,
    ...(life.isOver ? { end_time: submittedMs } : {}),
    model_name: model,
    region: "simulated",
    request_id: call.newUuid(),
    status: life.state,
    task_id: id,
  };
}

/** Output and usage of a task as they stand. */
function resultOf(task: Task): JsonObject {
  const { id, life, count, submittedMs, product } = task;
  const time = new Date(submittedMs).toISOString().replace("T", " ").replace("Z", "");
  const metrics = (succeeded: number, failed: number): JsonObject => ({
    task_metrics: { TOTAL: count, SUCCEEDED: succeeded, FAILED: failed },
  });
  const output = { task_id: id, task_status: life.state, submit_time: time, scheduled_time: time };
  switch (life.state) {
    case "SUCCEEDED": {
      const made = { ...output, end_time: time, ...products[product](task), ...metrics(count, 0) };
      return { output: made, usage: usageOf(task) };
    }
    case "FAILED": {
      const error = { code: "InternalError", message: "Simulated failure." };
      return { output: { ...output, end_time: time, ...error, ...metrics(0, count) } };
    }
    default:
      return { output: { ...output, ...metrics(0, 0) } };
  }
}

const products: Readonly<Record<Product, (task: Task) => JsonObject>> = {
  images: (task) => ({ results: urlsOf(task) }),
  "painted-image": ({ origin, id }) => ({ output_image_url: `${origin}/simulated/${id}.png` }),
  background: (task) => ({ results: urlsOf(task), text_results: { urls: urlsOf(task), params: [] } }),
  video: ({ origin, id }) => ({ video_url: `${origin}/simulated/${id}.mp4` }),
};

function urlsOf({ origin, id, count }: Task): { url: string }[] {
  return Array.from({ length: count }, (_, index) => ({ url: `${origin}/simulated/${id}-${index}.png` }));
}

function usageOf({ product, count, seconds }: Task): JsonObject {
  if (product !== "video") return { image_count: count };
  return { video_duration: seconds, video_ratio: "standard", video_count: 1 };
}
