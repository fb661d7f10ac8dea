// POST /v1/chat/completions as OpenAI speaks it, plain and streamed. Must not know sockets, pace or faults.
import { answerTo } from "./answer.ts";
import type { Answer, Question, Tool, ToolCall, ToolChoice } from "./answer.ts";
import { countConversation, countTools, lastPrompt } from "./conversation.ts";
import {
  isRecord,
  optionalObjects,
  optionalStrings,
  requiredObjects,
  requiredString,
  wrong,
} from "./fields.ts";
import type { JsonObject } from "./fields.ts";
import { finishReasons, inTurn, outputTokensOf, readOptions, usageOf } from "./openai-request.ts";
import { jsonReply } from "./reply.ts";
import type { Call, Frame, Reply } from "./reply.ts";

/** @throws RefusedRequest for a request that OpenAI would refuse. */
export function chatCompletion(call: Call): Reply {
  const { body } = call;
  const model = requiredString(body, "model");
  const messages = requiredObjects(body, "messages");
  const tools = optionalObjects(body, "tools");
  const options = readOptions(body);
  const question = readQuestion(call, { model, messages, tools, maxTokens: options.maxTokens });
  const answers = Array.from({ length: options.choices }, (_, index) => answerTo(question, index));
  const inputTokens = countConversation(messages) + countTools(tools);
  const usage = usageOf(inputTokens, answers);
  const head = {
    id: call.newId("chatcmpl-"),
    created: call.createdAt,
    model,
    system_fingerprint: "fp_simulated",
  };
  const outputTokens = outputTokensOf(answers);
  if (options.stream) {
    const callIds = answers.map(() => call.newId("call_"));
    const frames = chunks({ head, answers, callIds, usage: options.includeUsage ? usage : null });
    return { kind: "stream", frames, outputTokens, inputTokens };
  }
  const choices = answers.map((answer, index) => ({
    index,
    message: messageOf(answer, call),
    logprobs: null,
    finish_reason: finishReasons[answer.ending],
  }));
  return jsonReply(
    { ...head, object: "chat.completion", choices, usage, service_tier: "default" },
    outputTokens,
    inputTokens,
  );
}

interface ChatParts {
  readonly model: string;
  readonly messages: readonly JsonObject[];
  readonly tools: readonly JsonObject[];
  readonly maxTokens: number | null;
}

function readQuestion(call: Call, parts: ChatParts): Question {
  const tools = readTools(parts.tools);
  return {
    model: parts.model,
    prompt: lastPrompt(parts.messages),
    afterTool: parts.messages.at(-1)?.["role"] === "tool",
    tools,
    toolChoice: readToolChoice(call.body["tool_choice"] ?? "auto", tools),
    maxTokens: parts.maxTokens,
    outputTokens: call.outputTokens,
    stop: optionalStrings(call.body, "stop", 4),
    answerSchema: readAnswerSchema(call.body["response_format"]),
  };
}

/** Only function tools can be called; custom ones have no schema to fill. */
function readTools(list: readonly JsonObject[]): Tool[] {
  return list.flatMap((entry) => {
    const definition = entry["function"];
    if (entry["type"] !== "function") return [];
    if (!isRecord(definition)) return wrong("tools", "a function in every tool of type function");
    return [
      { name: requiredString(definition, "name"), schema: definition["parameters"] ?? { type: "object" } },
    ];
  });
}

function readToolChoice(choice: unknown, tools: readonly Tool[]): ToolChoice {
  if (choice === "auto" || choice === "none") return { kind: choice };
  if (choice === "required" && tools.length > 0) return { kind: "forced", name: null };
  const named = isRecord(choice) && isRecord(choice["function"]) ? choice["function"]["name"] : undefined;
  const tool = tools.find(({ name }) => name === named);
  if (tool !== undefined) return { kind: "forced", name: tool.name };
  return wrong("tool_choice", "none, auto, required or one of the tools");
}

function readAnswerSchema(format: unknown): unknown {
  if (!isRecord(format)) return null;
  if (format["type"] === "json_object") return { properties: { answer: { type: "string" } } };
  const named = format["json_schema"];
  return format["type"] === "json_schema" && isRecord(named) ? (named["schema"] ?? null) : null;
}

function messageOf(answer: Answer, call: Call): JsonObject {
  const base = { role: "assistant", refusal: null, annotations: [] };
  if (answer.call === null) return { ...base, content: answer.pieces.join("") };
  const { name, pieces } = answer.call;
  const toolCall = {
    id: call.newId("call_"),
    type: "function",
    function: { name, arguments: pieces.join("") },
  };
  return { ...base, content: null, tool_calls: [toolCall] };
}

interface ChunkParts {
  readonly head: JsonObject;
  readonly answers: readonly Answer[];
  /** One tool call id per choice. */
  readonly callIds: readonly string[];
  /** Null when the client did not ask for it. */
  readonly usage: JsonObject | null;
}

function* chunks({ head, answers, callIds, usage }: ChunkParts): Generator<Frame> {
  // Everything but the choices is the same in every chunk: written once, not once per token.
  const start = `data: ${JSON.stringify({ ...head, object: "chat.completion.chunk" }).slice(0, -1)},"choices":[`;
  const end = usage === null ? "]}\n\n" : '],"usage":null}\n\n';
  const chunk = (index: number, delta: string, reason: string | null = null): string =>
    `${start}{"index":${index},"delta":${delta},"logprobs":null,"finish_reason":${JSON.stringify(reason)}}${end}`;
  for (const [index, { call }] of answers.entries()) {
    const delta =
      call === null
        ? '{"role":"assistant","content":"","refusal":null}'
        : '{"role":"assistant","content":null}';
    yield { text: chunk(index, delta), isToken: false };
    const id = callIds[index] ?? "";
    if (call !== null) yield { text: chunk(index, callDelta(id, call)), isToken: false };
  }
  for (const [index, piece] of inTurn(answers.map(piecesOf))) {
    yield { text: chunk(index, pieceDelta(answers[index]?.call ?? null, piece)), isToken: true };
  }
  for (const [index, { ending }] of answers.entries()) {
    yield { text: chunk(index, "{}", finishReasons[ending]), isToken: false };
  }
  if (usage !== null) yield { text: `${start}],"usage":${JSON.stringify(usage)}}\n\n`, isToken: false };
  yield { text: "data: [DONE]\n\n", isToken: false };
}

function piecesOf(answer: Answer): readonly string[] {
  return answer.call?.pieces ?? answer.pieces;
}

/** First delta of a tool call: the only one with its id and name. */
function callDelta(id: string, { name }: ToolCall): string {
  return JSON.stringify({
    tool_calls: [{ index: 0, id, type: "function", function: { name, arguments: "" } }],
  });
}

function pieceDelta(call: ToolCall | null, piece: string): string {
  const text = JSON.stringify(piece);
  return call === null
    ? `{"content":${text}}`
    : `{"tool_calls":[{"index":0,"function":{"arguments":${text}}}]}`;
}
