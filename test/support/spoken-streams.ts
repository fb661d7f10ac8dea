// Streams of every protocol that say a text in given pieces, and what a client hears of one. Written without the code
// that is tested by them.
import type { RouteProtocol } from "../../src/core/protocol.ts";

export interface SpokenStream {
  readonly protocol: RouteProtocol;
  readonly path: string;
  readonly body: string;
  /** Content type of the answer. */
  readonly type: string;
  /** The stream that says the pieces, whole. */
  speak(pieces: readonly string[]): string;
  /** What a client of the protocol hears. */
  hear(stream: string): string;
  /** What stands in a stream that was ended as content was blocked. */
  readonly blockedMark: string;
}

const sse = (value: unknown, name = ""): string =>
  `${name === "" ? "" : `event: ${name}\n`}data: ${JSON.stringify(value)}\n\n`;

/** Data of the events of a stream, parsed; others left out. */
function eventsOf(stream: string): Record<string, never>[] {
  const items = stream.trimStart().startsWith("[")
    ? (JSON.parse(stream) as unknown[])
    : stream
        .split(/\r?\n\r?\n/)
        .flatMap((block) => /^data: ?(.*)$/m.exec(block)?.[1] ?? [])
        .filter((data) => data !== "[DONE]")
        .map((data) => JSON.parse(data) as unknown);
  // Answers of our own making: their shape is that of the speaker beside it.
  return items as Record<string, never>[];
}

type Loose = { readonly [key: string]: Loose } & readonly Loose[];

function hearBy(pick: (event: Loose) => unknown): (stream: string) => string {
  return (stream) =>
    eventsOf(stream)
      .map((event) => pick(event as unknown as Loose))
      .filter((said) => typeof said === "string")
      .join("");
}

const ask = (more = {}): string =>
  JSON.stringify({ model: "m", stream: true, ...more, messages: [{ role: "user", content: "Hi" }] });

const chatChunk = (delta: object, finish: string | null = null): string =>
  sse({
    id: "c1",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });

const openaiChat = {
  protocol: "openai",
  path: "/v1/chat/completions",
  body: ask(),
  type: "text/event-stream",
  blockedMark: '"finish_reason":"content_filter"',
} as const;

const chatEnd = `${chatChunk({}, "stop")}data: [DONE]\n\n`;

const anthropicEvents = (block: object, deltas: readonly object[]): string =>
  sse(
    {
      type: "message_start",
      message: {
        id: "m1",
        type: "message",
        role: "assistant",
        model: "m",
        content: [],
        stop_reason: null,
        stop_sequence: null,
        usage: { input_tokens: 1, output_tokens: 1 },
      },
    },
    "message_start",
  ) +
  sse({ type: "content_block_start", index: 0, content_block: block }, "content_block_start") +
  deltas
    .map((delta) => sse({ type: "content_block_delta", index: 0, delta }, "content_block_delta"))
    .join("") +
  sse({ type: "content_block_stop", index: 0 }, "content_block_stop") +
  sse(
    {
      type: "message_delta",
      delta: { stop_reason: "end_turn", stop_sequence: null },
      usage: { output_tokens: 9 },
    },
    "message_delta",
  ) +
  sse({ type: "message_stop" }, "message_stop");

const anthropicStream = {
  protocol: "anthropic",
  path: "/v1/messages",
  body: ask({ max_tokens: 9 }),
  type: "text/event-stream",
  blockedMark: '"stop_reason":"refusal"',
} as const;

const response = {
  id: "r1",
  object: "response",
  created_at: 1,
  model: "m",
  status: "in_progress",
  output: [],
};

function responsesEvents(pieces: readonly string[]): string {
  const events: object[] = [
    { type: "response.created", response },
    {
      type: "response.output_item.added",
      output_index: 0,
      item: { id: "i1", type: "message", role: "assistant", status: "in_progress", content: [] },
    },
    {
      type: "response.content_part.added",
      item_id: "i1",
      output_index: 0,
      content_index: 0,
      part: { type: "output_text", text: "", annotations: [] },
    },
    ...pieces.map((delta) => ({
      type: "response.output_text.delta",
      item_id: "i1",
      output_index: 0,
      content_index: 0,
      delta,
    })),
    {
      type: "response.output_text.done",
      item_id: "i1",
      output_index: 0,
      content_index: 0,
      text: pieces.join(""),
    },
    {
      type: "response.completed",
      response: {
        ...response,
        status: "completed",
        output: [
          {
            id: "i1",
            type: "message",
            role: "assistant",
            status: "completed",
            content: [{ type: "output_text", text: pieces.join(""), annotations: [] }],
          },
        ],
        usage: { input_tokens: 1, output_tokens: 9, total_tokens: 10 },
      },
    },
  ];
  return events
    .map((event, at) => sse({ ...event, sequence_number: at }, (event as { type: string }).type))
    .join("");
}

const dashscopeEvent = (at: number, content: string, finish: string): string =>
  `id:${at}\nevent:result\n:HTTP_STATUS/200\ndata: ${JSON.stringify({
    output: { choices: [{ message: { content, role: "assistant" }, finish_reason: finish }] },
    usage: { total_tokens: 9, input_tokens: 1, output_tokens: 8 },
    request_id: "q1",
  })}\n\n`;

const dashscopeStream = {
  protocol: "dashscope",
  path: "/api/v1/services/aigc/text-generation/generation",
  type: "text/event-stream",
  blockedMark: '"finish_reason":"content_filter"',
} as const;

