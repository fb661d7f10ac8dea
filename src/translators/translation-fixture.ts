// What tests of translators share: a context, and streams that are cut into pieces. Only for tests.
import { noTraits, type ModelTraits } from "../core/model-traits.ts";
import { SseDecoder } from "../lib/sse.ts";
import type { ReportedError } from "../protocols/wire.ts";
import type { ChatChunk } from "./chat/chat-answer.ts";
import type { ChatRequest } from "./chat/chat-request.ts";
import { TranslationNotes } from "./translation-notes.ts";
import type { ClientRequest, ClientSide, Media, ServiceSide, TranslationContext } from "./translation.ts";

export interface ContextOptions {
  readonly model?: string;
  readonly traits?: ModelTraits;
  readonly strict?: boolean;
  readonly passFields?: readonly string[];
  readonly media?: ReadonlyMap<string, Media>;
}

/** Ids count up: `000000000000000000000001` and so on. */
export function contextOf({
  model = "model-x",
  traits = noTraits,
  strict = false,
  passFields = [],
  media = new Map(),
}: ContextOptions = {}): TranslationContext {
  let made = 0;
  return {
    model,
    traits,
    media,
    notes: new TranslationNotes({ strict, passFields, service: "the service" }),
    nowSeconds: 1_790_000_000,
    newId: () => String((made += 1)).padStart(24, "0"),
  };
}

/** A request in chat form with the fields that every request has. */
export function chatRequest(fields: Partial<ChatRequest>): ChatRequest {
  return {
    model: "model-x",
    messages: [{ role: "user", content: "Hi" }],
    stream: false,
    others: {},
    ...fields,
  };
}

export interface ReadStream {
  readonly chunks: readonly ChatChunk[];
  readonly error: ReportedError | undefined;
}

/** What a service's side makes of a stream. @param cut bytes of each piece; 0 = in one piece. @param at in two pieces, cut there */
export function readStream(
  side: ServiceSide,
  bytes: Buffer,
  { chat = chatRequest({ stream: true }), context = contextOf(), cut = 0, at = 0 } = {},
): ReadStream {
  const stream = side.stream(chat, context);
  const decoder = side.decoder?.() ?? new SseDecoder();
  const chunks: ChatChunk[] = [];
  let error: ReportedError | undefined;
  const sink = {
    chunk: (chunk: ChatChunk) => void chunks.push(chunk),
    fail: (found: ReportedError) => void (error ??= found),
  };
  const listener = (name: string, data: Buffer): void => {
    if (error === undefined) stream.event(name, data, sink);
  };
  const size = cut === 0 ? Math.max(1, bytes.length) : cut;
  const pieces = at === 0 ? cutInto(bytes, size) : [bytes.subarray(0, at), bytes.subarray(at)];
  for (const piece of pieces) decoder.push(piece, listener);
  decoder.finish(listener);
  if (error === undefined) stream.end(sink);
  return { chunks, error };
}

function cutInto(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}

/** What a client's side writes for chunks, as text. */
export function writeStream(
  side: ClientSide,
  chunks: readonly ChatChunk[],
  request: ClientRequest,
  context: TranslationContext = contextOf(),
): string {
  const stream = side.stream(request, context);
  return chunks.map((chunk) => stream.chunk(chunk)).join("") + stream.end();
}
