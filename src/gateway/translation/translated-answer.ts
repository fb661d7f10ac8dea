// Stands between a service and the reception of its answer: hands on the same answer in the client's protocol, so that it
// is judged, committed and recorded like any other. Knows sides only by their translation.
import { GatewayError } from "../../core/errors.ts";
import type { ErrorView, ReportedError } from "../../protocols/wire.ts";
import type { StreamTranslation, Translation, WholeAnswer } from "../../translators/translated-call.ts";
import { decodeAside, type SideDecoder } from "../answer/encoded-answer.ts";
import { readAnswerHead } from "../answer/answer-head.ts";
import type { Reception } from "../answer/reception.ts";
import { emptyFailure, isCredentialRefusal, reportedFailure } from "../failure.ts";
import type { ReceptionContext } from "../answer/reception-context.ts";
import type { UpstreamFailure, UpstreamHandler } from "../upstream/upstream.ts";
import { crossingHead } from "./translated-headers.ts";
import { shownError, shownStatus } from "./translated-status.ts";

/** A whole answer at most, in bytes; what is larger cannot be translated. */
const maxWholeBytes = 64 * 1024 * 1024;
/** Of the body of an error status so much is read. */
const maxErrorBytes = 256 * 1024;
/** Text that says nothing yet is held up to this length; beyond it the stream goes on. */
const maxHeldChars = 256 * 1024;

const eventTypes = /^(?:text\/event-stream|application\/vnd\.amazon\.eventstream|application\/x-ndjson)/i;
const tooLarge: UpstreamFailure = { kind: "broken", reusedConnection: false, detail: "ANSWER_TOO_LARGE" };
const undecodable: UpstreamFailure = { kind: "broken", reusedConnection: false, detail: "CONTENT_ENCODING" };

const largeEvent: ReportedError = {
  status: 502,
  message: "The model service sent an event that is too large to be translated.",
};
const nestedAnswer: ReportedError = {
  status: 502,
  message: "The answer of the model service is nested too deeply to be translated.",
};

/** `whole`: one of the answers of the calls. `events`: a stream. `refusal`: an error status. */
type Mode = "head" | "whole" | "events" | "refusal" | "passed";

export interface TranslatedWork {
  readonly translation: Translation;
  readonly context: ReceptionContext;
  /** Sends the call of this number; false: there is none. */
  readonly sendCall: (number: number) => boolean;
  /** Told when the answer is complete, before the client is. */
  readonly heard: (translation: Translation) => void;
  readonly reportDefect: (error: unknown) => void;
}

export class TranslatedAnswer implements UpstreamHandler {
  readonly #reception: Reception;
  readonly #work: TranslatedWork;
  readonly #bodies: string[] = [];
  #mode: Mode = "head";
  #status = 0;
  #headers: readonly Buffer[] = [];
  #decoder: SideDecoder | undefined;
  #pieces: Buffer[] = [];
  #bytes = 0;
  #stream: StreamTranslation | undefined;
  #text = "";
  #hadEvent = false;
  #flowing = true;

  constructor(reception: Reception, work: TranslatedWork) {
    this.#reception = reception;
    this.#work = work;
  }

  onHead(status: number, headers: Buffer[]): void {
    this.#status = status;
    this.#headers = headers;
    this.#pieces = [];
    this.#bytes = 0;
    const type = valueOf(headers, "content-type");
    const coding = valueOf(headers, "content-encoding").toLowerCase();
    if (status < 200 || (status >= 300 && status < 400) || status > 599 || isCredentialRefusal(status)) {
      this.#mode = "passed";
      return this.#reception.onHead(status, headers);
    }
    if (status >= 400) this.#beginRefusal();
    else this.#guarded(() => this.#begin(type));
    if (coding === "" || coding === "identity" || this.#mode === "passed") return;
    this.#decoder = decodeAside(coding, (piece) => void this.#take(piece));
    if (this.#decoder === undefined) this.#fail(undecodable);
  }

  #begin(type: string): void {
    const { translation, context } = this.#work;
    const { stream } = context.exchange;
    if (eventTypes.test(type)) {
      this.#mode = "events";
      this.#stream = translation.stream(!stream);
    } else this.#mode = "whole";
    // The reception is told once: what follows a first call is the same answer.
    if (this.#bodies.length > 0) return this.#reception.touch();
    this.#reception.onHead(200, crossingHead(this.#headers, this.#shownType()));
  }

  #shownType(): string {
    const { translation, context } = this.#work;
    return context.exchange.stream ? translation.streamType : "application/json";
  }

  /** What is to be done is known at once; what it says comes with its body. */
  #beginRefusal(): void {
    this.#mode = "refusal";
    this.#tellRefusal(this.#status, []);
  }

