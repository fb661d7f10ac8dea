// The input of a Responses request as messages of the chat form: neighbouring items of the assistant become one turn.
// Must not know the request around it.
import { argumentsText } from "../../chat/tool-arguments.ts";
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatMessage, ContentPart, TextPart } from "../../chat/chat-request.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import { invalidRequest, listField, neededObject, neededString, stringField } from "../request-fields.ts";
import { AssistantTurn } from "./assistant-turn.ts";
import { clientRunTools, outputText } from "./client-run-tools.ts";
import { chatName, type ChatTools } from "./client-tools.ts";
import { contentOf, textPartsOf } from "./content-parts.ts";
import { unpackState } from "./kept-state.ts";

/** What services ran themselves, or said about it: only the protocol's own services read it. */
const hostedItems: ReadonlySet<string> = new Set([
  "web_search_call",
  "file_search_call",
  "code_interpreter_call",
  "image_generation_call",
  "computer_call",
  "computer_call_output",
  "mcp_list_tools",
  "mcp_call",
  "mcp_approval_request",
  "mcp_approval_response",
  "tool_search_call",
  "tool_search_output",
  "configuration_update",
  "program",
  "program_output",
]);

const clientRunItems = {
  custom_tool_call: "custom",
  local_shell_call: "local_shell",
  shell_call: "shell",
  apply_patch_call: "apply_patch",
} as const;

/** @param tools takes the tools that stand among the items */
export function messagesOf(input: unknown, tools: ChatTools, notes: TranslationNotes): ChatMessage[] {
  if (typeof input === "string") return [{ role: "user", content: input }];
  const items = listField(input, "input");
  if (items === undefined)
    throw invalidRequest("input is missing: a string or a list of items is needed.", "input");
  const reader = new InputReader(tools, notes);
  for (const [index, item] of items.entries())
    reader.read(neededObject(item, `input.${index}`), `input.${index}`);
  return reader.finish();
}

class InputReader {
  readonly #tools: ChatTools;
  readonly #notes: TranslationNotes;
  readonly #messages: ChatMessage[] = [];
  #turn: AssistantTurn | undefined;
  /** Where the turn began. */
  #turnParam = "";

  constructor(tools: ChatTools, notes: TranslationNotes) {
    this.#tools = tools;
    this.#notes = notes;
  }

  finish(): ChatMessage[] {
    this.#endTurn();
    return this.#messages;
  }

