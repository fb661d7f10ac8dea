// Composes a client's and a service's end of speech into the translation of one attempt. Knows no protocol.
import type { ReportedError } from "../../protocols/wire.ts";
import { readServiceError } from "../chat/service-error.ts";
import { UnexpectedStream } from "../single-call.ts";
import type { StreamTranslation, Translate, Translation } from "../translated-call.ts";
import type { ClientRequest, ServiceCall, ServiceError, TranslationContext } from "../translation.ts";
import type { SoundWriter, SpeechAsk, SpeechService } from "./speech-form.ts";

/** A client's end. */
export interface SpeechClient {
  /** @throws GatewayError invalid_request */
  ask(request: ClientRequest): SpeechAsk;
  writer(request: ClientRequest): SoundWriter;
}

export function speech(client: SpeechClient, service: SpeechService): Translate {
  return (request, context) => new Speech(client, service, request, context);
}

const nothing: ReadonlyMap<string, never> = new Map<string, never>();

/** Sound comes over a socket; an answer to a plain request would be none. */
const noSound: ReportedError = {
  status: 502,
  message: "The model service answered with something that is no sound.",
};

class Speech implements Translation {
  readonly media = [];
  readonly missing = [];
  readonly streamType: string;
  readonly #call: ServiceCall;

  constructor(
    client: SpeechClient,
    service: SpeechService,
    request: ClientRequest,
    context: TranslationContext,
  ) {
    const writer = client.writer(request);
    const { path, notBelow, body, rest, format } = service.call(client.ask(request), context);
    this.streamType = writer.contentType(format);
    const { piece, end } = writer;
    this.#call = { path, body, spoken: { notBelow, rest, contentType: this.streamType, piece, end } };
  }

  calls(): readonly ServiceCall[] {
    return [this.#call];
  }

  answer(): ReportedError {
    return noSound;
  }

  answerAsStream(): ReportedError {
    return noSound;
  }

  stream(): StreamTranslation {
    return new UnexpectedStream();
  }

  error(status: number, body: string): ServiceError {
    return readServiceError(status, body);
  }

  states(): ReadonlyMap<string, never> {
    return nothing;
  }
}
