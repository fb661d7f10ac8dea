// What happens while a prompt runs, step by step. Must not know time, sockets or the queue.
import type { Account } from "../account.ts";
import type { JsonObject } from "../fields.ts";
import { isFailing } from "../lifecycle.ts";
import { isOutputClass } from "./node-classes.ts";
import type { GraphNode } from "./graph.ts";
import type { Prompt } from "./prompt.ts";
import { makeImage } from "./stored-files.ts";

export interface Message {
  readonly type: string;
  readonly data: JsonObject;
}

/** Something to tell, or the preview of a sampling step, which is what takes time. */
export type Step =
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "preview"; readonly nodeId: string; readonly at: number };

const defaultSteps = 4;
const mostSteps = 50;

/** Nodes that work in steps. */
const sampler = /Sampler/;

/** Ends with `execution_success`, or with `execution_error` at the first node whose type ends with `-failing`. */
export function* stepsOf(
  account: Account,
  { id: prompt_id, graph, submittedMs: timestamp }: Prompt,
): Generator<Step> {
  const tell = (type: string, data: JsonObject): Step => ({
    kind: "message",
    message: { type, data: { prompt_id, ...data } },
  });
  yield tell("execution_start", { timestamp });
  yield tell("execution_cached", { nodes: [], timestamp });
  const executed: string[] = [];
  for (const node of graph.nodes) {
    const { id, type } = node;
    yield tell("executing", { node: id, display_node: id });
    if (isFailing(type)) {
      const exception = {
        exception_message: "Simulated failure.",
        exception_type: "RuntimeError",
        traceback: [],
      };
      yield tell("execution_error", { node_id: id, node_type: type, executed, ...exception });
      return;
    }
    if (sampler.test(type)) yield* samplingSteps(node, tell);
    if (isOutputClass(type)) {
      const output = { images: [imageOf(account, node)] };
      yield tell("executed", { node: id, display_node: id, output });
    }
    executed.push(id);
  }
  yield tell("execution_success", { timestamp });
}

function* samplingSteps(
  { id, inputs }: GraphNode,
  tell: (type: string, data: JsonObject) => Step,
): Generator<Step> {
  const wanted = typeof inputs["steps"] === "number" ? inputs["steps"] : defaultSteps;
  const max = Math.min(mostSteps, Math.max(1, Math.floor(wanted)));
  for (let value = 1; value <= max; value += 1) {
    yield { kind: "preview", nodeId: id, at: value };
    yield tell("progress", { node: id, value, max });
    const state = { node_id: id, state: value === max ? "finished" : "running", value, max };
    yield tell("progress_state", { nodes: { [id]: state } });
  }
}

function imageOf(account: Account, { type, inputs }: GraphNode): object {
  const prefix = typeof inputs["filename_prefix"] === "string" ? inputs["filename_prefix"] : "ComfyUI";
  return type.startsWith("Preview")
    ? makeImage(account, "ComfyUI_temp", "temp")
    : makeImage(account, prefix, "output");
}
