// Gemini's :generateContent, :streamGenerateContent, :countTokens. Must not know sockets, pace or faults.
import { answerTo } from "../answer.ts";
import type { Answer, Question, Tool, ToolChoice } from "../answer.ts";
import { countConversation, countTools, lastPrompt } from "../conversation.ts";
import {
  isRecord,
  optionalInteger,
  optionalObjects,
  optionalStrings,
  requiredObjects,
  requiredString,
} from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { jsonReply, streamReply } from "../reply.ts";
import type { Call, Frame, Reply } from "../reply.ts";

interface Draft {
  readonly id: string;
  readonly model: string;
  readonly answer: Answer;
  readonly inputTokens: number;
}

/** @throws RefusedRequest (400) for a request that Gemini would refuse. */
export function generateContent(call: Call): Reply {
  const draft = draftOf(call);
  const { answer } = draft;
  return jsonReply(
    chunk(draft, { parts: partsOf(answer), tokens: answer.outputTokens, isLast: true }),
    answer.outputTokens,
    draft.inputTokens,
  );
}

/** As events with `alt=sse`, else as one JSON array that grows. @throws RefusedRequest (400) as above. */
export function streamGenerateContent(call: Call): Reply {
  const draft = draftOf(call);
  const { inputTokens, answer } = draft;
  const { outputTokens } = answer;
  if (call.query.get("alt") === "sse") return streamReply(events(draft), outputTokens, inputTokens);
  return {
    kind: "stream",
    frames: elements(draft),
    outputTokens,
    inputTokens,
    contentType: "application/json; charset=UTF-8",
  };
}

export function countContentTokens(call: Call): Reply {
  const totalTokens = countConversation(readMessages(call.body));
  return jsonReply({ totalTokens, promptTokensDetails: [{ modality: "TEXT", tokenCount: totalTokens }] });
}

function draftOf(call: Call): Draft {
  const { body } = call;
  const [model = ""] = call.params;
  const messages = readMessages(body);
  const system = isRecord(body["systemInstruction"]) ? [messageOf(body["systemInstruction"])] : [];
  const tools = optionalObjects(body, "tools");
  const question = readQuestion(call, { model, messages, tools });
  const inputTokens = countConversation([...system, ...messages]) + countTools(tools);
  return { id: call.newId(""), model, answer: answerTo(question, 0), inputTokens };
}

function readMessages(body: JsonObject): JsonObject[] {
  return requiredObjects(body, "contents").map(messageOf);
}

/** A content in the shape that the other protocols share. */
function messageOf({ role = "user", parts }: JsonObject): JsonObject {
  return { role: role === "model" ? "assistant" : role, content: Array.isArray(parts) ? parts : [parts] };
}

interface Parts {
  readonly model: string;
  readonly messages: readonly JsonObject[];
  readonly tools: readonly JsonObject[];
}

function readQuestion(call: Call, { model, messages, tools }: Parts): Question {
  const { body } = call;
  const config = isRecord(body["generationConfig"]) ? body["generationConfig"] : {};
  const last: unknown = messages.at(-1)?.["content"];
  return {
    model,
    prompt: lastPrompt(messages),
    afterTool:
      Array.isArray(last) && last.some((part) => isRecord(part) && isRecord(part["functionResponse"])),
    tools: tools.flatMap((tool) => optionalObjects(tool, "functionDeclarations").map(readTool)),
    toolChoice: readToolChoice(body["toolConfig"]),
    maxTokens: optionalInteger(config, "maxOutputTokens", 1, Number.MAX_SAFE_INTEGER),
    outputTokens: call.outputTokens,
    stop: optionalStrings(config, "stopSequences", 5),
    answerSchema: config["responseJsonSchema"] ?? lowerTypes(config["responseSchema"] ?? null),
  };
}

function readTool(declaration: JsonObject): Tool {
  const schema = declaration["parametersJsonSchema"] ?? lowerTypes(declaration["parameters"] ?? {});
  return { name: requiredString(declaration, "name"), schema };
}

/** Gemini's own schemas write their types in capitals. */
function lowerTypes(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(lowerTypes);
  if (!isRecord(schema)) return schema;
  const entries = Object.entries(schema).map(([name, value]) => [
    name,
    name === "type" && typeof value === "string" ? value.toLowerCase() : lowerTypes(value),
  ]);
  return Object.fromEntries(entries);
}

function readToolChoice(config: unknown): ToolChoice {
  const calling = isRecord(config) ? config["functionCallingConfig"] : undefined;
  const mode = isRecord(calling) ? calling["mode"] : undefined;
  if (mode === "NONE") return { kind: "none" };
  return mode === "ANY" ? { kind: "forced", name: null } : { kind: "auto" };
}

const finishReasons = { done: "STOP", stop: "STOP", limit: "MAX_TOKENS", tool: "STOP" } as const;

interface Moment {
  readonly parts: readonly JsonObject[];
  /** How many tokens there are by now. */
  readonly tokens: number;
  readonly isLast: boolean;
}

function chunk({ id, model, answer, inputTokens }: Draft, { parts, tokens, isLast }: Moment): JsonObject {
  const finish = isLast ? { finishReason: finishReasons[answer.ending] } : {};
  return {
    candidates: [{ content: { parts, role: "model" }, ...finish, index: 0 }],
    usageMetadata: {
      promptTokenCount: inputTokens,
      candidatesTokenCount: tokens,
      totalTokenCount: inputTokens + tokens,
      promptTokensDetails: [{ modality: "TEXT", tokenCount: inputTokens }],
    },
    modelVersion: model,
    responseId: id,
  };
}

function partsOf({ call, pieces }: Answer): JsonObject[] {
  if (call !== null) return [{ functionCall: { name: call.name, args: call.arguments } }];
  return [{ text: pieces.join("") }];
}

/** A call of a function comes in one piece. */
function* chunks(draft: Draft): Generator<JsonObject> {
  const { answer } = draft;
  const last = answer.pieces.length - 1;
  if (last < 0) yield chunk(draft, { parts: partsOf(answer), tokens: answer.outputTokens, isLast: true });
  for (const [at, text] of answer.pieces.entries()) {
    yield chunk(draft, { parts: [{ text }], tokens: at + 1, isLast: at === last });
  }
}

function* events(draft: Draft): Generator<Frame> {
  for (const data of chunks(draft)) yield { text: `data: ${JSON.stringify(data)}\r\n\r\n`, isToken: true };
}

function* elements(draft: Draft): Generator<Frame> {
  let before = "[";
  for (const data of chunks(draft)) {
    yield { text: `${before}${JSON.stringify(data)}`, isToken: true };
    before = ",\r\n";
  }
  yield { text: "]", isToken: false };
}