  read(item: JsonObject, param: string): void {
    const type = stringField(item["type"], `${param}.type`) ?? (item["role"] === undefined ? "" : "message");
    switch (type) {
      case "message":
        return this.#readMessage(item, param);
      case "reasoning":
        return this.#readReasoning(item, param);
      case "function_call":
        return this.#assistant(param).call(
          callId(item, param),
          this.#nameOf(item, param),
          argumentsIn(item, param),
        );
      case "custom_tool_call":
      case "local_shell_call":
      case "shell_call":
      case "apply_patch_call":
        return this.#readClientRun(item, type, param);
      case "function_call_output":
      case "custom_tool_call_output":
        return this.#push(
          this.#outputOf(item, contentOf(item["output"], `${param}.output`, this.#notes), param),
        );
      case "local_shell_call_output":
      case "apply_patch_call_output":
        return this.#push(this.#outputOf(item, stringField(item["output"], `${param}.output`) ?? "", param));
      case "shell_call_output":
        return this.#push(this.#outputOf(item, outputText(item["output"]), param));
      case "additional_tools":
        return this.#tools.add(item["tools"], `${param}.tools`);
      default:
        return this.#readOther(type, param);
    }
  }

  #readOther(type: string, param: string): void {
    if (hostedItems.has(type)) return this.#notes.dropped(param);
    if (type === "item_reference" || type === "")
      throw invalidRequest(
        `${param} refers to an item of an earlier answer. The service of this request keeps none: send the item itself.`,
        param,
      );
    if (type === "compaction" || type === "compaction_trigger")
      throw invalidRequest(
        `${param} is a compaction, which only the service that made it can read. Send the items themselves.`,
        param,
      );
    throw invalidRequest(`${param}.type names no kind of item that is known here.`, `${param}.type`);
  }

  #readMessage(item: JsonObject, param: string): void {
    const role = item["role"];
    const content = `${param}.content`;
    if (role === "assistant") {
      const parts = textPartsOf(item["content"], content, this.#notes);
      if (textOf(item, "phase") !== undefined) this.#notes.dropped(`${param}.phase`);
      this.#assistant(param).text(parts);
    } else if (role === "user") {
      this.#push({ role, content: plain(contentOf(item["content"], content, this.#notes)) });
    } else if (role === "system" || role === "developer") {
      const parts = textPartsOf(item["content"], content, this.#notes).map((part): TextPart =>
        part.type === "text" ? part : { type: "text", text: part.refusal },
      );
      const text = parts.length === 1 && parts[0]?.cache_control === undefined ? parts[0]?.text : undefined;
      this.#push({ role, content: text ?? parts });
    } else {
      throw invalidRequest(
        `${param}.role is none of user, assistant, system and developer.`,
        `${param}.role`,
      );
    }
  }

  #readReasoning(item: JsonObject, param: string): void {
    const encrypted = stringField(item["encrypted_content"], `${param}.encrypted_content`);
    const state = encrypted === undefined || encrypted === "" ? undefined : unpackState(encrypted);
    const id = textOf(item, "id");
    if (state === "unreadable") {
      this.#notes.dropped(`${param}.encrypted_content`);
      this.#assistant(param).reasoning(wordsOf(item, ""), undefined, undefined);
    } else if (state !== undefined) {
      this.#assistant(param).reasoning(wordsOf(item, ""), state, undefined);
    } else if (encrypted !== undefined && encrypted !== "") {
      const native = { type: "thinking", format: "responses", data: encrypted } as const;
      this.#assistant(param).reasoning(wordsOf(item, "\n\n"), native, id);
    } else {
      const text = wordsOf(item, "\n\n");
      if (text !== "") this.#assistant(param).reasoning(text, undefined, id);
    }
  }

  #readClientRun(item: JsonObject, type: keyof typeof clientRunItems, param: string): void {
    const tool = clientRunItems[type];
    const name = tool === "custom" ? this.#nameOf(item, param) : tool;
    const text = argumentsText(clientRunTools[tool].arguments(item));
    this.#assistant(param).call(callId(item, param), name, text);
  }

  #nameOf(item: JsonObject, param: string): string {
    const namespace = stringField(item["namespace"], `${param}.namespace`);
    return chatName(neededString(item["name"], `${param}.name`), namespace);
  }

  #outputOf(item: JsonObject, content: string | readonly ContentPart[], param: string): ChatMessage {
    return { role: "tool", tool_call_id: callId(item, param), content: plain(content) };
  }

  #assistant(param: string): AssistantTurn {
    if (this.#turn === undefined) {
      this.#turn = new AssistantTurn();
      this.#turnParam = param;
    }
    return this.#turn;
  }

  #push(message: ChatMessage): void {
    this.#endTurn();
    this.#messages.push(message);
  }

  /** Thinking that led to nothing is no turn. */
  #endTurn(): void {
    if (this.#turn === undefined) return;
    const { message } = this.#turn;
    if (message === undefined) this.#notes.dropped(this.#turnParam);
    else this.#messages.push(message);
    this.#turn = undefined;
  }
}

/** A lone text is a string: every service takes that. */
function plain(content: string | readonly ContentPart[]): string | readonly ContentPart[] {
  if (typeof content === "string" || content.length !== 1) return content;
  const [part] = content;
  return part?.type === "text" && part.cache_control === undefined ? part.text : content;
}

/** Outputs of the local shell name their call in `id`. */
function callId(item: JsonObject, param: string): string {
  const id = stringField(item["call_id"], `${param}.call_id`) ?? "";
  if (id !== "") return id;
  if (item["type"] === "local_shell_call_output") return neededString(item["id"], `${param}.id`);
  throw invalidRequest(`${param}.call_id is missing.`, `${param}.call_id`);
}

function argumentsIn(item: JsonObject, param: string): string {
  const value = item["arguments"];
  return isJsonObject(value) ? argumentsText(value) : (stringField(value, `${param}.arguments`) ?? "");
}

/** The words of thinking: in full where they are there, else what sums them up. */
function wordsOf(item: JsonObject, between: string): string {
  const full = listOf(item, "content");
  const texts = (full.length > 0 ? full : listOf(item, "summary")).map((part) => memberOf(part, "text"));
  return texts.filter((text) => typeof text === "string").join(between);
}
