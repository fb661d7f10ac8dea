// DashScope's text and multimodal generation, plain and streamed. Must not know sockets, pace or faults.
import { answerTo } from "../answer.ts";
import type { Answer, Question, Tool, ToolChoice } from "../answer.ts";
import { countConversation, countTools, lastPrompt } from "../conversation.ts";
import { dashscopeErrors } from "../error-shapes.ts";
import {
  isRecord,
  missing,
  optionalBoolean,
  optionalInteger,
  optionalObjects,
  requiredObjects,
  requiredString,
} from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { finishReasons } from "../openai-request.ts";
import { RefusedRequest } from "../refused-request.ts";
import { jsonReply, streamReply } from "../reply.ts";
import type { Call, Frame, Reply } from "../reply.ts";

/** How an answer's words are written down: flat, as a message, or as a message in parts. */
type Form = "text" | "message" | "parts";

export const generateText = (call: Call): Reply => generate(call, "text");

/** Models that draw or speak answer with addresses, at once. */
export function generateMultimodal(call: Call): Reply {
  const { body, origin } = call;
  const model = String(body["model"]);
  const input = isRecord(body["input"]) ? body["input"] : {};
  const request_id = call.newUuid();
  if (/image|^wan/.test(model)) {
    const content = [{ image: `${origin}/simulated/${request_id}.png` }];
    const choice = { finish_reason: "stop", message: { role: "assistant", content } };
    const usage = { image_count: 1, width: 1024, height: 1024 };
    const messages = optionalObjects(input, "messages");
    return jsonReply({ output: { choices: [choice] }, usage, request_id }, 0, countConversation(messages));
  }
  if (typeof input["text"] === "string") {
    const audio = { id: `audio_${request_id}`, data: "", url: `${origin}/simulated/${request_id}.wav` };
    const usage = { characters: input["text"].length };
    return jsonReply({ output: { finish_reason: "stop", audio }, usage, request_id });
  }
  return generate(call, "parts");
}

function generate(call: Call, form: Form): Reply {
  const accept = call.header("accept") ?? "";
  const isStream = call.header("x-dashscope-sse") === "enable" || accept.includes("text/event-stream");
  try {
    return answerCall(call, form, isStream);
  } catch (error) {
    // A stream has begun with a 200 before the request is looked at.
    if (!isStream || !(error instanceof RefusedRequest)) throw error;
    const text = dashscopeErrors.event(error, call.newId("req_"));
    return streamReply([{ text, isToken: false }], 0);
  }
}

function answerCall(call: Call, usualForm: Form, isStream: boolean): Reply {
  const { body } = call;
  const model = requiredString(body, "model");
  const input = isRecord(body["input"]) ? body["input"] : missing("input");
  const parameters = isRecord(body["parameters"]) ? body["parameters"] : {};
  const messages = readMessages(input);
  const tools = optionalObjects(parameters, "tools");
  const question = readQuestion(call, { model, messages, parameters, tools });
  const draft: Draft = {
    requestId: call.newUuid(),
    callId: call.newId("call_"),
    answer: answerTo(question, 0),
    inputTokens: countConversation(messages) + countTools(tools),
    form: usualForm === "text" && parameters["result_format"] === "message" ? "message" : usualForm,
  };
  const { inputTokens, answer } = draft;
  const { outputTokens } = answer;
  if (isStream) {
    const frames = events(draft, optionalBoolean(parameters, "incremental_output"));
    return streamReply(frames, outputTokens, inputTokens);
  }
  const whole = eventAt(draft, { isFirst: true, pieces: piecesOf(draft), isLast: true });
  return jsonReply(whole, outputTokens, inputTokens);
}

/** The messages, or the prompt as one. */
function readMessages(input: JsonObject): readonly JsonObject[] {
  const { prompt } = input;
  if (input["messages"] !== undefined) return requiredObjects(input, "messages");
  return typeof prompt === "string" ? [{ role: "user", content: prompt }] : missing("input.messages");
}

