// The two sides of a translation between conversations, and what they are handed. A client's side and a service's side
// meet in the chat form alone, so that n and m of them make n times m pairs. Pure: no clock, no socket, no state that
// outlives one attempt. Types only.
import type { ModelTraits } from "../core/model-traits.ts";
import type { Usage } from "../core/usage.ts";
import type { JsonObject } from "../lib/json-value.ts";
import type { EventDecoder } from "../protocols/event-decoder.ts";
import type { ErrorView, ReportedError } from "../protocols/wire.ts";
import type { ChatAnswer, ChatChunk } from "./chat/chat-answer.ts";
import type { ChatRequest } from "./chat/chat-request.ts";
import type { TakenState } from "./chat/state-notes.ts";
import type { TranslationNotes } from "./translation-notes.ts";

/** Something that a client named by URL and that a service takes as bytes only. */
export interface MediaAsk {
  readonly url: string;
  /** Where it stands in the chat form, such as `messages.2.content.0`: named when it cannot be fetched. */
  readonly param: string;
}

export interface Media {
  /** Such as `image/png`. */
  readonly type: string;
  readonly base64: string;
}

/** What one attempt is told. */
export interface TranslationContext {
  /** Name of the model as it is sent. */
  readonly model: string;
  readonly traits: ModelTraits;
  readonly notes: TranslationNotes;
  /** What `ServiceSide.media` asked for, by URL. */
  readonly media: ReadonlyMap<string, Media>;
  /** Seconds since 1970, for `created`. */
  readonly nowSeconds: number;
  /** 24 random characters of `a-z0-9`: an id is a prefix of its protocol and this. */
  readonly newId: () => string;
}

/** A client's request. */
export interface ClientRequest {
  /** Parsed by `parseExactJson`. */
  readonly body: unknown;
  /** Named in body or path; undefined: none. */
  readonly model: string | undefined;
  /** A stream is asked for, wherever the protocol says so. */
  readonly stream: boolean;
  /** With its leading `?`; absent or empty: none. */
  readonly query?: string;
}

/** A client's protocol. */
export interface ClientSide {
  /** @throws GatewayError invalid_request with `param`: what is malformed, or has no place in any other protocol */
  request(request: ClientRequest, context: TranslationContext): ChatRequest;
  /** The body of a whole answer. */
  answer(answer: ChatAnswer, request: ClientRequest, context: TranslationContext): object;
  stream(request: ClientRequest, context: TranslationContext): ClientStream;
  /** Content type of its streams; default: server-sent events. */
  streamType?(request: ClientRequest): string;
}

/** Writes one streamed answer: whole events as text, "" for nothing. */
export interface ClientStream {
  chunk(chunk: ChatChunk): string;
  /** After the last chunk. */
  end(): string;
  /** In place of `end`: the answer broke. */
  fail(error: ErrorView): string;
}

/** One HTTP request to a service. */
export interface ServiceCall {
  /** As clients of the service's protocol write it, without version where the protocol's stands in the base URL or is added (`gemini`, `dashscope`). */
  readonly path: string;
  readonly body: JsonObject;
  /** Flat: name, value; besides content-type and accept. */
  readonly headers?: readonly string[];
  /** What becomes of it before its answer is whole; absent: the answer is all there is. */
  readonly course?: CallCourse;
  /** It is said over a WebSocket; absent: it is a POST. */
  readonly spoken?: SpokenCall;
}

/** A call over DashScope's inference WebSocket, whose `body` is the frame that begins a task of speech. */
export interface SpokenCall {
  /** End of base URLs below which the socket does not stand. */
  readonly notBelow: string;
  /** Frames that follow once the task has started. */
  readonly rest: readonly JsonObject[];
  readonly contentType: string;
  /** What the client gets for a piece of sound. */
  piece(sound: Buffer): Buffer;
  /** What it gets after the last; may be empty. */
  end(usage: Usage | undefined): Buffer;
}

/** A call whose answer may be a task that is still under way, or name what must be fetched. */
export interface CallCourse {
  /** The call makes a task: it must never be made twice for one request. */
  readonly makesTask: boolean;
  /** What an answer to the call, or to a look at its task, says. @param body parsed; anything at all */
  standing(body: unknown): CallStanding;
}

export type CallStanding =
  /** Paths as those of calls: where to look, and where to call it off. */
  | { readonly kind: "waiting"; readonly look: string; readonly cancel: string }
  /** Media go to `TranslationContext.media` before the answer is read. `failed`: nothing was made, and nothing will be. */
  | { readonly kind: "over"; readonly media: readonly MediaAsk[]; readonly failed: boolean };

/** What a service's error says, in whatever shape it came. */
export interface ServiceError {
  /** In place of the answer's own. */
  readonly status?: number;
  /** The service's own words, at most 1,000 characters. */
  readonly message: string;
  /** The service's own code, such as `context_length_exceeded`. */
  readonly code?: string;
  /** Field at fault, in the service's terms. */
  readonly param?: string;
  readonly retryAfterSeconds?: number;
}

/** A service's protocol. */
export interface ServiceSide {
  /** What must be fetched before `request`. */
  media?(chat: ChatRequest, context: TranslationContext): readonly MediaAsk[];
  /** What state of earlier turns it takes back; absent: none. */
  state?(chat: ChatRequest, context: TranslationContext): TakenState | undefined;
  /** @throws GatewayError invalid_request with `param`: what cannot be expressed and must not be dropped */
  request(chat: ChatRequest, context: TranslationContext): ServiceCall;
  /** A whole answer of a 200. An error in it, or nothing that can be read, is a `ReportedError`. */
  answer(body: unknown, chat: ChatRequest, context: TranslationContext): ChatAnswer | ReportedError;
  stream(chat: ChatRequest, context: TranslationContext): ServiceStream;
  /** Default: server-sent events. */
  decoder?(): EventDecoder;
  /** The body of an error status; any bytes. */
  error(status: number, body: string): ServiceError;
}

/** Where the chunks of a streamed answer go. */
export interface ChunkSink {
  chunk(chunk: ChatChunk): void;
  /** The service reports an error, or its stream cannot be read: nothing follows. */
  fail(error: ReportedError): void;
}

/** Reads one streamed answer, event by event. State only grows. */
export interface ServiceStream {
  /** @param data a view that is only valid during the call */
  event(name: string, data: Buffer, sink: ChunkSink): void;
  /** The connection has ended: gives what is left, or fails when the answer is not complete. */
  end(sink: ChunkSink): void;
}
