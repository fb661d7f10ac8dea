// Tools of the chat form and which of them must be called, as Anthropic says it. Must not know messages.
import type { ChatRequest, ChatTool, ChatToolChoice } from "../../chat/chat-request.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { TranslationContext } from "../../translation.ts";
import type { AnswerFormat } from "./answer-format.ts";
import type { Gathered, WireBlock } from "./wire-block.ts";

export interface WireTools {
  readonly tools: readonly WireBlock[];
  readonly choice: WireBlock | undefined;
  /** A call of a tool is forced: Anthropic then refuses to think. */
  readonly forced: boolean;
}

export function toolsFromChat(
  chat: ChatRequest,
  format: AnswerFormat,
  { traits, notes }: TranslationContext,
  gathered: Gathered,
): WireTools {
  const said = chat.tools ?? [];
  if (traits.tools === false && said.length > 0) notes.dropped("tools");
  const allowed = allowedNames(chat.tool_choice);
  const tools: WireBlock[] = [];
  for (const [index, tool] of (traits.tools === false ? [] : said).entries()) {
    if (allowed !== undefined && !allowed.has(tool.function.name)) continue;
    tools.push(gathered.mark(wireTool(tool), tool.cache_control, `tools.${index}`));
  }
  if (format.kind === "tool")
    tools.push({
      name: format.name,
      description: format.description,
      input_schema: objectSchema(format.schema),
    });
  if (tools.length === 0) {
    if (chat.tool_choice !== undefined && !mildChoice(chat.tool_choice)) notes.dropped("tool_choice");
    return { tools, choice: undefined, forced: false };
  }
  const choice = withParallel(choiceOf(chat.tool_choice, format, tools.length), chat.parallel_tool_calls);
  return { tools, choice, forced: choice?.["type"] === "any" || choice?.["type"] === "tool" };
}

/** Says nothing where there are no tools. */
function mildChoice(choice: ChatToolChoice): boolean {
  return choice === "none" || choice === "auto";
}

function allowedNames(choice: ChatToolChoice | undefined): ReadonlySet<unknown> | undefined {
  if (typeof choice !== "object" || choice.type !== "allowed_tools") return undefined;
  const { tools } = choice.allowed_tools;
  // `{type: "function", function: {name}}`, as the tools themselves; flat in the Responses protocol.
  return new Set(tools.map((tool) => nameIn(tool["function"]) ?? nameIn(tool)));
}

function nameIn(value: unknown): unknown {
  return typeof value === "object" && value !== null && "name" in value ? value.name : undefined;
}

function wireTool({ function: { name, description, parameters, strict } }: ChatTool): WireBlock {
  return {
    name,
    ...(description !== undefined && { description }),
    input_schema: objectSchema(parameters),
    ...(strict === true && { strict }),
  };
}

/** Anthropic requires a schema of an object, also of tools without parameters. */
function objectSchema(schema: JsonObject | undefined): JsonObject {
  if (schema === undefined) return { type: "object", properties: {} };
  return schema["type"] === undefined ? { type: "object", ...schema } : schema;
}

function choiceOf(
  choice: ChatToolChoice | undefined,
  format: AnswerFormat,
  tools: number,
): WireBlock | undefined {
  if (format.kind === "tool") {
    return tools === 1 || choice === "none" ? { type: "tool", name: format.name } : { type: "any" };
  }
  if (choice === undefined) return undefined;
  if (choice === "none") return { type: "none" };
  if (choice === "auto") return { type: "auto" };
  if (choice === "required") return { type: "any" };
  if (choice.type === "function") return { type: "tool", name: choice.function.name };
  return { type: choice.allowed_tools.mode === "required" ? "any" : "auto" };
}

/** Only `false` is said: absent and true are what Anthropic does by itself. */
function withParallel(choice: WireBlock | undefined, parallel: boolean | undefined): WireBlock | undefined {
  if (parallel !== false || choice?.["type"] === "none") return choice;
  return { ...(choice ?? { type: "auto" }), disable_parallel_tool_use: true };
}
