// POST /v1/audio/{transcriptions,translations}: canned words about the file. Must not know sockets, pace or faults.
import { optionalBoolean, optionalOneOf, requiredString } from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { RefusedRequest } from "../refused-request.ts";
import { jsonReply, sseFrame, streamReply } from "../reply.ts";
import type { Call, Frame, Reply } from "../reply.ts";
import { splitTokens } from "../tokens.ts";

const formats = ["json", "text", "srt", "verbose_json", "vtt"] as const;

/** Sound is taken to be of this many bytes a second. */
const bytesPerSecond = 16_000;

/** Tokens that a second of sound is counted as. */
const tokensPerSecond = 10;

/** @throws RefusedRequest for a request that OpenAI would refuse. */
export function transcribe(call: Call): Reply {
  return write(call, "transcribe");
}

/** @throws RefusedRequest for a request that OpenAI would refuse. */
export function translate(call: Call): Reply {
  return write(call, "translate");
}

interface Transcript {
  readonly text: string;
  readonly pieces: readonly string[];
  readonly seconds: number;
}

function write(call: Call, task: "transcribe" | "translate"): Reply {
  const { body } = call;
  const model = requiredString(body, "model");
  const format = optionalOneOf(body, "response_format", formats) ?? "json";
  const transcript = transcriptOf(call, task);
  const { text, pieces, seconds } = transcript;
  // The oldest model cannot stream, and translations never do: the field is then without effect.
  const isStream = optionalBoolean(body, "stream") && task === "transcribe" && model !== "whisper-1";
  if (isStream) return streamReply(events(transcript), pieces.length);
  if (format === "json") {
    return jsonReply(task === "translate" ? { text } : { text, usage: usageOf(transcript) }, pieces.length);
  }
  if (format === "verbose_json") return jsonReply(verbose(transcript, task), pieces.length);
  const subtitle = `00:00:00${format === "srt" ? "," : "."}000 --> ${clockOf(seconds, format)}\n${text}\n`;
  const plain = { text: `${text}\n`, srt: `1\n${subtitle}`, vtt: `WEBVTT\n\n${subtitle}` }[format];
  return {
    kind: "whole",
    body: plain,
    outputTokens: pieces.length,
    contentType: "text/plain; charset=utf-8",
  };
}

function transcriptOf({ files }: Call, task: string): Transcript {
  const file = files.find(({ field }) => field === "file");
  if (file === undefined) throw new RefusedRequest(400, "Missing required parameter: 'file'.", "file");
  const noun = task === "translate" ? "translation" : "transcript";
  const text = `This is a simulated ${noun} of "${file.filename}", which has ${file.size} bytes.`;
  return { text, pieces: splitTokens(text), seconds: Math.max(1, Math.ceil(file.size / bytesPerSecond)) };
}

function usageOf({ pieces, seconds }: Transcript): JsonObject {
  const input_tokens = seconds * tokensPerSecond;
  return {
    type: "tokens",
    input_tokens,
    input_token_details: { text_tokens: 0, audio_tokens: input_tokens },
    output_tokens: pieces.length,
    total_tokens: input_tokens + pieces.length,
  };
}

function verbose({ text, seconds }: Transcript, task: string): JsonObject {
  const segment = { id: 0, seek: 0, start: 0, end: seconds, text, tokens: [], temperature: 0 };
  const odds = { avg_logprob: -0.1, compression_ratio: 1, no_speech_prob: 0 };
  return {
    task,
    language: "english",
    duration: seconds,
    text,
    segments: [{ ...segment, ...odds }],
    usage: { type: "duration", seconds },
  };
}

/** Time as subtitles write it. */
function clockOf(seconds: number, format: string): string {
  const time = new Date(seconds * 1000).toISOString().slice(11, 23);
  return format === "srt" ? time.replace(".", ",") : time;
}

function* events(transcript: Transcript): Generator<Frame> {
  for (const delta of transcript.pieces) {
    yield sseFrame({ type: "transcript.text.delta", delta }, { isToken: true });
  }
  yield sseFrame({ type: "transcript.text.done", text: transcript.text, usage: usageOf(transcript) });
}
