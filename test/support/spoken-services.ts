// The same short answer as services of each protocol give it, whole and streamed. Written from their documentation; must
// not know translators.
import { bedrockEvent, eventStreamType } from "./bedrock-recordings.ts";
import type { Played, TranslatedService } from "./translation-scene.ts";

export const spokenText = "Hello";
export const spokenUsage = { inputTokens: 7, outputTokens: 3 };

export interface Spoken {
  readonly whole: Played;
  readonly stream: Played;
  /** Bytes of the stream after which nothing is complete: its first half of the text was said. */
  readonly begun: number;
}

const sse = (data: object, name?: string): string =>
  `${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
const typed = (data: Readonly<Record<string, unknown>> & { readonly type: string }): string =>
  sse(data, data.type);

/** @param pieces the beginning, and what follows it */
function spoken(
  whole: object,
  pieces: readonly [Buffer | string, Buffer | string],
  type = "text/event-stream",
): Spoken {
  const [begun, rest] = pieces.map((piece) => Buffer.from(piece));
  return {
    whole: { body: JSON.stringify(whole) },
    stream: { type, body: Buffer.concat([begun ?? Buffer.alloc(0), rest ?? Buffer.alloc(0)]) },
    begun: begun?.length ?? 0,
  };
}

const chunk = (delta: object, finish: string | null = null) =>
  sse({
    id: "c",
    object: "chat.completion.chunk",
    created: 1,
    model: "m",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
const openaiUsage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
const openai = spoken(
  {
    id: "c",
    object: "chat.completion",
    created: 1,
    model: "m",
    choices: [{ index: 0, message: { role: "assistant", content: "Hello" }, finish_reason: "stop" }],
    usage: openaiUsage,
  },
  [
    chunk({ role: "assistant", content: "" }) + chunk({ content: "Hel" }),
    chunk({ content: "lo" }) +
      chunk({}, "stop") +
      sse({
        id: "c",
        object: "chat.completion.chunk",
        created: 1,
        model: "m",
        choices: [],
        usage: openaiUsage,
      }) +
      "data: [DONE]\n\n",
  ],
);

const message = { id: "msg_1", type: "message", role: "assistant", model: "m", stop_sequence: null };
const anthropic = spoken(
  {
    ...message,
    content: [{ type: "text", text: "Hello" }],
    stop_reason: "end_turn",
    usage: { input_tokens: 7, output_tokens: 3 },
  },
  [
    typed({
      type: "message_start",
      message: { ...message, content: [], stop_reason: null, usage: { input_tokens: 7, output_tokens: 1 } },
    }) +
      typed({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }) +
      typed({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hel" } }),
    typed({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "lo" } }) +
      typed({ type: "content_block_stop", index: 0 }) +
      typed({
        type: "message_delta",
        delta: { stop_reason: "end_turn", stop_sequence: null },
        usage: { output_tokens: 3 },
      }) +
      typed({ type: "message_stop" }),
  ],
);

const geminiUsage = { promptTokenCount: 7, candidatesTokenCount: 3, totalTokenCount: 10 };
const candidate = (text: string, end: object = {}) => ({
  candidates: [{ content: { role: "model", parts: [{ text }] }, index: 0, ...end }],
  modelVersion: "m",
  responseId: "r",
});
const gemini = spoken({ ...candidate("Hello", { finishReason: "STOP" }), usageMetadata: geminiUsage }, [
  sse(candidate("Hel")),
  sse({ ...candidate("lo", { finishReason: "STOP" }), usageMetadata: geminiUsage }),
]);

const converseUsage = { inputTokens: 7, outputTokens: 3, totalTokens: 10 };
const bedrock = spoken(
  {
    output: { message: { role: "assistant", content: [{ text: "Hello" }] } },
    stopReason: "end_turn",
    usage: converseUsage,
    metrics: { latencyMs: 1 },
  },
  [
    Buffer.concat([
      bedrockEvent("messageStart", { role: "assistant" }),
      bedrockEvent("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "Hel" } }),
    ]),
    Buffer.concat([
      bedrockEvent("contentBlockDelta", { contentBlockIndex: 0, delta: { text: "lo" } }),
      bedrockEvent("contentBlockStop", { contentBlockIndex: 0 }),
      bedrockEvent("messageStop", { stopReason: "end_turn" }),
      bedrockEvent("metadata", { usage: converseUsage, metrics: { latencyMs: 1 } }),
    ]),
  ],
  eventStreamType,
);

const output = (content: string, finish: string) => ({
  output: { choices: [{ message: { role: "assistant", content }, finish_reason: finish }] },
  usage: { input_tokens: 7, output_tokens: 3, total_tokens: 10 },
  request_id: "r",
});
const dashscope = spoken(output("Hello", "stop"), [
  sse(output("Hel", "null"), "result"),
  sse(output("lo", "stop"), "result"),
]);

const response = { id: "resp_1", object: "response", created_at: 1, model: "m", error: null };
const item = { type: "message", id: "msg_1", role: "assistant" };
const said = {
  ...item,
  status: "completed",
  content: [{ type: "output_text", text: "Hello", annotations: [] }],
};
const responsesUsage = { input_tokens: 7, output_tokens: 3, total_tokens: 10 };
const completed = { ...response, status: "completed", output: [said], usage: responsesUsage };
const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
const openaiResponses = spoken(completed, [
  typed({ type: "response.created", response: { ...response, status: "in_progress", output: [] } }) +
    typed({
      type: "response.output_item.added",
      output_index: 0,
      item: { ...item, status: "in_progress", content: [] },
    }) +
    typed({
      type: "response.content_part.added",
      ...place,
      part: { type: "output_text", text: "", annotations: [] },
    }) +
    typed({ type: "response.output_text.delta", ...place, delta: "Hel" }),
  typed({ type: "response.output_text.delta", ...place, delta: "lo" }) +
    typed({ type: "response.output_text.done", ...place, text: "Hello" }) +
    typed({ type: "response.output_item.done", output_index: 0, item: said }) +
    typed({ type: "response.completed", response: completed }),
]);

export const spokenServices: Readonly<Record<TranslatedService, Spoken>> = {
  openai,
  anthropic,
  gemini,
  bedrock,
  dashscope,
  "openai-responses": openaiResponses,
};
