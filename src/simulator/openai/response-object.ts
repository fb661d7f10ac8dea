// The response object of /v1/responses and the events that it is streamed as. Must not know requests or state.
import type { Answer } from "../answer.ts";
import type { JsonObject } from "../fields.ts";
import { sseFrame } from "../reply.ts";
import type { Call, Frame } from "../reply.ts";

export interface ResponseDraft {
  readonly id: string;
  readonly itemId: string;
  readonly callId: string;
  readonly model: string;
  readonly answer: Answer;
  readonly inputTokens: number;
  /** The request's body, of which the response repeats the settings. */
  readonly request: JsonObject;
  readonly createdAt: number;
}

/** Settings that a response repeats, with what they are where the request does not say. */
const repeated: JsonObject = {
  background: false,
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  store: true,
  temperature: 1,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_p: 1,
  truncation: "disabled",
};

export function draftOf(
  call: Call,
  { model, answer, inputTokens }: Pick<ResponseDraft, "model" | "answer" | "inputTokens">,
): ResponseDraft {
  return {
    id: call.newId("resp_"),
    itemId: call.newId(answer.call === null ? "msg_" : "fc_"),
    callId: call.newId("call_"),
    model,
    answer,
    inputTokens,
    request: call.body,
    createdAt: call.createdAt,
  };
}

/** The response as it stands at the end. */
export function finalResponse(draft: ResponseDraft): JsonObject {
  const { answer, inputTokens, createdAt } = draft;
  const isCut = answer.ending === "limit";
  return {
    ...responseAt(draft, isCut ? "incomplete" : "completed"),
    completed_at: isCut ? null : createdAt,
    incomplete_details: isCut ? { reason: "max_output_tokens" } : null,
    output: [itemOf(draft, isCut ? "incomplete" : "completed")],
    usage: {
      input_tokens: inputTokens,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: answer.outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: inputTokens + answer.outputTokens,
    },
  };
}

/** The response before it has any output. */
export function responseAt({ id, createdAt, model, request }: ResponseDraft, status: string): JsonObject {
  const settings = Object.entries(repeated).map(([name, usual]) => [name, request[name] ?? usual]);
  return {
    id,
    object: "response",
    created_at: createdAt,
    status,
    completed_at: null,
    error: null,
    incomplete_details: null,
    model,
    output: [],
    ...Object.fromEntries(settings),
    usage: null,
  };
}

function itemOf({ answer, itemId: id, callId: call_id }: ResponseDraft, status: string): JsonObject {
  const { call, pieces } = answer;
  const isDone = status !== "in_progress";
  if (call !== null) {
    const text = isDone ? call.pieces.join("") : "";
    return { id, type: "function_call", status, arguments: text, call_id, name: call.name };
  }
  const content = isDone ? [partOf(pieces.join(""))] : [];
  return { id, type: "message", status, role: "assistant", content };
}

function partOf(text: string): JsonObject {
  return { type: "output_text", annotations: [], logprobs: [], text };
}

/** The whole event stream of a response, numbered from 0. */
export function* responseEvents(draft: ResponseDraft): Generator<Frame> {
  let sequence_number = 0;
  for (const { type, data, isToken } of unnumbered(draft)) {
    yield sseFrame({ type, sequence_number, ...data }, { name: type, isToken: isToken === true });
    sequence_number += 1;
  }
}

interface Event {
  readonly type: string;
  readonly data: JsonObject;
  readonly isToken?: boolean;
}

function* unnumbered(draft: ResponseDraft): Generator<Event> {
  const response = responseAt(draft, "in_progress");
  yield { type: "response.created", data: { response } };
  yield { type: "response.in_progress", data: { response } };
  yield { type: "response.output_item.added", data: { output_index: 0, item: itemOf(draft, "in_progress") } };
  yield* draft.answer.call === null ? textEvents(draft) : argumentEvents(draft);
  const last = finalResponse(draft);
  const status = String(last["status"]);
  yield { type: "response.output_item.done", data: { output_index: 0, item: itemOf(draft, status) } };
  yield { type: `response.${status}`, data: { response: last } };
}

function* textEvents({ answer, itemId: item_id }: ResponseDraft): Generator<Event> {
  const place = { item_id, output_index: 0, content_index: 0 };
  const text = answer.pieces.join("");
  yield { type: "response.content_part.added", data: { ...place, part: partOf("") } };
  for (const delta of answer.pieces) {
    yield { type: "response.output_text.delta", data: { ...place, delta, logprobs: [] }, isToken: true };
  }
  yield { type: "response.output_text.done", data: { ...place, text, logprobs: [] } };
  yield { type: "response.content_part.done", data: { ...place, part: partOf(text) } };
}

function* argumentEvents({ answer, itemId: item_id }: ResponseDraft): Generator<Event> {
  const { name = "", pieces = [] } = answer.call ?? {};
  const place = { item_id, output_index: 0 };
  for (const delta of pieces) {
    yield { type: "response.function_call_arguments.delta", data: { ...place, delta }, isToken: true };
  }
  const done = { ...place, name, arguments: pieces.join("") };
  yield { type: "response.function_call_arguments.done", data: done };
}
