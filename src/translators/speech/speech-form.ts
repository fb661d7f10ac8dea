// The middle form of speech: what is to be said and how. Must not know any protocol.
import type { JsonObject } from "../../lib/json-value.ts";
import type { SpokenCall, TranslationContext } from "../translation.ts";

/** As OpenAI's clients name them. */
export type SoundFormat = "mp3" | "opus" | "aac" | "flac" | "wav" | "pcm";

export interface SpeechAsk {
  readonly input: string;
  readonly voice: string;
  readonly format: SoundFormat;
  /** 1 is as the voice speaks by itself. */
  readonly speed: number;
  /** How it is to be said, in words. */
  readonly instructions: string | undefined;
  readonly others: JsonObject;
}

/** How a client is given the sound, piece by piece. */
export interface SoundWriter extends Pick<SpokenCall, "piece" | "end"> {
  contentType(format: SoundFormat): string;
}

/** What a service takes to speak. */
export interface SpeechService {
  /** @throws GatewayError invalid_request */
  call(ask: SpeechAsk, context: TranslationContext): SpeechCallParts;
}

export interface SpeechCallParts {
  readonly path: string;
  /** See `SpokenCall`. */
  readonly notBelow: string;
  readonly body: JsonObject;
  readonly rest: readonly JsonObject[];
  /** What comes. */
  readonly format: SoundFormat;
}
