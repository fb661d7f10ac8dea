// ComfyUI's prompt, queue, history, interrupt and free. Must not know how prompts run.
import { isRecord } from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { emptyReply, jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { readGraph } from "./graph.ts";
import { queueOf } from "./queue.ts";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Fields of `extra_data` that hold secrets, which are never shown again. */
const secretFields = new Set(["auth_token_comfy_org", "api_key_comfy_org"]);

/** Queues a prompt; the pace of the knobs is that of its sampling steps. */
export function postPrompt(call: Call): Reply {
  const { account, body } = call;
  const queue = queueOf(account);
  const id = body["prompt_id"] ?? call.newUuid();
  if (typeof id !== "string" || !uuid.test(id)) {
    return refusal({ type: "invalid_prompt_id", message: "prompt_id must be a UUID" });
  }
  if (!isRecord(body["prompt"])) return refusal({ type: "no_prompt", message: "No prompt provided" });
  if (queue.isFull) return refusal({ type: "queue_full", message: "The simulated queue is full" });
  const graph = readGraph(body["prompt"]);
  if ("nodeErrors" in graph) return refusal(graph, graph.nodeErrors);
  const given = body["number"];
  const number = typeof given === "number" ? given : queue.nextNumber(body["front"] === true);
  const { tokensPerSecond = 0 } = call.knobs;
  queue.add({
    id,
    number,
    clientId: typeof body["client_id"] === "string" ? body["client_id"] : null,
    graph,
    source: body["prompt"],
    extra: extraOf(call),
    submittedMs: call.createdAt * 1000,
    stepMs: tokensPerSecond > 0 ? 1000 / tokensPerSecond : 0,
    bytes: call.bodyBytes,
  });
  return jsonReply({ prompt_id: id, number, node_errors: {} });
}

export function getPrompt({ account }: Call): Reply {
  return jsonReply({ exec_info: { queue_remaining: queueOf(account).remaining } });
}

export function getQueue({ account }: Call): Reply {
  return jsonReply(queueOf(account).show());
}

export function postQueue({ account, body }: Call): Reply {
  const queue = queueOf(account);
  if (body["clear"] === true) queue.remove("all");
  if (Array.isArray(body["delete"])) queue.remove(new Set(body["delete"]));
  return emptyReply;
}

export function getHistory({ account, query }: Call): Reply {
  const most = query.get("max_items");
  const offset = query.get("offset");
  return jsonReply(
    queueOf(account).history(most === null ? null : Number(most), offset === null ? -1 : Number(offset)),
  );
}

export function getPromptHistory({ account, params: [id = ""] }: Call): Reply {
  return jsonReply(queueOf(account).historyOf(id));
}

export function postHistory({ account, body }: Call): Reply {
  const queue = queueOf(account);
  const ids: unknown = body["delete"];
  if (body["clear"] === true) queue.forget("all");
  if (Array.isArray(ids)) queue.forget(ids.filter((id: unknown) => typeof id === "string"));
  return emptyReply;
}

export function interrupt({ account, body }: Call): Reply {
  queueOf(account).interrupt(typeof body["prompt_id"] === "string" ? body["prompt_id"] : null);
  return emptyReply;
}

function extraOf({ body, createdAt }: Call): JsonObject {
  const given = isRecord(body["extra_data"]) ? Object.entries(body["extra_data"]) : [];
  const shown = given.filter(([name]) => !secretFields.has(name));
  const client = typeof body["client_id"] === "string" ? { client_id: body["client_id"] } : {};
  return { ...Object.fromEntries(shown), ...client, create_time: createdAt * 1000 };
}

function refusal(
  { type, message, details = "" }: { type: string; message: string; details?: string },
  node_errors: JsonObject = {},
): Reply {
  const error = { type, message, details, extra_info: {} };
  return { ...jsonReply({ error, node_errors }), status: 400 };
}
