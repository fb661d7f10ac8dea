// Tools of an Anthropic request and how they are chosen. Must not know messages.
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatTool, ChatToolChoice } from "../../chat/chat-request.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import { cacheControlOf } from "./content-to-chat.ts";
import {
  fault,
  objectAt,
  optionalBoolean,
  optionalList,
  optionalObject,
  optionalString,
  requiredString,
} from "./request-fault.ts";

/** How a tool may be called or shown, which no other protocol has. */
const marks = ["allowed_callers", "defer_loading", "eager_input_streaming", "input_examples"] as const;

export interface ReadTools {
  readonly tools: readonly ChatTool[];
  /** For each tool its place in the client's list. */
  readonly places: readonly number[];
}

/** Tools that the service would run, or that it knows by their type, have no place elsewhere: reported. */
export function toolsToChat(body: JsonObject, notes: TranslationNotes): ReadTools {
  const tools: ChatTool[] = [];
  const places: number[] = [];
  const noted = new Set<string>();
  const list = optionalList(body, "tools") ?? [];
  for (let index = 0; index < list.length; index++) {
    const path = `tools.${index}`;
    const tool = objectAt(list[index], path);
    const type = optionalString(tool, "type", path) ?? "custom";
    if (type !== "custom") {
      notes.dropped(path);
      continue;
    }
    noteMarks(tool, path, { notes, noted });
    tools.push(readTool(tool, path));
    places.push(index);
  }
  return { tools, places };
}

/** Each mark once, at the first tool that has it. */
function noteMarks(
  tool: JsonObject,
  path: string,
  { notes, noted }: { readonly notes: TranslationNotes; readonly noted: Set<string> },
): void {
  for (const mark of marks) {
    const value = tool[mark];
    if (value === undefined || value === null || value === false || noted.has(mark)) continue;
    noted.add(mark);
    notes.dropped(`${path}.${mark}`);
  }
}

function readTool(tool: JsonObject, path: string): ChatTool {
  const description = optionalString(tool, "description", path);
  const parameters = optionalObject(tool, "input_schema", path);
  if (parameters === undefined) throw fault(`${path}.input_schema`, "is required and must be a JSON schema.");
  const strict = optionalBoolean(tool, "strict", path);
  return {
    type: "function",
    function: {
      name: requiredString(tool, "name", path),
      ...(description === undefined ? {} : { description }),
      parameters,
      ...(strict === undefined ? {} : { strict }),
    },
    ...cacheControlOf(tool, path),
  };
}

export interface ReadChoice {
  readonly tool_choice?: ChatToolChoice;
  readonly parallel_tool_calls?: boolean;
}

export function toolChoiceToChat(body: JsonObject, tools: readonly ChatTool[]): ReadChoice {
  const choice = optionalObject(body, "tool_choice");
  if (choice === undefined) return {};
  const isSingle = optionalBoolean(choice, "disable_parallel_tool_use", "tool_choice") === true;
  return {
    tool_choice: chosen(choice, tools),
    ...(isSingle ? { parallel_tool_calls: false } : {}),
  };
}

function chosen(choice: JsonObject, tools: readonly ChatTool[]): ChatToolChoice {
  const type = requiredString(choice, "type", "tool_choice");
  switch (type) {
    case "auto":
    case "none":
      return type;
    case "any":
      if (tools.length === 0)
        throw fault("tool_choice", "asks for a tool, and there is none that this service can be given.");
      return "required";
    case "tool": {
      const name = requiredString(choice, "name", "tool_choice");
      if (!tools.some((tool) => tool.function.name === name))
        throw fault("tool_choice.name", "is none of the tools that this service can be given.");
      return { type: "function", function: { name } };
    }
    default:
      throw fault("tool_choice.type", "must be auto, any, tool or none.");
  }
}
