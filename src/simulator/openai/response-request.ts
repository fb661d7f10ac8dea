// What a request of /v1/responses asks for, as a question to the simulated model. Must not know answers or state.
import type { Question, Tool, ToolChoice } from "../answer.ts";
import { countConversation, countTools, lastPrompt } from "../conversation.ts";
import {
  isRecord,
  missing,
  optionalBoolean,
  optionalInteger,
  optionalObjects,
  requiredObjects,
  requiredString,
  wrong,
} from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import type { Call } from "../reply.ts";
import { countTokens } from "../tokens.ts";

export interface ResponseRequest {
  readonly question: Question;
  /** The input as items with ids, as it can be listed later. */
  readonly items: readonly (JsonObject & { readonly id: string })[];
  readonly inputTokens: number;
  readonly isStream: boolean;
  readonly isStored: boolean;
  readonly isBackground: boolean;
}

/** @throws RefusedRequest (400) for a request that OpenAI would refuse. */
export function readResponseRequest(call: Call): ResponseRequest {
  const { body } = call;
  const model = requiredString(body, "model");
  const items = readItems(call);
  const tools = optionalObjects(body, "tools");
  const instructions = typeof body["instructions"] === "string" ? countTokens(body["instructions"]) : 0;
  const functions = readTools(tools);
  const question: Question = {
    model,
    prompt: lastPrompt(items),
    afterTool: items.at(-1)?.["type"] === "function_call_output",
    tools: functions,
    toolChoice: readToolChoice(body["tool_choice"] ?? "auto", functions),
    maxTokens: optionalInteger(body, "max_output_tokens", 1, Number.MAX_SAFE_INTEGER),
    outputTokens: call.outputTokens,
    stop: [],
    answerSchema: readAnswerSchema(body["text"]),
  };
  return {
    question,
    items,
    inputTokens: countConversation(items) + countTools(tools) + instructions,
    isStream: optionalBoolean(body, "stream"),
    isStored: body["store"] !== false,
    isBackground: optionalBoolean(body, "background"),
  };
}

function readItems(call: Call): ResponseRequest["items"] {
  const { body } = call;
  const input = body["input"] ?? missing("input");
  const list: readonly JsonObject[] =
    typeof input === "string"
      ? [{ type: "message", role: "user", content: [{ type: "input_text", text: input }] }]
      : requiredObjects(body, "input");
  return list.map((item) => {
    const type = item["type"] ?? "message";
    return { id: call.newId("msg_"), ...item, type };
  });
}

/** Only functions can be called; the vendor's own tools have no schema to fill. */
function readTools(tools: readonly JsonObject[]): Tool[] {
  const functions = tools.filter((tool) => tool["type"] === "function");
  return functions.map((tool) => ({
    name: requiredString(tool, "name"),
    schema: tool["parameters"] ?? { type: "object" },
  }));
}

function readToolChoice(choice: unknown, tools: readonly Tool[]): ToolChoice {
  if (choice === "none") return { kind: "none" };
  if (choice === "required" && tools.length > 0) return { kind: "forced", name: null };
  const named = isRecord(choice) ? tools.find(({ name }) => name === choice["name"]) : undefined;
  if (named !== undefined) return { kind: "forced", name: named.name };
  if (choice === "auto" || isRecord(choice)) return { kind: "auto" };
  return wrong("tool_choice", "none, auto, required or one of the tools");
}

function readAnswerSchema(text: unknown): unknown {
  const format = isRecord(text) ? text["format"] : undefined;
  if (!isRecord(format)) return null;
  if (format["type"] === "json_object") return { properties: { answer: { type: "string" } } };
  return format["type"] === "json_schema" ? (format["schema"] ?? null) : null;
}
