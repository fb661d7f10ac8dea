// POST /v1/messages and /v1/messages/count_tokens as Anthropic speaks them. Must not know sockets, pace or faults.
import { answerTo } from "./answer.ts";
import type { Answer, Ending, Question, Tool, ToolChoice } from "./answer.ts";
import { readVersion, refuseRemoved } from "./anthropic-version.ts";
import { countContent, countConversation, countTools, lastPrompt } from "./conversation.ts";
import {
  isRecord,
  missing,
  optionalBoolean,
  optionalInteger,
  optionalObjects,
  optionalStrings,
  requiredObjects,
  requiredString,
  wrong,
} from "./fields.ts";
import type { JsonObject } from "./fields.ts";
import { jsonReply, streamReply } from "./reply.ts";
import type { Call, Frame, Reply } from "./reply.ts";

const roles: ReadonlySet<unknown> = new Set(["user", "assistant", "system"]);

const stopReasons: Readonly<Record<Ending, string>> = {
  done: "end_turn",
  limit: "max_tokens",
  stop: "stop_sequence",
  tool: "tool_use",
};

/** @throws RefusedRequest for a request that Anthropic would refuse. */
export function createMessage(call: Call): Reply {
  const { body } = call;
  const conversation = readConversation(call);
  const maxTokens = optionalInteger(body, "max_tokens", 1, Number.MAX_SAFE_INTEGER) ?? missing("max_tokens");
  const stream = optionalBoolean(body, "stream");
  const answer = answerTo(readQuestion(call, conversation, maxTokens), 0);
  const draft: Draft = {
    id: call.newId("msg_"),
    model: conversation.model,
    answer,
    callId: call.newId("toolu_"),
    inputTokens: conversation.tokens,
  };
  const { outputTokens } = answer;
  if (stream) return streamReply(events(draft), outputTokens, draft.inputTokens);
  const message = { ...messageOf(draft, outputTokens), content: contentOf(draft), ...endOf(answer) };
  return jsonReply(message, outputTokens, draft.inputTokens);
}

/** Counts what `createMessage` would report as input. @throws RefusedRequest as it would. */
export function countMessageTokens(call: Call): Reply {
  return jsonReply({ input_tokens: readConversation(call).tokens });
}

interface Conversation {
  readonly model: string;
  readonly messages: readonly JsonObject[];
  readonly tools: readonly JsonObject[];
  readonly tokens: number;
}

function readConversation(call: Call): Conversation {
  const { body } = call;
  const version = readVersion(call);
  const model = requiredString(body, "model");
  const messages = requiredObjects(body, "messages");
  for (const [index, message] of messages.entries()) {
    if (!roles.has(message["role"])) wrong(`messages.${index}.role`, "user or assistant");
    if (message["content"] === undefined) missing(`messages.${index}.content`);
  }
  refuseRemoved(version, body, messages);
  const tools = optionalObjects(body, "tools");
  const tokens = countConversation(messages) + countContent(body["system"]) + countTools(tools);
  return { model, messages, tools, tokens };
}

function readQuestion(call: Call, conversation: Conversation, maxTokens: number): Question {
  const { model, messages } = conversation;
  const tools = readTools(conversation.tools);
  return {
    model,
    prompt: lastPrompt(messages),
    afterTool: holdsToolResult(messages.at(-1)?.["content"]),
    tools,
    toolChoice: readToolChoice(call.body["tool_choice"] ?? null, tools),
    maxTokens,
    outputTokens: call.outputTokens,
    stop: optionalStrings(call.body, "stop_sequences", 8192),
    answerSchema: readAnswerSchema(call.body["output_config"]),
  };
}

/** Only the client's own tools can be called; server tools have no schema to fill. */
function readTools(list: readonly JsonObject[]): Tool[] {
  const own = list.filter((entry) => isRecord(entry["input_schema"]));
  return own.map((entry) => ({ name: requiredString(entry, "name"), schema: entry["input_schema"] }));
}

function readToolChoice(choice: unknown, tools: readonly Tool[]): ToolChoice {
  if (choice === null) return { kind: "auto" };
  const kind = isRecord(choice) ? choice["type"] : undefined;
  if (kind === "auto" || kind === "none") return { kind };
  if (kind === "any" && tools.length > 0) return { kind: "forced", name: null };
  const named = isRecord(choice) ? tools.find(({ name }) => name === choice["name"]) : undefined;
  if (kind === "tool" && named !== undefined) return { kind: "forced", name: named.name };
  return wrong("tool_choice", "auto, none, any or one of the tools");
}

function readAnswerSchema(config: unknown): unknown {
  const format = isRecord(config) ? config["format"] : undefined;
  return isRecord(format) && format["type"] === "json_schema" ? (format["schema"] ?? null) : null;
}

function holdsToolResult(content: unknown): boolean {
  return Array.isArray(content) && content.some((part) => isRecord(part) && part["type"] === "tool_result");
}

interface Draft {
  readonly id: string;
  readonly model: string;
  readonly answer: Answer;
  readonly callId: string;
  readonly inputTokens: number;
}

/** The message without what comes at its end. */
function messageOf({ id, model, inputTokens }: Draft, outputTokens: number): JsonObject {
  const usage = {
    input_tokens: inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: outputTokens,
    service_tier: "standard",
  };
  return {
    id,
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
}

function contentOf({ answer, callId }: Draft): JsonObject[] {
  const { call, pieces } = answer;
  if (call === null) return [{ type: "text", text: pieces.join("") }];
  return [{ type: "tool_use", id: callId, name: call.name, input: call.arguments }];
}

function endOf({ ending, stoppedBy }: Answer): JsonObject {
  return { stop_reason: stopReasons[ending], stop_sequence: stoppedBy };
}

function* events(draft: Draft): Generator<Frame> {
  const { answer, callId } = draft;
  const { call } = answer;
  const block =
    call === null ? { type: "text", text: "" } : { type: "tool_use", id: callId, name: call.name, input: {} };
  yield event({ type: "message_start", message: messageOf(draft, 1) });
  yield event({ type: "content_block_start", index: 0, content_block: block });
  yield event({ type: "ping" });
  const [kind, field] = call === null ? ["text_delta", "text"] : ["input_json_delta", "partial_json"];
  const start = `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"${kind}","${field}":`;
  for (const piece of call?.pieces ?? answer.pieces) {
    yield { text: `${start}${JSON.stringify(piece)}}}\n\n`, isToken: true };
  }
  yield event({ type: "content_block_stop", index: 0 });
  yield event({ type: "message_delta", delta: endOf(answer), usage: { output_tokens: answer.outputTokens } });
  yield event({ type: "message_stop" });
}

function event(data: { readonly type: string; readonly [field: string]: unknown }): Frame {
  return { text: `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`, isToken: false };
}