interface Parts {
  readonly model: string;
  readonly messages: readonly JsonObject[];
  readonly parameters: JsonObject;
  readonly tools: readonly JsonObject[];
}

function readQuestion(call: Call, { model, messages, parameters, tools }: Parts): Question {
  const functions = tools.flatMap(({ function: definition }): Tool[] => {
    if (!isRecord(definition)) return [];
    return [{ name: requiredString(definition, "name"), schema: definition["parameters"] ?? {} }];
  });
  const stop = parameters["stop"] ?? [];
  return {
    model,
    prompt: lastPrompt(messages),
    afterTool: messages.at(-1)?.["role"] === "tool",
    tools: functions,
    toolChoice: readToolChoice(parameters["tool_choice"]),
    maxTokens: optionalInteger(parameters, "max_tokens", 1, Number.MAX_SAFE_INTEGER),
    outputTokens: call.outputTokens,
    // Stops may also be token numbers, which say nothing here.
    stop: (Array.isArray(stop) ? stop : [stop]).filter((entry: unknown) => typeof entry === "string"),
    answerSchema: null,
  };
}

function readToolChoice(choice: unknown): ToolChoice {
  const named = isRecord(choice) && isRecord(choice["function"]) ? choice["function"]["name"] : null;
  if (typeof named === "string") return { kind: "forced", name: named };
  return { kind: choice === "none" ? "none" : "auto" };
}

interface Draft {
  readonly requestId: string;
  readonly callId: string;
  readonly answer: Answer;
  readonly inputTokens: number;
  readonly form: Form;
}

/** A moment of the answer: what of it the event tells. */
interface Moment {
  readonly isFirst: boolean;
  readonly pieces: readonly string[];
  readonly isLast: boolean;
  /** How many tokens there are by now; default: those told. */
  readonly tokens?: number;
}

function piecesOf({ answer }: Draft): readonly string[] {
  return answer.call?.pieces ?? answer.pieces;
}

/** Each event repeats all that was said before, unless only the new is asked for. */
function* events(draft: Draft, isIncremental: boolean): Generator<Frame> {
  const pieces = piecesOf(draft);
  let id = 0;
  const frame = (moment: Moment, isToken: boolean): Frame => {
    id += 1;
    const data = JSON.stringify(eventAt(draft, moment));
    return { text: `id:${id}\nevent:result\n:HTTP_STATUS/200\ndata:${data}\n\n`, isToken };
  };
  for (const at of pieces.keys()) {
    const told = pieces.slice(isIncremental ? at : 0, at + 1);
    yield frame({ isFirst: at === 0 || !isIncremental, pieces: told, isLast: false, tokens: at + 1 }, true);
  }
  const rest = isIncremental ? [] : pieces;
  yield frame({ isFirst: !isIncremental, pieces: rest, isLast: true, tokens: pieces.length }, false);
}

function eventAt(draft: Draft, moment: Moment): JsonObject {
  const { inputTokens: input_tokens, answer, form, requestId } = draft;
  const output_tokens = moment.tokens ?? moment.pieces.length;
  // The vendor writes the word where others write null.
  const finish_reason = moment.isLast ? finishReasons[answer.ending] : "null";
  const output =
    form === "text" && answer.call === null
      ? { finish_reason, text: moment.pieces.join("") }
      : { choices: [{ finish_reason, message: messageAt(draft, moment) }] };
  const usage = { total_tokens: input_tokens + output_tokens, input_tokens, output_tokens };
  return { output, usage, request_id: requestId };
}

function messageAt({ answer, form, callId }: Draft, { isFirst, pieces }: Moment): JsonObject {
  const text = pieces.join("");
  if (answer.call === null) {
    const content = form === "parts" ? (text === "" ? [] : [{ text }]) : text;
    return { role: "assistant", content };
  }
  const called = { name: isFirst ? answer.call.name : "", arguments: text };
  const tool_calls = [{ index: 0, id: isFirst ? callId : "", type: "function", function: called }];
  return { role: "assistant", content: form === "parts" ? [] : "", tool_calls };
}
