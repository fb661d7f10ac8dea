// Tools, their choice and the form of the answer as OpenAI-compatible services take them. Must not know messages.
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest, ChatTool, ChatToolChoice } from "../../chat/chat-request.ts";
import type { TranslationContext } from "../../translation.ts";
import { serviceToolName } from "./tool-names.ts";

/** Services refuse a choice without tools. */
export function toolFieldsFor(chat: ChatRequest, { traits, notes }: TranslationContext): JsonObject {
  const { tools = [], tool_choice: choice, parallel_tool_calls: parallel } = chat;
  if (tools.length === 0) return {};
  if (traits.tools === false) {
    notes.dropped("tools");
    return {};
  }
  return {
    tools: tools.map(toolFor),
    ...(choice === undefined ? {} : { tool_choice: choiceFor(choice) }),
    ...(parallel === undefined ? {} : { parallel_tool_calls: parallel }),
  };
}

function toolFor({ function: tool }: ChatTool): object {
  return {
    type: "function",
    function: {
      name: serviceToolName(tool.name),
      ...(tool.description === undefined ? {} : { description: tool.description }),
      parameters: parametersFor(tool.parameters),
      ...(tool.strict === undefined || tool.strict === null ? {} : { strict: tool.strict }),
    },
  };
}

/** OpenAI refuses an object without `properties`, and others a tool without parameters. */
function parametersFor(schema: JsonObject | undefined): JsonObject {
  if (schema === undefined) return { type: "object", properties: {} };
  return schema["type"] === "object" && schema["properties"] === undefined
    ? { ...schema, properties: {} }
    : schema;
}

function choiceFor(choice: ChatToolChoice): unknown {
  if (typeof choice === "string" || choice.type !== "function") return choice;
  return { type: "function", function: { name: serviceToolName(choice.function.name) } };
}

/** What a model that takes no schema is told instead. Undefined: the schema can be sent, or there is none. */
export function schemaInstruction({ response_format: format }: ChatRequest): string | undefined {
  if (format?.type !== "json_schema") return undefined;
  const schema = JSON.stringify(format.json_schema.schema ?? {});
  return `Answer with one JSON object and nothing else. It must follow this JSON schema:\n${schema}`;
}