const geminiChunk = (text: string, finish?: string): object => ({
  candidates: [
    {
      content: { parts: [{ text }], role: "model" },
      index: 0,
      ...(finish === undefined ? {} : { finishReason: finish }),
    },
  ],
  usageMetadata: { promptTokenCount: 1, candidatesTokenCount: 8, totalTokenCount: 9 },
  modelVersion: "m",
});

const geminiBody = JSON.stringify({ contents: [{ role: "user", parts: [{ text: "Hi" }] }] });
const geminiText = hearBy((event) => event["candidates"]?.[0]?.["content"]?.["parts"]?.[0]?.["text"]);

/** The choice of a chat chunk. */
const delta = (event: Loose): Loose | undefined => event["choices"]?.[0]?.["delta"];

export const spokenStreams: Readonly<Record<string, SpokenStream>> = {
  "OpenAI chat": {
    ...openaiChat,
    speak: (pieces) => pieces.map((content) => chatChunk({ content })).join("") + chatEnd,
    hear: hearBy((event) => delta(event)?.["content"]),
  },
  "reasoning in an OpenAI chat": {
    ...openaiChat,
    speak: (pieces) =>
      pieces.map((reasoning_content) => chatChunk({ reasoning_content })).join("") +
      chatChunk({ content: "So it is, and so it was before, as everybody knows by now." }) +
      chatEnd,
    hear: hearBy((event) => delta(event)?.["reasoning_content"]),
  },
  "a tool call in an OpenAI chat": {
    ...openaiChat,
    speak: (pieces) =>
      chatChunk({ tool_calls: [{ index: 0, id: "t1", type: "function", function: { name: "say" } }] }) +
      pieces
        .map((said) => chatChunk({ tool_calls: [{ index: 0, function: { arguments: said } }] }))
        .join("") +
      chatEnd,
    hear: hearBy((event) => delta(event)?.["tool_calls"]?.[0]?.["function"]?.["arguments"]),
  },
  "OpenAI completions": {
    ...openaiChat,
    path: "/v1/completions",
    body: JSON.stringify({ model: "m", stream: true, prompt: "Hi" }),
    speak: (pieces) =>
      pieces
        .map((text) =>
          sse({
            id: "c1",
            object: "text_completion",
            created: 1,
            model: "m",
            choices: [{ index: 0, text, logprobs: null, finish_reason: null }],
          }),
        )
        .join("") + "data: [DONE]\n\n",
    hear: hearBy((event) => event["choices"]?.[0]?.["text"]),
  },
  Responses: {
    protocol: "openai-responses",
    path: "/v1/responses",
    body: JSON.stringify({ model: "m", stream: true, input: "Hi" }),
    type: "text/event-stream",
    blockedMark: '"incomplete_details":{"reason":"content_filter"}',
    speak: responsesEvents,
    hear: hearBy((event) => event["delta"] ?? event["text"]),
  },
  Anthropic: {
    ...anthropicStream,
    speak: (pieces) =>
      anthropicEvents(
        { type: "text", text: "" },
        pieces.map((text) => ({ type: "text_delta", text })),
      ),
    hear: hearBy((event) => event["delta"]?.["text"]),
  },
  "a tool call of Anthropic": {
    ...anthropicStream,
    speak: (pieces) =>
      anthropicEvents(
        { type: "tool_use", id: "t1", name: "say", input: {} },
        pieces.map((partial_json) => ({ type: "input_json_delta", partial_json })),
      ),
    hear: hearBy((event) => event["delta"]?.["partial_json"]),
  },
  "DashScope, what is new alone": {
    ...dashscopeStream,
    body: JSON.stringify({
      model: "m",
      input: { messages: [{ role: "user", content: "Hi" }] },
      parameters: { incremental_output: true, result_format: "message" },
    }),
    speak: (pieces) =>
      pieces.map((piece, at) => dashscopeEvent(at, piece, "null")).join("") +
      dashscopeEvent(pieces.length, "", "stop"),
    hear: hearBy((event) => event["output"]?.["choices"]?.[0]?.["message"]?.["content"]),
  },
  "DashScope, all again each time": {
    ...dashscopeStream,
    body: JSON.stringify({ model: "m", input: { messages: [{ role: "user", content: "Hi" }] } }),
    speak: (pieces) =>
      pieces.map((_, at) => dashscopeEvent(at, pieces.slice(0, at + 1).join(""), "null")).join("") +
      dashscopeEvent(pieces.length, pieces.join(""), "stop"),
    hear: (stream) =>
      eventsOf(stream)
        .map((event) =>
          String((event as unknown as Loose)["output"]?.["choices"]?.[0]?.["message"]?.["content"]),
        )
        .reduce((longest, text) => (text.length > longest.length ? text : longest), ""),
  },
  "Gemini as events": {
    protocol: "gemini",
    path: "/v1beta/models/m:streamGenerateContent?alt=sse",
    body: geminiBody,
    type: "text/event-stream",
    blockedMark: '"finishReason":"SAFETY"',
    speak: (pieces) =>
      pieces.map((piece) => `data: ${JSON.stringify(geminiChunk(piece))}\r\n\r\n`).join("") +
      `data: ${JSON.stringify(geminiChunk("", "STOP"))}\r\n\r\n`,
    hear: geminiText,
  },
  "Gemini as a list": {
    protocol: "gemini",
    path: "/v1beta/models/m:streamGenerateContent",
    body: geminiBody,
    type: "application/json",
    blockedMark: '"finishReason":"SAFETY"',
    speak: (pieces) =>
      `[${[...pieces.map((piece) => geminiChunk(piece)), geminiChunk("", "STOP")]
        .map((chunk) => JSON.stringify(chunk))
        .join(",\r\n")}\n]`,
    hear: geminiText,
  },
};
