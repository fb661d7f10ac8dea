// The tools of a Responses request: functions for the chat form, and which item a call of each becomes. Must not know
// messages or answers.
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatTool, ChatToolChoice } from "../../chat/chat-request.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import {
  booleanField,
  invalidRequest,
  listField,
  neededObject,
  neededString,
  objectField,
  stringField,
} from "../request-fields.ts";
import { clientRunTools, type ToolKind } from "./client-run-tools.ts";

/** What the client calls a tool whose name in the chat form is known. */
export interface ClientTool {
  readonly kind: ToolKind;
  readonly name: string;
  readonly namespace: string | undefined;
}

/** Tools that the service runs itself: no other protocol's service can. */
const hosted: ReadonlySet<unknown> = new Set([
  "web_search",
  "web_search_2025_08_26",
  "web_search_preview",
  "web_search_preview_2025_03_11",
  "file_search",
  "code_interpreter",
  "image_generation",
  "mcp",
  "computer",
  "computer_use",
  "computer_use_preview",
  "tool_search",
  "programmatic_tool_calling",
]);

/** Tools have one list of names in the chat form; in a namespace a name is only told apart by it. */
export function chatName(name: string, namespace: string | undefined): string {
  return namespace === undefined ? name : `${namespace}__${name}`;
}

/** Which item a call becomes, by the name in the chat form. Of a request that was read before: it throws nothing. */
export function clientToolsOf(body: unknown): ReadonlyMap<string, ClientTool> {
  const known = new Map<string, ClientTool>();
  const add = (tool: unknown, namespace: string | undefined): void => {
    const kind = kindOf(tool);
    if (kind === undefined) return;
    const name = kind === "function" || kind === "custom" ? (textOf(tool, "name") ?? "") : kind;
    const inChat = chatName(name, namespace);
    if (!known.has(inChat)) known.set(inChat, { kind, name, namespace });
  };
  const added = listOf(body, "input").filter((item) => memberOf(item, "type") === "additional_tools");
  for (const tool of [body, ...added].flatMap((holder) => listOf(holder, "tools"))) {
    if (memberOf(tool, "type") !== "namespace") add(tool, undefined);
    else for (const inner of listOf(tool, "tools")) add(inner, textOf(tool, "name"));
  }
  return known;
}

function kindOf(tool: unknown): ToolKind | undefined {
  const type = memberOf(tool, "type");
  if (type === "function") return "function";
  return isClientRun(type) ? type : undefined;
}

function isClientRun(type: unknown): type is Exclude<ToolKind, "function"> {
  return typeof type === "string" && Object.hasOwn(clientRunTools, type);
}

/** Reads lists of tools into the chat form. */
export class ChatTools {
  readonly tools: ChatTool[] = [];
  readonly #notes: TranslationNotes;
  readonly #names = new Set<string>();

  constructor(notes: TranslationNotes) {
    this.#notes = notes;
  }

  add(value: unknown, param: string, namespace?: string): void {
    for (const [index, tool] of (listField(value, param) ?? []).entries())
      this.#addTool(neededObject(tool, `${param}.${index}`), `${param}.${index}`, namespace);
  }

  #addTool(tool: JsonObject, param: string, namespace: string | undefined): void {
    const type = tool["type"];
    if (type === "namespace" && namespace === undefined) {
      const name = neededString(tool["name"], `${param}.name`);
      this.#notes.rewritten(param);
      this.add(tool["tools"], `${param}.tools`, name);
    } else if (type === "function") {
      this.#push(functionOf(tool, param, namespace), param);
      this.#noteUnsaid(tool, param);
    } else if (isClientRun(type) && !runsAtService(tool)) {
      this.#notes.rewritten(param);
      this.#push(clientRunOf(tool, type, param, namespace), param);
    } else if (hosted.has(type) || isClientRun(type)) {
      this.#notes.dropped(param);
    } else {
      throw invalidRequest(`${param}.type names no kind of tool that is known here.`, `${param}.type`);
    }
  }

  /** Two of one name cannot be told apart in an answer. */
  #push(tool: ChatTool, param: string): void {
    if (this.#names.has(tool.function.name)) {
      this.#notes.dropped(param);
      return;
    }
    this.#names.add(tool.function.name);
    this.tools.push(tool);
  }

  #noteUnsaid(tool: JsonObject, param: string): void {
    for (const name of ["output_schema", "allowed_callers", "defer_loading", "async"]) {
      const value = tool[name];
      if (value !== undefined && value !== null && value !== false) this.#notes.dropped(`${param}.${name}`);
    }
  }

  has(name: string): boolean {
    return this.#names.has(name);
  }
}

