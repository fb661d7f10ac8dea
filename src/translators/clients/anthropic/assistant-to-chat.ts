// The blocks of an assistant's turn as one message of the chat form. Must not know other messages.
import { textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { AssistantMessage, ReasoningDetail, TextPart, ToolCall } from "../../chat/chat-request.ts";
import { argumentsText } from "../../chat/tool-arguments.ts";
import { cacheControlOf, textPart } from "./content-to-chat.ts";
import { fault, objectAt, optionalObject, optionalString, requiredString } from "./request-fault.ts";
import { unpackData, unpackSignature } from "./thinking-signature.ts";
import { fromToolUseId } from "./tool-use-id.ts";

/** Of tools that the service runs; `*_tool_result` are the others. */
const serverTypes: ReadonlySet<string> = new Set([
  "container_upload",
  "fallback",
  "mcp_tool_listing",
  "mcp_tool_use",
  "server_tool_use",
]);

type ServerBlock = NonNullable<AssistantMessage["server_blocks"]>[number];

interface Turn {
  readonly texts: TextPart[];
  readonly calls: ToolCall[];
  readonly details: ReasoningDetail[];
  readonly serverBlocks: ServerBlock[];
}

/** Undefined for a turn that says nothing. @param path such as `messages.1.content` */
export function assistantMessage(content: readonly unknown[], path: string): AssistantMessage | undefined {
  const turn: Turn = { texts: [], calls: [], details: [], serverBlocks: [] };
  for (let index = 0; index < content.length; index++) {
    const place = `${path}.${index}`;
    readBlock(objectAt(content[index], place), place, turn);
  }
  return placeOfNext(turn) === 0 ? undefined : messageOf(turn);
}

function placeOfNext({ texts, calls, details, serverBlocks }: Turn): number {
  return texts.length + calls.length + details.length + serverBlocks.length;
}

function readBlock(block: JsonObject, path: string, turn: Turn): void {
  const type = requiredString(block, "type", path);
  switch (type) {
    case "text": {
      const part = textPart(block, path);
      if (part !== undefined) turn.texts.push(part);
      return;
    }
    case "tool_use":
      turn.calls.push(toolCall(block, path));
      return;
    case "thinking":
      turn.details.push({
        type: "thinking",
        index: placeOfNext(turn),
        text: requiredString(block, "thinking", path),
        ...unpackSignature(optionalString(block, "signature", path) ?? ""),
      });
      return;
    case "redacted_thinking":
      turn.details.push(redacted(requiredString(block, "data", path), placeOfNext(turn)));
      return;
    case "compaction": {
      // What came before, in the service's own words: a text for anybody else.
      const text = textOf(block, "content");
      if (text !== undefined) turn.texts.push({ type: "text", text, ...cacheControlOf(block, path) });
      return;
    }
    default:
      if (!serverTypes.has(type) && !type.endsWith("_tool_result"))
        throw fault(`${path}.type`, `"${type.slice(0, 64)}" is not known in an assistant's turn.`);
      turn.serverBlocks.push({ index: placeOfNext(turn), format: "anthropic", block });
  }
}

function redacted(data: string, index: number): ReasoningDetail {
  const type = "redacted_thinking";
  return { type, index, ...(unpackData(data) ?? { data, format: "anthropic" as const }) };
}

function toolCall(block: JsonObject, path: string): ToolCall {
  const input = optionalObject(block, "input", path);
  return {
    id: fromToolUseId(requiredString(block, "id", path)),
    type: "function",
    function: { name: requiredString(block, "name", path), arguments: argumentsText(input) },
    ...cacheControlOf(block, path),
  };
}

function messageOf({ texts, calls, details, serverBlocks }: Turn): AssistantMessage {
  const [first] = texts;
  const isPlain = texts.length === 1 && first?.cache_control === undefined;
  const thoughts = details.map(({ text }) => text ?? "").join("");
  return {
    role: "assistant",
    content: first === undefined ? null : isPlain ? first.text : texts,
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(thoughts === "" ? {} : { reasoning_content: thoughts }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(serverBlocks.length === 0 ? {} : { server_blocks: serverBlocks }),
  };
}
