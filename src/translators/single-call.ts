// Composes a client's and a service's end of work that is one question and one whole answer, such as an embedding, into the
// translation of one attempt. Knows no protocol.
import { parseExactJson } from "../lib/exact-json.ts";
import { SseDecoder } from "../lib/sse.ts";
import { invalidJsonError } from "../protocols/reported-error.ts";
import type { ReportedError } from "../protocols/wire.ts";
import { readServiceError } from "./chat/service-error.ts";
import type { StreamTranslation, Translate, Translation, WholeAnswer } from "./translated-call.ts";
import type { ClientRequest, ServiceCall, ServiceError, TranslationContext } from "./translation.ts";

/** A client's end. `Ask` and `Answer` are the middle form of the work. */
export interface SingleClient<Ask, Answer> {
  /** @throws GatewayError invalid_request with `param` */
  ask(request: ClientRequest, context: TranslationContext): Ask;
  write(answer: Answer, ask: Ask, context: TranslationContext): object;
}

/** A service's end. */
export interface SingleService<Ask, Answer> {
  /** @throws GatewayError invalid_request with `param`: what cannot be expressed and must not be dropped */
  calls(ask: Ask, context: TranslationContext): readonly ServiceCall[];
  /** @param bodies parsed, in the order of the calls */
  answer(bodies: readonly unknown[], ask: Ask, context: TranslationContext): Answer | ReportedError;
}

export function singleCall<Ask, Answer extends object>(
  client: SingleClient<Ask, Answer>,
  service: SingleService<Ask, Answer>,
): Translate {
  return (request, context) => new SingleCall(client, service, client.ask(request, context), context);
}

const nothing: ReadonlyMap<string, never> = new Map<string, never>();

class SingleCall<Ask, Answer extends object> implements Translation {
  readonly media = [];
  readonly missing = [];
  /** Nothing streams here: who asks for a stream gets the whole answer. */
  readonly streamType = "application/json";
  readonly #client: SingleClient<Ask, Answer>;
  readonly #service: SingleService<Ask, Answer>;
  readonly #ask: Ask;
  readonly #context: TranslationContext;

  // Four parts that belong together in no other place.
  constructor(
    client: SingleClient<Ask, Answer>,
    service: SingleService<Ask, Answer>,
    ask: Ask,
    context: TranslationContext,
  ) {
    this.#client = client;
    this.#service = service;
    this.#ask = ask;
    this.#context = context;
  }

  calls(): readonly ServiceCall[] {
    return this.#service.calls(this.#ask, this.#context);
  }

  answer(bodies: readonly string[]): WholeAnswer | ReportedError {
    const parsed: unknown[] = [];
    for (const body of bodies) {
      try {
        parsed.push(parseExactJson(body));
      } catch {
        return invalidJsonError;
      }
    }
    const answer = this.#service.answer(parsed, this.#ask, this.#context);
    if (isReported(answer)) return answer;
    return { body: JSON.stringify(this.#client.write(answer, this.#ask, this.#context)), said: true };
  }

  answerAsStream(bodies: readonly string[]): WholeAnswer | ReportedError {
    return this.answer(bodies);
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

function isReported(answer: object): answer is ReportedError {
  return "status" in answer && "message" in answer;
}

/** A service that streams what it was not asked to stream. */
export class UnexpectedStream implements StreamTranslation {
  readonly decoder = new SseDecoder();
  readonly said = false;
  readonly error: ReportedError = {
    status: 502,
    message: "The model service answered with a stream where a whole answer was due.",
  };

  event(): string {
    return "";
  }

  end(): string {
    return "";
  }

  fail(): string {
    return "";
  }
}
