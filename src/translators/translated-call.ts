// What the data plane asks of a translation of one attempt, whatever it translates: a conversation, or a single call such
// as an embedding. Bytes of the client's protocol on one side, calls of a service's protocol on the other. Types only.
import type { EventDecoder } from "../protocols/event-decoder.ts";
import type { ErrorView, ReportedError } from "../protocols/wire.ts";
import type { ReasoningDetail, ToolCall } from "./chat/chat-request.ts";
import type {
  ClientRequest,
  MediaAsk,
  ServiceCall,
  ServiceError,
  TranslationContext,
} from "./translation.ts";

/** Opaque state of a turn with tool calls, which a client may drop; kept by the id of each call. */
export interface CallState {
  readonly details?: readonly ReasoningDetail[];
  /** Thinking as text, where there are no details. */
  readonly content?: string;
  readonly extra?: ToolCall["extra_content"];
}

/** A whole answer in the client's protocol. */
export interface WholeAnswer {
  readonly body: string;
  /** False: it has no word and no call, and was not kept from having them by rules of safety: another target may do better. */
  readonly said: boolean;
}

/** Writes one streamed answer in the client's protocol, event by event; "" for nothing. */
export interface StreamTranslation {
  readonly decoder: EventDecoder;
  /** @param data a view that is only valid during the call */
  event(name: string, data: Buffer): string;
  /** The service's stream has ended. */
  end(): string;
  /** In place of `end`: the answer broke. */
  fail(error: ErrorView): string;
  /** What the service reported, or why its stream cannot be read: nothing follows. */
  readonly error: ReportedError | undefined;
  /** As of a whole answer, so far. */
  readonly said: boolean;
}

/** One attempt's. Made anew for each; holds no socket and no clock. */
export interface Translation {
  /** What must be fetched into `TranslationContext.media` before `calls`. */
  readonly media: readonly MediaAsk[];
  /** Ids of tool calls whose turn came back without its state. */
  readonly missing: readonly string[];
  /**
   * What is sent, one after the other; nearly always one call.
   * @param states of `missing`, as far as they are known
   * @throws GatewayError invalid_request
   */
  calls(states: ReadonlyMap<string, CallState>): readonly ServiceCall[];
  /** @param bodies of the answers, in the order of the calls */
  answer(bodies: readonly string[]): WholeAnswer | ReportedError;
  /** The whole answer of a service that was asked for a stream, as the stream that the client waits for. */
  answerAsStream(bodies: readonly string[]): WholeAnswer | ReportedError;
  /** Content type of the streams that it writes. */
  readonly streamType: string;
  /** @param whole the client waits for a whole answer, though the service streams: `end` gives it */
  stream(whole: boolean): StreamTranslation;
  /** What the body of an error status says. */
  error(status: number, body: string): ServiceError;
  /** State of the tool calls that were answered with, by id; to be asked after the answer's end. */
  states(): ReadonlyMap<string, CallState>;
}

/** @throws GatewayError invalid_request */
export type Translate = (request: ClientRequest, context: TranslationContext) => Translation;