/** A shell in a container of the service is none of the client's. */
function runsAtService(tool: JsonObject): boolean {
  const environment = textOf(tool["environment"], "type");
  return tool["type"] === "shell" && environment !== undefined && environment !== "local";
}

function functionOf(tool: JsonObject, param: string, namespace: string | undefined): ChatTool {
  const name = neededString(tool["name"], `${param}.name`);
  const description = stringField(tool["description"], `${param}.description`);
  const parameters = objectField(tool["parameters"], `${param}.parameters`);
  const strict = booleanField(tool["strict"], `${param}.strict`);
  return {
    type: "function",
    function: {
      name: chatName(name, namespace),
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
      ...(strict === undefined ? {} : { strict }),
    },
  };
}

function clientRunOf(
  tool: JsonObject,
  kind: Exclude<ToolKind, "function">,
  param: string,
  namespace: string | undefined,
): ChatTool {
  const { description: standard, parameters } = clientRunTools[kind];
  const name = kind === "custom" ? neededString(tool["name"], `${param}.name`) : kind;
  const own = stringField(tool["description"], `${param}.description`) ?? "";
  const description = [own || standard, formatText(tool["format"])].filter(Boolean).join("\n\n");
  return { type: "function", function: { name: chatName(name, namespace), description, parameters } };
}

/** What a custom tool's input must look like, in words: no other protocol holds a model to a grammar. */
function formatText(format: unknown): string {
  const definition = textOf(format, "definition");
  if (!isJsonObject(format) || definition === undefined) return "";
  return `The input must follow this ${textOf(format, "syntax") ?? "lark"} grammar:\n${definition}`;
}

/** @throws GatewayError where a tool is forced that no service but the protocol's own has */
export function toolChoiceOf(
  value: unknown,
  tools: ChatTools,
  notes: TranslationNotes,
): ChatToolChoice | undefined {
  if (value === undefined || value === null) return undefined;
  if (value === "none" || value === "auto" || value === "required") return value;
  const choice = neededObject(value, "tool_choice");
  const type = choice["type"];
  if (type === "allowed_tools") return allowedTools(choice, tools, notes);
  const name = forcedName(choice);
  if (name !== undefined && tools.has(name)) return { type: "function", function: { name } };
  throw invalidRequest(
    "tool_choice forces a tool that is not among the tools that the service of this request can be given.",
    "tool_choice",
  );
}

function forcedName(choice: unknown): string | undefined {
  const type = memberOf(choice, "type");
  if (type !== "function" && type !== "custom") return isClientRun(type) ? type : undefined;
  const name = textOf(choice, "name");
  return name === undefined ? undefined : chatName(name, textOf(choice, "namespace"));
}

function allowedTools(choice: JsonObject, tools: ChatTools, notes: TranslationNotes): ChatToolChoice {
  const mode = choice["mode"] === "required" ? "required" : "auto";
  const allowed: JsonObject[] = [];
  for (const [index, tool] of (listField(choice["tools"], "tool_choice.tools") ?? []).entries()) {
    const name = forcedName(tool);
    if (name !== undefined && tools.has(name)) allowed.push({ type: "function", function: { name } });
    else notes.dropped(`tool_choice.tools.${index}`);
  }
  if (allowed.length === 0)
    throw invalidRequest("tool_choice.tools allows no tool that the request has.", "tool_choice");
  return { type: "allowed_tools", allowed_tools: { mode, tools: allowed } };
}
