// Finds the events of Gemini's streams: server-sent events, or the items of one JSON list where a service knows no events.
// Must not know what they mean.
import type { SseListener } from "../../../lib/sse.ts";
import { SseDecoder } from "../../../lib/sse.ts";
import type { EventDecoder } from "../../../protocols/event-decoder.ts";
import { JsonArrayDecoder } from "../../../protocols/json-array-decoder.ts";

/** Pictures come as one event. */
const mostEventBytes = 8 * 1024 * 1024;

const blanks: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);
const openBracket = 0x5b;
const openBrace = 0x7b;

export class GeminiDecoder implements EventDecoder {
  /** Undefined until the first byte that is no space. */
  #decoder: EventDecoder | undefined;

  get midEvent(): boolean {
    return this.#decoder?.midEvent ?? false;
  }

  get skipping(): boolean {
    return this.#decoder?.skipping ?? false;
  }

  push(chunk: Buffer, listener: SseListener): void {
    this.#decoder ??= decoderFor(chunk);
    this.#decoder?.push(chunk, listener);
  }

  finish(listener: SseListener): void {
    this.#decoder?.finish(listener);
  }
}

/** No line of an event stream begins with a bracket or a brace. */
function decoderFor(chunk: Buffer): EventDecoder | undefined {
  const first = chunk.find((byte) => !blanks.has(byte));
  if (first === undefined) return undefined;
  const isList = first === openBracket || first === openBrace;
  return isList ? new JsonArrayDecoder(mostEventBytes) : new SseDecoder(mostEventBytes);
}