  #tellRefusal(status: number, more: readonly string[]): void {
    const { exchange, attempt, matched } = this.#work.context;
    const shown = shownStatus(status, matched.route.row.protocol);
    this.#reception.onHead(shown, crossingHead(this.#headers, "application/json", more));
    attempt.status = this.#status;
    exchange.upstreamStatus = this.#status;
  }

  onData(chunk: Buffer): boolean {
    this.#reception.touch();
    if (this.#decoder === undefined) return this.#take(chunk);
    this.#decoder.push(chunk);
    // What can no longer be read is not waited for, however long its service goes on.
    if (this.#decoder.broken && !this.#reception.over) this.#fail(undecodable);
    return this.#flowing;
  }

  #take(chunk: Buffer): boolean {
    // Pieces may still come out of a decoder when nobody waits for them any more.
    if (this.#reception.over) return true;
    switch (this.#mode) {
      case "events":
        this.#guarded(() => this.#readEvents(chunk));
        return this.#flowing;
      case "whole":
        return this.#hold(chunk);
      case "refusal":
        if (this.#bytes < maxErrorBytes) this.#keep(chunk);
        return true;
      default:
        return true;
    }
  }

  #hold(chunk: Buffer): boolean {
    this.#keep(chunk);
    if (this.#bytes > maxWholeBytes) this.#fail(tooLarge);
    return true;
  }

  #keep(chunk: Buffer): void {
    this.#pieces.push(chunk);
    this.#bytes += chunk.length;
  }

  readonly #onEvent = (name: string, data: Buffer): void => {
    this.#hadEvent = true;
    if (this.#stream !== undefined) this.#text += this.#stream.event(name, data);
  };

  #readEvents(chunk: Buffer): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    stream.decoder.push(chunk, this.#onEvent);
    this.#sendText(stream);
    // What cannot be read cannot be said, and must not be left out.
    if (stream.decoder.skipping && !this.#reception.over) this.#report(largeEvent);
  }

  /** Ends a stream that broke after its beginning. */
  endBroken(error: ErrorView): string {
    const text = this.#text;
    this.#text = "";
    return text + (this.#stream?.fail(error) ?? this.#work.context.matched.route.wire.streamError(error));
  }

  /** What says nothing yet waits, since a stream that stays silent may be another target's to answer. */
  #sendText(stream: StreamTranslation): void {
    const waits = !stream.said && this.#text.length <= maxHeldChars;
    if (this.#text !== "" && !waits) {
      const bytes = Buffer.from(this.#text);
      this.#text = "";
      this.#flowing = this.#reception.onData(bytes);
    }
    if (stream.error !== undefined) this.#report(stream.error);
  }

  onEnd(): void {
    const decoder = this.#decoder;
    if (decoder === undefined) return this.#guarded(() => this.#end());
    void decoder.finish().then((complete) => {
      if (complete) this.#guarded(() => this.#end());
      else this.#fail(undecodable);
    });
  }

  #end(): void {
    switch (this.#mode) {
      case "events":
        return this.#endEvents();
      case "whole":
        return this.#endWhole();
      case "refusal":
        return this.#endRefusal();
      default:
        return this.#reception.onEnd();
    }
  }

  #endEvents(): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    stream.decoder.finish(this.#onEvent);
    // An answer without any event is empty, not broken.
    if (!this.#hadEvent) return this.#reception.onEnd();
    if (stream.error === undefined) this.#text += stream.end();
    if (stream.error !== undefined) return this.#sendText(stream);
    this.#give({ body: this.#text, said: stream.said || this.#work.context.exchange.call.started });
  }

  #endWhole(): void {
    const { translation, context, sendCall } = this.#work;
    if (this.#bytes === 0) return this.#reception.onEnd();
    this.#bodies.push(Buffer.concat(this.#pieces, this.#bytes).toString());
    this.#pieces = [];
    if (sendCall(this.#bodies.length)) return;
    const answer = context.exchange.stream
      ? translation.answerAsStream(this.#bodies)
      : translation.answer(this.#bodies);
    if (isReported(answer)) this.#report(answer);
    else this.#give(answer);
  }

  #give({ body, said }: WholeAnswer): void {
    this.#work.heard(this.#work.translation);
    this.#mode = "passed";
    const bytes = Buffer.from(body);
    if (!said) return this.#silent(bytes);
    this.#reception.onData(bytes);
    this.#reception.onEnd();
  }

  /** Another target may do better; where none does, the client gets it. */
  #silent(body: Buffer): void {
    const { exchange, matched, service } = this.#work.context;
    exchange.usage = matched.route.wire.usageInTail(body) ?? null;
    const head = readAnswerHead(crossingHead(this.#headers, this.#shownType()), service);
    this.#reception.fail({ ...emptyFailure(), answer: { status: 200, head, body } });
  }

  #endRefusal(): void {
    const { translation, context } = this.#work;
    const { exchange, matched, service } = context;
    const found = translation.error(this.#status, Buffer.concat(this.#pieces).toString());
    const status = found.status ?? this.#status;
    const seconds = found.retryAfterSeconds ?? secondsOf(valueOf(this.#headers, "retry-after-ms"));
    const more =
      seconds === undefined || valueOf(this.#headers, "retry-after") !== ""
        ? []
        : ["retry-after", String(Math.ceil(seconds))];
    this.#mode = "passed";
    this.#tellRefusal(status, more);
    const { wire, row } = matched.route;
    const shown = { ...found, status: shownStatus(status, row.protocol) };
    const body = shownError(wire, shown, { requestId: exchange.requestId, secrets: service.secrets });
    this.#reception.onData(Buffer.from(body));
    this.#reception.onEnd();
  }

  #report(error: ReportedError): void {
    const { matched, service } = this.#work.context;
    const status = shownStatus(error.status, matched.route.row.protocol);
    this.#mode = "passed";
    this.#reception.fail(reportedFailure({ ...error, status }, service.secrets));
  }

  onFailure(failure: UpstreamFailure): void {
    this.#fail(failure);
  }

  #fail(failure: UpstreamFailure): void {
    this.#decoder?.abort();
    this.#mode = "passed";
    this.#reception.onFailure(failure);
  }

  /** What a side throws ends this attempt alone. */
  #guarded(step: () => void): void {
    if (this.#reception.over) return;
    try {
      step();
    } catch (error) {
      this.#mode = "passed";
      if (error instanceof GatewayError) return this.#work.context.exchange.interrupt?.(error);
      // The stack has no room for what the service nested: its fault, and no defect of ours.
      if (error instanceof RangeError) return this.#report(nestedAnswer);
      this.#work.reportDefect(error);
      this.#report({ status: 502, message: "The answer of the model service could not be translated." });
    }
  }
}

function isReported(answer: WholeAnswer | ReportedError): answer is ReportedError {
  return "status" in answer;
}

function secondsOf(milliseconds: string): number | undefined {
  return /^\d{1,9}(?:\.\d{1,9})?$/.test(milliseconds) ? Number(milliseconds) / 1000 : undefined;
}

/** First value of a header in a flat list of bytes, by lower-case name. */
function valueOf(headers: readonly Buffer[], name: string): string {
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.length === name.length && headers[index]?.toString("latin1").toLowerCase() === name)
      return headers[index + 1]?.toString("latin1").trim() ?? "";
  }
  return "";
}
