// Reads the graph of a prompt: which nodes it has, what is wrong with them, in which order they run. No state.
import { isRecord } from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { isOutputClass, requiredInputs } from "./node-classes.ts";

/** Larger graphs are refused. */
const mostNodes = 2_000;

export interface GraphNode {
  readonly id: string;
  readonly type: string;
  readonly inputs: JsonObject;
}

export interface Graph {
  /** In the order in which they run. */
  readonly nodes: readonly GraphNode[];
  readonly outputs: readonly string[];
}

/** Why a prompt is refused, as ComfyUI says it. */
export interface GraphFault {
  readonly type: string;
  readonly message: string;
  readonly details: string;
  readonly nodeErrors: JsonObject;
}

export function readGraph(prompt: JsonObject): Graph | GraphFault {
  const nodes = new Map<string, GraphNode>();
  for (const [id, node] of Object.entries(prompt)) {
    if (!isRecord(node) || typeof node["class_type"] !== "string" || nodes.size >= mostNodes) {
      const message = "Cannot execute because a node is missing the class_type property.";
      return { type: "invalid_prompt", message, details: `Node ID '#${id}'`, nodeErrors: {} };
    }
    nodes.set(id, { id, type: node["class_type"], inputs: isRecord(node["inputs"]) ? node["inputs"] : {} });
  }
  const outputs = Array.from(nodes.values())
    .filter(({ type }) => isOutputClass(type))
    .map(({ id }) => id);
  if (outputs.length === 0) {
    return { type: "prompt_no_outputs", message: "Prompt has no outputs", details: "", nodeErrors: {} };
  }
  const ordered = inOrder(nodes, outputs);
  const nodeErrors = Object.fromEntries(ordered.flatMap((node) => errorsOf(node, nodes)));
  if (Object.keys(nodeErrors).length === 0) return { nodes: ordered, outputs };
  const message = "Prompt outputs failed validation";
  return { type: "prompt_outputs_failed_validation", message, details: "", nodeErrors };
}

/** What an output needs comes before it; what no output needs is left out. Without recursion, as graphs come from outside. */
function inOrder(nodes: ReadonlyMap<string, GraphNode>, outputs: readonly string[]): GraphNode[] {
  const ordered: GraphNode[] = [];
  const seen = new Set<string>();
  const stack = outputs.toReversed().map((id) => ({ id, isExpanded: false }));
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    const node = nodes.get(top.id);
    if (node === undefined) continue;
    if (top.isExpanded) {
      ordered.push(node);
      continue;
    }
    if (seen.has(top.id)) continue;
    seen.add(top.id);
    stack.push({ id: top.id, isExpanded: true });
    for (const id of linksOf(node)) stack.push({ id, isExpanded: false });
  }
  return ordered;
}

/** Nodes that a node takes its inputs from: a link is the id of a node and the number of its output. */
function linksOf({ inputs }: GraphNode): string[] {
  return Object.values(inputs).flatMap((value: unknown) => {
    if (!Array.isArray(value) || value.length !== 2) return [];
    const [id, slot]: readonly unknown[] = value;
    return typeof id === "string" && typeof slot === "number" ? [id] : [];
  });
}

function errorsOf(node: GraphNode, nodes: ReadonlyMap<string, GraphNode>): [string, object][] {
  const absent = requiredInputs(node.type).filter((name) => node.inputs[name] === undefined);
  const errors = [
    ...absent.map((name) => fault("required_input_missing", "Required input is missing", name)),
    ...linksOf(node)
      .filter((id) => !nodes.has(id))
      .map((id) => fault("invalid_input_type", "Linked node does not exist", id)),
  ];
  if (errors.length === 0) return [];
  return [[node.id, { errors, dependent_outputs: [], class_type: node.type }]];
}

function fault(type: string, message: string, details: string): object {
  return { type, message, details, extra_info: {} };
}
