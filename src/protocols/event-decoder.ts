// Chooses how the events of a streamed answer are found in its bytes. Must not know what they mean.
import type { RouteProtocol } from "../core/protocol.ts";
import { SseDecoder } from "../lib/sse.ts";
import type { SseListener } from "../lib/sse.ts";
import { JsonArrayDecoder } from "./json-array-decoder.ts";
import { LargeEventDecoder } from "./large-event-decoder.ts";
import type { AnswerKind } from "./wire.ts";

/** What finds events: see `SseDecoder` for its members. */
export interface EventDecoder {
  push(chunk: Buffer, listener: SseListener): void;
  finish(listener: SseListener): void;
  readonly midEvent: boolean;
  readonly skipping: boolean;
}

/** Kinds whose events may hold a whole image or recording. */
const largeKinds: ReadonlySet<AnswerKind> = new Set(["images", "speech"]);

/**
 * The decoder for a streamed answer of a route; undefined when its content type is no stream.
 * @param asked whether the request asked for a stream: only then a Gemini answer in JSON is one
 */
export function eventDecoderOf(
  route: { readonly protocol: RouteProtocol; readonly answer: AnswerKind },
  contentType: string,
  asked: boolean,
): EventDecoder | undefined {
  const isGemini = route.protocol === "gemini" && route.answer === "generation";
  if (/^text\/event-stream/i.test(contentType)) {
    return isGemini || largeKinds.has(route.answer) ? new LargeEventDecoder() : new SseDecoder();
  }
  return isGemini && asked && /\bjson\b/i.test(contentType) ? new JsonArrayDecoder() : undefined;
}
