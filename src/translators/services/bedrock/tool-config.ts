// The tools of a request as Converse wants them. It knows no "none", and refuses a history with calls without tools.
import type { JsonObject } from "../../../lib/json-value.ts";
import { listOf, memberOf, textOf } from "../../../lib/json-value.ts";
import type { ChatRequest, ChatTool, ChatToolChoice } from "../../chat/chat-request.ts";
import type { TranslationContext } from "../../translation.ts";
import type { AnswerFormat } from "../anthropic/answer-format.ts";
import { cachePoint } from "./cache-point.ts";
import { sentName } from "./call-names.ts";

/** A request forces a tool: then the model must not be asked to think. */
export function forcesTool({ tools = [], tool_choice: choice }: ChatRequest): boolean {
  if (tools.length === 0 || choice === undefined) return false;
  if (typeof choice === "string") return choice === "required";
  return choice.type === "function" || choice.allowed_tools.mode === "required";
}

/** Undefined: no tool has a part in the request. */
export function toolConfig(
  chat: ChatRequest,
  format: AnswerFormat,
  context: TranslationContext,
): JsonObject | undefined {
  const config = clientsTools(chat, context);
  if (format.kind !== "tool") return config;
  const { name, description, schema } = format;
  const answer = { toolSpec: { name: sentName(name), description, inputSchema: { json: withType(schema) } } };
  const others = chat.tool_choice === "none" ? [] : listOf(config, "tools");
  const toolChoice = others.length === 0 ? { tool: { name: answer.toolSpec.name } } : { any: {} };
  return { tools: [...listOf(config, "tools"), answer], toolChoice };
}

function clientsTools(chat: ChatRequest, context: TranslationContext): JsonObject | undefined {
  const { tools = [], tool_choice: choice } = chat;
  const { notes, traits } = context;
  if (chat.parallel_tool_calls === false && tools.length > 0) notes.dropped("parallel_tool_calls");
  const history = namesInHistory(chat);
  if (tools.length === 0) {
    if (history.size === 0) return undefined;
    notes.rewritten("tools");
    return {
      tools: [...history].map((name) => ({ toolSpec: { name: sentName(name), inputSchema: noParameters } })),
    };
  }
  if (traits.tools === false) {
    notes.dropped("tools");
    if (choice !== undefined) notes.dropped("tool_choice");
    return undefined;
  }
  if (choice === "none") {
    if (history.size === 0) return undefined;
    notes.rewritten("tool_choice");
  }
  const sentTools = allowedOf(tools, choice).flatMap((tool) => toolEntries(tool, context));
  const sentChoice = choiceOf(choice);
  return { tools: sentTools, ...(sentChoice === undefined ? {} : { toolChoice: sentChoice }) };
}

const noParameters = { json: { type: "object", properties: {} } };

function toolEntries(
  { function: tool, cache_control: mark }: ChatTool,
  context: TranslationContext,
): JsonObject[] {
  const { name, description, parameters, strict } = tool;
  const sent = sentName(name);
  if (sent !== name) context.notes.rewritten("tools");
  if (strict === true && context.traits.jsonSchema === false) context.notes.dropped("tools.strict");
  const toolSpec = {
    name: sent,
    ...(description === undefined || description.trim() === "" ? {} : { description }),
    inputSchema: parameters === undefined ? noParameters : { json: withType(parameters) },
    ...(strict === true && context.traits.jsonSchema !== false ? { strict } : {}),
  };
  return mark === undefined ? [{ toolSpec }] : [{ toolSpec }, cachePoint(mark)];
}

/** A schema without a type is refused. */
function withType(schema: JsonObject): JsonObject {
  return Object.hasOwn(schema, "type") ? schema : { type: "object", ...schema };
}

/** Those that may be called: there is no other way to say so. */
function allowedOf(tools: readonly ChatTool[], choice: ChatToolChoice | undefined): readonly ChatTool[] {
  if (typeof choice !== "object" || choice.type !== "allowed_tools") return tools;
  const allowed = new Set(
    choice.allowed_tools.tools.map(
      (tool) => textOf(memberOf(tool, "function"), "name") ?? textOf(tool, "name"),
    ),
  );
  const left = tools.filter(({ function: { name } }) => allowed.has(name));
  return left.length === 0 ? tools : left;
}

function choiceOf(choice: ChatToolChoice | undefined): JsonObject | undefined {
  if (choice === undefined || choice === "none") return undefined;
  if (choice === "auto") return { auto: {} };
  if (choice === "required") return { any: {} };
  if (choice.type === "function") return { tool: { name: sentName(choice.function.name) } };
  return choice.allowed_tools.mode === "required" ? { any: {} } : { auto: {} };
}

function namesInHistory({ messages }: ChatRequest): Set<string> {
  const names = new Set<string>();
  for (const message of messages) {
    if (message.role !== "assistant") continue;
    for (const call of message.tool_calls ?? []) names.add(call.function.name);
  }
  return names;
}
