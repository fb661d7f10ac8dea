// The answer of a service to each kind of request, in the steps at which something can happen to it. Must not know the gateway.
import type { DefaultRoute } from "../../src/resources/default-routes.ts";
import { anyAnswer } from "./any-answer.ts";
import type { RouteSample } from "./route-sample.ts";

/** `events`: a stream; `json`: judged whole; `bytes`: anything else. */
export type ScriptKind = "events" | "json" | "bytes";

export interface AnswerScript {
  readonly kind: ScriptKind;
  readonly contentType: string;
  /** Means nothing yet: comments of a stream, the beginning of a JSON text. Empty: the first byte is data. */
  readonly noise: string;
  /** The first that is data. */
  readonly first: string;
  readonly more: string;
  /** Without it the answer is not whole. */
  readonly end: string;
}

interface Events {
  readonly noise?: string;
  readonly first: string;
  readonly more: string;
  readonly end: string;
}

const event = (data: object, name?: string): string =>
  `${name === undefined ? "" : `event: ${name}\n`}data: ${JSON.stringify(data)}\n\n`;
const typed = (type: string, more: object = {}): string => event({ type, ...more }, type);
const choice = (fields: object): string => event({ choices: [{ index: 0, finish_reason: null, ...fields }] });
const part = (text: string): object => ({ candidates: [{ content: { parts: [{ text }] } }] });
const last = { candidates: [{ content: { parts: [{ text: "!" }] }, finishReason: "STOP" }] };

const generated: Events = {
  noise: choice({ delta: { role: "assistant", content: "" } }),
  first: choice({ delta: { content: "Hello" } }),
  more: choice({ delta: { content: " there" } }),
  end: choice({ delta: {}, finish_reason: "stop" }) + "data: [DONE]\n\n",
};

const spoken = (text: string, finish = "null"): string =>
  event({ output: { choices: [{ finish_reason: finish, message: { role: "assistant", content: text } }] } });
const said = (text: string, finish = "null"): string => event({ output: { text, finish_reason: finish } });

/** By API protocol and name of the route. */
const streams: Readonly<Record<string, Events>> = {
  "openai create-chat-completion": generated,
  "openai create-completion": {
    first: choice({ text: "Hello" }),
    more: choice({ text: " there" }),
    end: choice({ text: "", finish_reason: "stop" }) + "data: [DONE]\n\n",
  },
  "openai responses": {
    noise: typed("response.created", { response: { id: "resp_1", status: "in_progress" } }),
    first: typed("response.output_text.delta", { delta: "Hello" }),
    more: typed("response.output_text.delta", { delta: " there" }),
    end: typed("response.completed", { response: { id: "resp_1", status: "completed" } }),
  },
  "anthropic create-message": {
    noise: typed("message_start", { message: { id: "msg_1", usage: { input_tokens: 1 } } }) + typed("ping"),
    first: typed("content_block_start", { index: 0, content_block: { type: "text", text: "" } }),
    more: typed("content_block_delta", { index: 0, delta: { type: "text_delta", text: "Hello" } }),
    end: typed("message_delta", { delta: { stop_reason: "end_turn" } }) + typed("message_stop"),
  },
  "dashscope dashscope-text-generation": {
    noise: said(""),
    first: said("Hello"),
    more: said(" there"),
    end: said("", "stop"),
  },
  "dashscope dashscope-multimodal-generation": {
    noise: spoken(""),
    first: spoken("Hello"),
    more: spoken(" there"),
    end: spoken("", "stop"),
  },
  "gemini gemini-models": { first: event(part("Hello")), more: event(part(" there")), end: event(last) },
  "openai openai-image-generation": {
    first: typed("image_generation.partial_image", { b64_json: "AAAA", partial_image_index: 0 }),
    more: typed("image_generation.partial_image", { b64_json: "AAAA", partial_image_index: 1 }),
    end: typed("image_generation.completed", { b64_json: "AAAA", usage: { output_tokens: 5 } }),
  },
  "openai openai-image-edit": {
    first: typed("image_edit.partial_image", { b64_json: "AAAA", partial_image_index: 0 }),
    more: typed("image_edit.partial_image", { b64_json: "AAAA", partial_image_index: 1 }),
    end: typed("image_edit.completed", { b64_json: "AAAA", usage: { output_tokens: 5 } }),
  },
  "openai openai-audio-speech": {
    first: event({ type: "speech.audio.delta", audio: "AAAA" }),
    more: event({ type: "speech.audio.delta", audio: "AAAA" }),
    end: event({ type: "speech.audio.done", usage: { output_tokens: 5 } }),
  },
  "openai openai-audio-transcriptions": {
    first: event({ type: "transcript.text.delta", delta: "Hello" }),
    more: event({ type: "transcript.text.delta", delta: " there" }),
    end: event({ type: "transcript.text.done", text: "Hello there", usage: { output_tokens: 5 } }),
  },
};

/** Operations that answer bytes: what is sent first is theirs. */
const bytesBySample: ReadonlySet<string> = new Set([
  "openai-audio-speech bytes",
  "openai-audio-transcriptions plain text",
  "files the bytes of one",
  "anthropic-files the bytes of one",
  "comfyui-view bytes",
]);

/** A Gemini stream that is one JSON list. */
const list: AnswerScript = {
  kind: "events",
  contentType: "application/json; charset=UTF-8",
  noise: "[",
  first: JSON.stringify(part("Hello")),
  more: `,\n${JSON.stringify(part(" there"))}`,
  end: `,\n${JSON.stringify(last)}]`,
};

/** The answer to a sample of a route. */
export function scriptOf(row: DefaultRoute, sample: RouteSample): AnswerScript {
  if (sample.what.endsWith("as a list")) return list;
  const events = sample.stream === true ? streams[`${row.protocol} ${row.name}`] : undefined;
  if (events !== undefined) {
    const { noise = "", ...rest } = events;
    return { kind: "events", contentType: "text/event-stream", ...rest, noise: `: keep-alive\n\n${noise}` };
  }
  if (bytesBySample.has(`${row.name} ${sample.what}`)) {
    const contentType = "application/octet-stream";
    return { kind: "bytes", contentType, noise: "", first: "\x00\x01", more: "more", end: "end" };
  }
  const text = anyAnswer(row.path);
  const contentType = "application/json";
  return {
    kind: "json",
    contentType,
    noise: text.slice(0, 1),
    first: text.slice(1, 20),
    more: text.slice(20, -1),
    end: text.slice(-1),
  };
}
