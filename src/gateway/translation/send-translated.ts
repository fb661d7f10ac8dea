// Sends a request to a service that speaks another protocol: translated there, its answer translated back. What is judged,
// committed and recorded is the answer in the client's protocol, by the same reception as every other.
import type { IdStore } from "../../core/id-owner.ts";
import { isJsonObject, memberOf } from "../../lib/json-value.ts";
import type { CallState, Translation } from "../../translators/translated-call.ts";
import type { ClientRequest, Media, ServiceCall } from "../../translators/translation.ts";
import type { ReceptionContext } from "../answer/reception-context.ts";
import { Reception } from "../answer/reception.ts";
import { clientGoneFailure, type Failure } from "../failure.ts";
import type { SendContext } from "../send.ts";
import { sendAuthorized } from "../upstream/send-authorized.ts";
import type { Upstream } from "../upstream/upstream.ts";
import { CurrentCall } from "./current-call.ts";
import type { MediaFetcher } from "./fetch-media.ts";
import type { Dialer } from "../websocket/dial.ts";
import { sendCourse } from "./send-course.ts";
import { sendSpoken } from "./send-spoken.ts";
import type { StateStore } from "./state-store.ts";
import { TranslatedAnswer } from "./translated-answer.ts";
import { clientRequest, openTranslation, sentModel } from "./open-translation.ts";
import { checkTranslatedIds } from "./translated-ids.ts";
import { translatedRequest } from "./translated-request.ts";

export interface TranslationTools {
  readonly upstream: Upstream;
  /** Opens sockets to services that speak over them. */
  readonly dialer: Dialer;
  readonly media: MediaFetcher;
  readonly states: StateStore;
  /** Whose is what requests name. */
  readonly ids: Pick<IdStore, "find">;
  /** Told of an error that nothing foresaw. */
  readonly reportDefect: (error: unknown) => void;
}

/** As `Send`. @throws GatewayError invalid_request, when the request cannot be translated */
export async function sendTranslated(context: SendContext, tools: TranslationTools): Promise<Failure | null> {
  const request = clientRequest(context.exchange);
  const fetched = new Map<string, Media>();
  const wallMs = context.clock.wallMs();
  const translation = openTranslation(context, request, { media: fetched, wallMs });
  const { exchange } = context;
  let states = noStates;
  if (translation.media.length > 0) await fetchMedia(context, translation, { tools, fetched });
  if (translation.missing.length > 0)
    states = await tools.states.find(exchange.consumer, translation.missing);
  if (exchange.call.gone) return clientGoneFailure();
  const calls = translation.calls(states);
  return await exchangeCalls(context, tools, { translation, calls, request, fetched });
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

interface Prepared {
  readonly translation: Translation;
  readonly calls: readonly ServiceCall[];
  readonly request: ClientRequest;
  readonly fetched: Map<string, Media>;
}

function exchangeCalls(
  context: SendContext,
  { upstream, dialer, media, states, ids, reportDefect }: TranslationTools,
  { translation, calls, request, fetched }: Prepared,
): Promise<Failure | null> {
  const { exchange, matched, target, attempt, observation, firstPacketMs, spentMs, clock, wheel } = context;
  const model = sentModel(context);
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
      const { course, spoken } = call;
      const work = { context, translation, upstream, media, fetched, reception, model };
      if (spoken !== undefined) current.follow(sendSpoken(dialer, work, call, spoken));
      else if (course !== undefined) current.follow(sendCourse(work, call, course, answer));
      else {
        const sent = translatedRequest(context, call, model);
        checkTranslatedIds(context, sent.body, ids);
        current.follow(sendAuthorized(upstream, sent, context, answer));
      }
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
