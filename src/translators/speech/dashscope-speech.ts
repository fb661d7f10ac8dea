// DashScope's speech: a task on its inference WebSocket, to which the text goes sentence by sentence. Must not know clients.
import type { JsonObject } from "../../lib/json-value.ts";
import type { TranslationContext } from "../translation.ts";
import { sentencePieces } from "./sentence-pieces.ts";
import type { SoundFormat, SpeechAsk, SpeechService } from "./speech-form.ts";

const socketPath = "/api-ws/v1/inference";
const httpVersion = "/api/v1";
/** Of one frame, in UTF-16 units; the oldest of its models take no more. */
const longestText = 2_000;
/** Hertz: what OpenAI's clients take `pcm` to be. */
const sampleRate = 24_000;
const rates = { slowest: 0.5, fastest: 2 };

/** What is sent in the place of a format that it does not have. */
const formats: Readonly<Record<SoundFormat, SoundFormat>> = {
  mp3: "mp3",
  wav: "wav",
  pcm: "pcm",
  opus: "mp3",
  aac: "mp3",
  flac: "wav",
};

/** Parameters of its own that a client may set besides OpenAI's. */
const parameterNames = ["volume", "pitch", "sample_rate", "enable_ssml", "seed", "language_hints"] as const;
const known: ReadonlySet<string> = new Set<string>(parameterNames);

export const dashscopeSpeech: SpeechService = {
  call(ask, context) {
    const format = formats[ask.format];
    if (format !== ask.format) context.notes.clamped("response_format");
    const task_id = taskId(context);
    const header = (action: string): JsonObject => ({ action, task_id, streaming: "duplex" });
    const run = {
      header: header("run-task"),
      payload: {
        model: context.model,
        task_group: "audio",
        task: "tts",
        function: "SpeechSynthesizer",
        parameters: parametersOf(ask, format, context),
        input: {},
      },
    };
    const texts = sentencePieces(ask.input, longestText).map((text) => ({
      header: header("continue-task"),
      payload: { input: { text } },
    }));
    const finish = { header: header("finish-task"), payload: { input: {} } };
    return { path: socketPath, notBelow: httpVersion, body: run, rest: [...texts, finish], format };
  },
};

/** 32 hexadecimal digits, as its own libraries make them. */
function taskId({ newId }: TranslationContext): string {
  return Buffer.from(newId()).toString("hex").slice(-32);
}

function parametersOf(
  { voice, speed, instructions, others }: SpeechAsk,
  format: SoundFormat,
  { notes }: TranslationContext,
): JsonObject {
  const rate = Math.min(rates.fastest, Math.max(rates.slowest, speed));
  if (rate !== speed) notes.clamped("speed");
  if (instructions !== undefined && instructions !== "") notes.dropped("instructions");
  const own = parameterNames.filter((name) => others[name] !== undefined && others[name] !== null);
  return {
    text_type: "PlainText",
    voice,
    format,
    sample_rate: sampleRate,
    ...(rate === 1 ? {} : { rate }),
    ...Object.fromEntries(own.map((name) => [name, others[name]])),
    ...notes.rest(others, known),
  };
}
