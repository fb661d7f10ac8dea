// Tools of the Responses protocol that are no functions but are run by the client: as functions for models of other
// protocols, and calls of them as the items that clients wait for. Must not know requests or streams.
import { parseExactJson, isRawNumber } from "../../../lib/exact-json.ts";
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";

export type ToolKind = "function" | "custom" | "local_shell" | "shell" | "apply_patch";

/** A call as the model made it. */
export interface MadeCall {
  readonly callId: string;
  readonly name: string;
  /** JSON text. */
  readonly arguments: string;
}

interface ClientRunTool {
  readonly description: string;
  readonly parameters: JsonObject;
  /** Of item ids. */
  readonly prefix: string;
  /** What an item says beside id, call id and status; undefined: the arguments fit no such item. */
  readonly item: (call: MadeCall, args: JsonObject) => JsonObject | undefined;
  /** The arguments of an item of a history. */
  readonly arguments: (item: JsonObject) => JsonObject;
}

const strings = { type: "array", items: { type: "string" } } as const;

export const clientRunTools: Readonly<Record<Exclude<ToolKind, "function">, ClientRunTool>> = {
  custom: {
    description: "",
    parameters: {
      type: "object",
      properties: { input: { type: "string", description: "The input of the tool, as plain text." } },
      required: ["input"],
      additionalProperties: false,
    },
    prefix: "ctc_",
    item: ({ name }, args) => {
      const input = memberOf(args, "input");
      return typeof input === "string" ? { type: "custom_tool_call", name, input } : undefined;
    },
    arguments: (item) => ({ input: memberOf(item, "input") ?? "" }),
  },
  local_shell: {
    description: "Runs a command on the user's computer and gives its output.",
    parameters: {
      type: "object",
      properties: {
        command: { ...strings, description: "The command and its arguments." },
        env: { type: "object", additionalProperties: { type: "string" } },
        timeout_ms: { type: "integer" },
        user: { type: "string" },
        working_directory: { type: "string" },
      },
      required: ["command"],
    },
    prefix: "lsh_",
    item: (_call, args) =>
      isTexts(args["command"])
        ? { type: "local_shell_call", action: { type: "exec", env: {}, ...args } }
        : undefined,
    arguments: (item) => without(memberOf(item, "action"), "type"),
  },
  shell: {
    description: "Runs shell commands on the user's computer and gives their output.",
    parameters: {
      type: "object",
      properties: {
        commands: { ...strings, description: "Shell commands, run one after the other." },
        timeout_ms: { type: "integer" },
        max_output_length: { type: "integer" },
      },
      required: ["commands"],
    },
    prefix: "sh_",
    item: (_call, args) =>
      isTexts(args["commands"])
        ? { type: "shell_call", action: { timeout_ms: null, max_output_length: null, ...args } }
        : undefined,
    arguments: (item) => without(memberOf(item, "action"), "type"),
  },
  apply_patch: {
    description: "Creates, updates or deletes a file of the user's project.",
    parameters: {
      type: "object",
      properties: {
        type: { type: "string", enum: ["create_file", "update_file", "delete_file"] },
        path: { type: "string", description: "Path of the file within the project." },
        diff: { type: "string", description: "The change in V4A diff format; none to delete a file." },
      },
      required: ["type", "path"],
    },
    prefix: "apc_",
    item: (_call, args) =>
      textOf(args, "type") !== undefined && textOf(args, "path") !== undefined
        ? { type: "apply_patch_call", operation: args }
        : undefined,
    arguments: (item) => without(memberOf(item, "operation")),
  },
};

/** What the item of a finished call says beside id, call id and status. */
export function callItem(kind: ToolKind, call: MadeCall): JsonObject | undefined {
  if (kind === "function") return undefined;
  const args = objectOf(call.arguments);
  return args && clientRunTools[kind].item(call, args);
}

/** What the client's tool gave, as text: shells give records of what was printed. */
export function outputText(output: unknown): string {
  const texts = Array.isArray(output)
    ? output.map((entry) => [textOf(entry, "stdout"), textOf(entry, "stderr"), outcomeText(entry)])
    : [];
  return texts
    .flat()
    .filter((text) => text !== undefined)
    .join("\n");
}

function outcomeText(entry: unknown): string | undefined {
  const outcome = memberOf(entry, "outcome");
  if (memberOf(outcome, "type") === "timeout") return "The command did not end in time.";
  const code = memberOf(outcome, "exit_code");
  return typeof code === "number" ? `Exit code ${code}.` : undefined;
}

function objectOf(text: string): JsonObject | undefined {
  try {
    const value = parseExactJson(text);
    return isJsonObject(value) && !isRawNumber(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isTexts(value: unknown): boolean {
  const list = listOf({ value }, "value");
  return list.length > 0 && list.every((text) => typeof text === "string");
}

function without(value: unknown, left?: string): JsonObject {
  if (!isJsonObject(value) || isRawNumber(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([key]) => key !== left));
}
