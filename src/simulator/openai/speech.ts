// POST /v1/audio/speech: the sound of a text as bytes or events. Must not know sockets, pace or faults.
import { optionalOneOf, requiredString, wrong } from "../fields.ts";
import { sseFrame, streamReply } from "../reply.ts";
import type { Call, Frame, Reply } from "../reply.ts";
import { soundOf } from "../sound.ts";
import { countTokens } from "../tokens.ts";

const mostCharacters = 4096;

const contentTypes = {
  mp3: "audio/mpeg",
  opus: "audio/ogg",
  aac: "audio/aac",
  flac: "audio/flac",
  wav: "audio/wav",
  pcm: "audio/pcm",
} as const;

type Format = keyof typeof contentTypes;
const formats = ["mp3", "opus", "aac", "flac", "wav", "pcm"] as const satisfies readonly Format[];

/** @throws RefusedRequest for a request that OpenAI would refuse. */
export function createSpeech({ body }: Call): Reply {
  requiredString(body, "model");
  const input = requiredString(body, "input");
  requiredString(body, "voice");
  if (input.length > mostCharacters) wrong("input", `at most ${mostCharacters} characters`);
  const format = optionalOneOf(body, "response_format", formats) ?? "mp3";
  const sound = soundOf(input, format);
  const isEvents = optionalOneOf(body, "stream_format", ["audio", "sse"] as const) === "sse";
  if (isEvents) return streamReply(events(sound, input), input.length);
  return { kind: "stream", frames: sound, outputTokens: input.length, contentType: contentTypes[format] };
}

function* events(sound: Iterable<Frame>, input: string): Generator<Frame> {
  for (const { text, isToken } of sound) {
    const audio = Buffer.from(text).toString("base64");
    yield sseFrame({ type: "speech.audio.delta", audio }, { isToken });
  }
  const input_tokens = countTokens(input);
  // One token is 50 ms of sound.
  const output_tokens = Math.ceil(input.length / 5);
  const usage = { input_tokens, output_tokens, total_tokens: input_tokens + output_tokens };
  yield sseFrame({ type: "speech.audio.done", usage });
}
