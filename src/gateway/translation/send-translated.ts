// Sends a request to a service that speaks another protocol: translated there, its answer translated back. What is judged,
// committed and recorded is the answer in the client's protocol, by the same reception as every other.
import { GatewayError } from "../../core/errors.ts";
import { noTraits } from "../../core/model-traits.ts";
import { isJsonObject, memberOf } from "../../lib/json-value.ts";
import { readBody } from "../../translators/conversation.ts";
import { TranslationNotes } from "../../translators/translation-notes.ts";
import { translationOf } from "../../translators/translations.ts";
import type { CallState, Translation } from "../../translators/translated-call.ts";
import type { ClientRequest, Media, ServiceCall } from "../../translators/translation.ts";
import type { ReceptionContext } from "../answer/reception-context.ts";
import { Reception } from "../answer/reception.ts";
import type { Exchange } from "../exchange.ts";
import { clientGoneFailure, type Failure } from "../failure.ts";
import type { SendContext } from "../send.ts";
import { sendAuthorized } from "../upstream/send-authorized.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { CurrentCall } from "./current-call.ts";
import type { MediaFetcher } from "./fetch-media.ts";
import type { StateStore } from "./state-store.ts";
import { TranslatedAnswer } from "./translated-answer.ts";
import { newTranslationId } from "./translation-id.ts";
import { translatedRequest } from "./translated-request.ts";

export interface TranslationTools {
  readonly upstream: Upstream;
  readonly media: MediaFetcher;
  readonly states: StateStore;
  /** Told of an error that nothing foresaw. */
  readonly reportDefect: (error: unknown) => void;
}

/** As `Send`. @throws GatewayError invalid_request, when the request cannot be translated */
export async function sendTranslated(context: SendContext, tools: TranslationTools): Promise<Failure | null> {
  const request = clientRequest(context.exchange);
  const fetched = new Map<string, Media>();
  const translation = translate(context, request, fetched);
  const { exchange } = context;
  let states = noStates;
  if (translation.media.length > 0) await fetchMedia(context, translation, { tools, fetched });
  if (translation.missing.length > 0)
    states = await tools.states.find(exchange.consumer, translation.missing);
  if (exchange.call.gone) return clientGoneFailure();
  const calls = translation.calls(states);
  return await exchangeCalls(context, tools, { translation, calls, request });
}

const noStates: ReadonlyMap<string, CallState> = new Map();

/** The time that it takes is none of the service's. */
async function fetchMedia(
  { exchange, clock }: SendContext,
  { media }: Translation,
  { tools, fetched }: { readonly tools: TranslationTools; readonly fetched: Map<string, Media> },
): Promise<void> {
  const startedMs = clock.monotonicMs();
  const left = new AbortController();
  exchange.call.onGone = () => left.abort();
  try {
    for (const [url, found] of await tools.media.fetch(media, left.signal)) fetched.set(url, found);
  } finally {
    exchange.call.onGone = null;
    exchange.waitedMs += clock.monotonicMs() - startedMs;
  }
}

function clientRequest({ body, requestedModel, stream, head }: Exchange): ClientRequest {
  if (body === null || body.upload !== null) {
    throw new GatewayError("invalid_request", {
      message: "The body of this request must be JSON, as it is translated for the service that takes it.",
    });
  }
  return { body: readBody(body.bytes), model: requestedModel, stream, query: head?.query ?? "" };
}

function translate(
  { exchange, matched, target, endpoint, clock }: SendContext,
  request: ClientRequest,
  media: ReadonlyMap<string, Media>,
): Translation {
  const { route, operation, api } = matched;
  const translator = translationOf(route.row.protocol, operation.task, endpoint.protocol);
  if (translator === undefined) throw new Error("a target was admitted that nothing translates for");
  const { strict = false, passFields = [] } = api.config.translation ?? {};
  const notes = new TranslationNotes({ strict, passFields, service: endpoint.protocol });
  exchange.translationNotes = notes;
  return translator(request, {
    model: target.model ?? exchange.requestedModel ?? "",
    traits: endpoint.dialect === undefined ? noTraits : { ...noTraits, dialect: endpoint.dialect },
    notes,
    media,
    nowSeconds: Math.floor(clock.wallMs() / 1000),
    newId: newTranslationId,
  });
}

interface Prepared {
  readonly translation: Translation;
  readonly calls: readonly ServiceCall[];
  readonly request: ClientRequest;
}

function exchangeCalls(
  context: SendContext,
  { upstream, states, reportDefect }: TranslationTools,
  { translation, calls, request }: Prepared,
): Promise<Failure | null> {
  const { exchange, matched, target, attempt, observation, firstPacketMs, spentMs, clock, wheel } = context;
  const model = target.model ?? exchange.requestedModel ?? "";
  return new Promise((resolve) => {
    const received: ReceptionContext = {
      exchange,
      matched,
      service: target.service,
      attempt,
      observation,
      firstPacketMs,
      spentMs,
      // A translation always tells usage: what the client did not ask for is cut from its stream.
      askedUsage: matched.operation.asksUsage && !asksForUsage(request),
      ids: null,
      endBroken: (error) => answer.endBroken(error),
      clock,
      wheel,
    };
    const reception = new Reception(received, resolve);
    const current = new CurrentCall();
    const sendCall = (number: number): boolean => {
      const call = calls[number];
      if (call === undefined) return false;
      current.follow(sendAuthorized(upstream, translatedRequest(context, call, model), context, answer));
      return true;
    };
    const answer = new TranslatedAnswer(reception, {
      translation,
      context: received,
      sendCall,
      heard: () => states.keep(exchange.consumer, translation.states()),
      reportDefect,
    });
    sendCall(0);
    reception.attach(current);
  });
}

function asksForUsage({ body }: ClientRequest): boolean {
  const options = isJsonObject(body) ? memberOf(body, "stream_options") : undefined;
  return memberOf(options, "include_usage") === true;
}
