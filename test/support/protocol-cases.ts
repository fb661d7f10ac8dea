// One working exchange per client protocol, plain and streamed, as data for the tables of other suites. Must not know the gateway.

export type CaseProtocol = "openai" | "anthropic";

/** What a client of one protocol sends and what a healthy service answers. */
export interface ProtocolCase {
  readonly protocol: CaseProtocol;
  readonly path: string;
  readonly model: string;
  /** Body of a request, without any usage option of OpenAI. */
  request(stream: boolean): string;
  /** A whole JSON answer. */
  readonly answer: string;
  /** Events of a stream that mean nothing yet: nothing may reach the client after these alone. */
  readonly noise: string;
  /** The first events that carry data. */
  readonly semantic: string;
  /** What ends the stream honestly. */
  readonly closing: string;
  /** Bytes that only an honest end holds. */
  readonly endMarker: string;
  /** Bytes that a broken stream's error event begins with. */
  readonly errorEvent: string;
  /** A comment line, as services send to keep a connection open. */
  readonly comment: string;
  /** Usage of both answers, as it must be recorded. */
  readonly usage: { readonly inputTokens: number; readonly outputTokens: number };
  /** A top-level error inside a 200, and as the first event of a stream. */
  readonly errorIn200: string;
  /** An answer and a stream that hold nothing. */
  readonly empty: string;
}

const prompt = [{ role: "user", content: "Say moon." }];

function sse(...events: readonly (readonly [event: string, data: unknown])[]): string {
  return events
    .map(([event, data]) => {
      const text = typeof data === "string" ? data : JSON.stringify(data);
      return `${event === "" ? "" : `event: ${event}\n`}data: ${text}\n\n`;
    })
    .join("");
}

function openaiChunk(choices: unknown, more: object = {}): unknown {
  return { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model: "small", choices, ...more };
}

const openai: ProtocolCase = {
  protocol: "openai",
  path: "/v1/chat/completions",
  model: "small",
  request: (stream) =>
    JSON.stringify({ model: "small", messages: prompt, ...(stream ? { stream: true } : {}) }),
  answer: JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "small",
    choices: [{ index: 0, message: { role: "assistant", content: "Moon." }, finish_reason: "stop" }],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
  }),
  noise: sse([
    "",
    openaiChunk([{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: null }]),
  ]),
  semantic: sse(["", openaiChunk([{ index: 0, delta: { content: "Moon" }, finish_reason: null }])]),
  closing: sse(
    [
      "",
      openaiChunk([{ index: 0, delta: {}, finish_reason: "stop" }], {
        usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
      }),
    ],
    ["", "[DONE]"],
  ),
  endMarker: "[DONE]",
  errorEvent: 'data: {"error":',
  comment: ": keep-alive\n\n",
  usage: { inputTokens: 11, outputTokens: 7 },
  errorIn200: JSON.stringify({
    error: { message: "the model burnt down", type: "server_error", code: null },
  }),
  empty: JSON.stringify({
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model: "small",
    choices: [],
  }),
};

const anthropic: ProtocolCase = {
  protocol: "anthropic",
  path: "/v1/messages",
  model: "small",
  request: (stream) =>
    JSON.stringify({ model: "small", max_tokens: 64, messages: prompt, ...(stream ? { stream: true } : {}) }),
  answer: JSON.stringify({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "small",
    content: [{ type: "text", text: "Moon." }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 11, output_tokens: 7 },
  }),
  noise: sse(
    [
      "message_start",
      {
        type: "message_start",
        message: {
          id: "msg_1",
          type: "message",
          role: "assistant",
          model: "small",
          content: [],
          stop_reason: null,
          stop_sequence: null,
          usage: { input_tokens: 11, output_tokens: 1 },
        },
      },
    ],
    ["ping", { type: "ping" }],
  ),
  semantic: sse(
    [
      "content_block_start",
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    ],
    [
      "content_block_delta",
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Moon." } },
    ],
  ),
  closing: sse(
    ["content_block_stop", { type: "content_block_stop", index: 0 }],
    [
      "message_delta",
      {
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { output_tokens: 7 },
      },
    ],
    ["message_stop", { type: "message_stop" }],
  ),
  endMarker: "message_stop",
  errorEvent: "event: error\n",
  comment: sse(["ping", { type: "ping" }]),
  usage: { inputTokens: 11, outputTokens: 7 },
  errorIn200: JSON.stringify({
    type: "error",
    error: { type: "api_error", message: "the model burnt down" },
  }),
  empty: JSON.stringify({
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: "small",
    content: [],
    stop_reason: null,
    usage: { input_tokens: 11, output_tokens: 0 },
  }),
};

export const openaiCase = openai;

export const protocolCases: readonly ProtocolCase[] = [openai, anthropic];
