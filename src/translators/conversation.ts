// Composes a client's side and a service's side into the translation of one attempt. Knows the chat form, and of protocols
// no more than their sides.
import { GatewayError } from "../core/errors.ts";
import { SseDecoder } from "../lib/sse.ts";
import { parseExactJson } from "../lib/exact-json.ts";
import { invalidJsonError } from "../protocols/reported-error.ts";
import type { ErrorView, ReportedError } from "../protocols/wire.ts";
import { answerChunks } from "./chat/answer-chunks.ts";
import type { ChatAnswer, ChatChunk } from "./chat/chat-answer.ts";
import type { ChatRequest } from "./chat/chat-request.ts";
import { GatheredAnswer } from "./chat/gather-chunks.ts";
import { noteStates } from "./chat/state-notes.ts";
import { HeardState, missingStates, saysAnything, withStates } from "./chat/turn-state.ts";
import type { CallState, StreamTranslation, Translate, Translation, WholeAnswer } from "./translated-call.ts";
import type {
  ChunkSink,
  ClientRequest,
  ClientSide,
  ClientStream,
  MediaAsk,
  ServiceCall,
  ServiceError,
  ServiceSide,
  ServiceStream,
  TranslationContext,
} from "./translation.ts";

/** Arguments of a tool call, or a picture, may come as one event. */
const mostEventBytes = 8 * 1024 * 1024;

const eventStream = "text/event-stream; charset=utf-8";

/** How conversations of one protocol are held with services of another. */
export function conversation(client: ClientSide, service: ServiceSide): Translate {
  return (request, context) => new Conversation(client, service, request, context);
}

/** @throws GatewayError invalid_request for bytes that are no JSON object */
export function readBody(bytes: Buffer): unknown {
  try {
    return parseExactJson(bytes.toString());
  } catch {
    throw new GatewayError("invalid_request", { message: "The body is not valid JSON." });
  }
}

class Conversation implements Translation {
  readonly media: readonly MediaAsk[];
  readonly missing: readonly string[];
  readonly streamType: string;
  readonly #client: ClientSide;
  readonly #service: ServiceSide;
  readonly #request: ClientRequest;
  readonly #context: TranslationContext;
  readonly #heard = new HeardState();
  #chat: ChatRequest;

  constructor(client: ClientSide, service: ServiceSide, request: ClientRequest, context: TranslationContext) {
    this.#client = client;
    this.#service = service;
    this.#request = request;
    this.#context = context;
    this.#chat = client.request(request, context);
    this.media = service.media?.(this.#chat, context) ?? [];
    this.missing = missingStates(this.#chat);
    this.streamType = client.streamType?.(request) ?? eventStream;
  }

  calls(states: ReadonlyMap<string, CallState>): readonly ServiceCall[] {
    noteStates(this.#chat, this.#service.state?.(this.#chat, this.#context), states, this.#context.notes);
    if (states.size > 0) this.#chat = withStates(this.#chat, states);
    return [this.#service.request(this.#chat, this.#context)];
  }

  answer([body = ""]: readonly string[]): WholeAnswer | ReportedError {
    const answer = this.#read(body);
    return "status" in answer ? answer : this.#whole(answer);
  }

  answerAsStream([body = ""]: readonly string[]): WholeAnswer | ReportedError {
    const answer = this.#read(body);
    if ("status" in answer) return answer;
    const stream = this.#client.stream(this.#request, this.#context);
    const text = answerChunks(answer).map((chunk) => stream.chunk(chunk));
    return { body: text.join("") + stream.end(), said: saysAnything(answer) };
  }

  stream(whole: boolean): StreamTranslation {
    const read = this.#service.stream(this.#chat, this.#context);
    const decoder = this.#service.decoder?.() ?? new SseDecoder(mostEventBytes);
    if (!whole) {
      const write = this.#client.stream(this.#request, this.#context);
      return new ConversationStream(decoder, read, write, this.#heard);
    }
    const write = new WholeStream((answer) => this.#whole(answer).body);
    return new ConversationStream(decoder, read, write, this.#heard);
  }

  error(status: number, body: string): ServiceError {
    return this.#service.error(status, body);
  }

  states(): ReadonlyMap<string, CallState> {
    return this.#heard.states;
  }

  #read(body: string): ChatAnswer | ReportedError {
    let parsed: unknown;
    try {
      parsed = parseExactJson(body);
    } catch {
      return invalidJsonError;
    }
    const answer = this.#service.answer(parsed, this.#chat, this.#context);
    if (!("status" in answer)) this.#heard.answered(answer);
    return answer;
  }

  #whole(answer: ChatAnswer): WholeAnswer {
    const body = JSON.stringify(this.#client.answer(answer, this.#request, this.#context));
    return { body, said: saysAnything(answer) };
  }
}

/** Gathers what a service streams, for a client that waits for a whole answer. */
class WholeStream implements ClientStream {
  readonly #gathered = new GatheredAnswer();
  readonly #write: (answer: ChatAnswer) => string;

  constructor(write: (answer: ChatAnswer) => string) {
    this.#write = write;
  }

  chunk(chunk: ChatChunk): string {
    this.#gathered.add(chunk);
    return "";
  }

  end(): string {
    const { answer } = this.#gathered;
    return answer === undefined ? "" : this.#write(answer);
  }

  fail(): string {
    return "";
  }
}

class ConversationStream implements StreamTranslation {
  readonly decoder: StreamTranslation["decoder"];
  error: ReportedError | undefined;
  said = false;
  readonly #read: ServiceStream;
  readonly #write: ClientStream;
  readonly #heard: HeardState;
  #text = "";

  constructor(
    decoder: StreamTranslation["decoder"],
    read: ServiceStream,
    write: ClientStream,
    heard: HeardState,
  ) {
    this.decoder = decoder;
    this.#read = read;
    this.#write = write;
    this.#heard = heard;
  }

  readonly #sink: ChunkSink = {
    chunk: (chunk) => this.#take(chunk),
    fail: (error) => void (this.error ??= error),
  };

  event(name: string, data: Buffer): string {
    if (this.error === undefined) this.#read.event(name, data, this.#sink);
    return this.#given();
  }

  end(): string {
    if (this.error === undefined) this.#read.end(this.#sink);
    if (this.error === undefined) this.#text += this.#write.end();
    return this.#given();
  }

  fail(error: ErrorView): string {
    return this.#write.fail(error);
  }

  #take(chunk: ChatChunk): void {
    // Nothing but an error follows an error.
    if (this.error !== undefined) return;
    if (this.#heard.chunk(chunk)) this.said = true;
    this.#text += this.#write.chunk(chunk);
  }

  #given(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }
}
