// Clients that want something said: OpenAI's, as bytes or as events. Must not know services.
import type { Usage } from "../../core/usage.ts";
import { isRawNumber, numberIn } from "../../lib/exact-json.ts";
import type { JsonObject } from "../../lib/json-value.ts";
import { fault, isObject, objectAt, optionalText, own, textAt } from "../clients/openai/field-faults.ts";
import type { ClientRequest } from "../translation.ts";
import type { SpeechClient } from "./speech.ts";
import type { SoundFormat, SoundWriter, SpeechAsk } from "./speech-form.ts";

const formats: Readonly<Record<SoundFormat, string>> = {
  mp3: "audio/mpeg",
  opus: "audio/opus",
  aac: "audio/aac",
  flac: "audio/flac",
  wav: "audio/wav",
  pcm: "audio/pcm",
};

const fields: ReadonlySet<string> = new Set([
  "model",
  "input",
  "voice",
  "response_format",
  "speed",
  "instructions",
  "stream_format",
]);
/** Far beyond what OpenAI takes. */
const longestInput = 100_000;
const speeds = { slowest: 0.25, fastest: 4 };

export const openaiSpeechClient: SpeechClient = {
  ask: readSpeech,
  writer: ({ stream }) => (stream ? soundEvents : soundBytes),
};

function readSpeech({ body }: ClientRequest): SpeechAsk {
  const asked = objectAt(body, "body");
  const input = textAt(own(asked, "input"), "input");
  if (input.trim() === "") throw fault("input", "must not be empty");
  if (input.length > longestInput) throw fault("input", `must not have more than ${longestInput} characters`);
  const format = own(asked, "response_format") ?? "mp3";
  if (!isFormat(format)) throw fault("response_format", `must be one of ${Object.keys(formats).join(", ")}`);
  const stream = own(asked, "stream_format");
  if (stream !== undefined && stream !== "sse" && stream !== "audio")
    throw fault("stream_format", "must be audio or sse");
  const others: Record<string, unknown> = { __proto__: null };
  for (const name of Object.keys(asked)) if (!fields.has(name)) others[name] = asked[name];
  return {
    input,
    voice: voiceIn(asked),
    format,
    speed: speedIn(own(asked, "speed")),
    instructions: optionalText(asked, "instructions", ""),
    others,
  };
}

function isFormat(value: unknown): value is SoundFormat {
  return typeof value === "string" && Object.hasOwn(formats, value);
}

/** A name, or a voice of one's own by its id. */
function voiceIn(asked: JsonObject): string {
  const voice = own(asked, "voice");
  if (isObject(voice)) return textAt(own(voice, "id"), "voice.id");
  return textAt(voice, "voice");
}

function speedIn(value: unknown): number {
  if (value === undefined) return 1;
  const speed = numberIn(value);
  if (speed === undefined || speed < speeds.slowest || speed > speeds.fastest || isRawNumber(value))
    throw fault("speed", `must be a number from ${speeds.slowest} to ${speeds.fastest}`);
  return speed;
}

/** Bytes as they come. */
const soundBytes: SoundWriter = {
  contentType: (format) => formats[format],
  piece: (sound) => sound,
  end: () => nothing,
};

const nothing = Buffer.alloc(0);

/** `stream_format: sse`. */
const soundEvents: SoundWriter = {
  contentType: () => "text/event-stream; charset=utf-8",
  piece: (sound) => eventOf({ type: "speech.audio.delta", audio: sound.toString("base64") }),
  end: (usage) => eventOf({ type: "speech.audio.done", usage: usageOf(usage) }),
};

function eventOf(value: { readonly type: string; readonly [field: string]: unknown }): Buffer {
  return Buffer.from(`event: ${value.type}\ndata: ${JSON.stringify(value)}\n\n`);
}

/** Tokens as far as they were told; what is billed by characters has none. */
function usageOf(usage: Usage | undefined): JsonObject {
  const input_tokens = usage?.inputTokens ?? 0;
  const output_tokens = usage?.outputTokens ?? 0;
  return {
    input_tokens,
    output_tokens,
    total_tokens: input_tokens + output_tokens,
    ...(usage?.characters === undefined ? {} : { characters: usage.characters }),
  };
}
