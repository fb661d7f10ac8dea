// Opens the translation of one attempt: reads what the client asked, and picks who translates it. Sends nothing.
import { GatewayError } from "../../core/errors.ts";
import type { ModelTraits } from "../../core/model-traits.ts";
import { readBody } from "../../translators/conversation.ts";
import type { Translation } from "../../translators/translated-call.ts";
import type { ClientRequest, Media } from "../../translators/translation.ts";
import { TranslationNotes } from "../../translators/translation-notes.ts";
import { translationOf } from "../../translators/translations.ts";
import { formObject } from "../../protocols/form-object.ts";
import { boundaryOf } from "../../protocols/multipart-header.ts";
import type { Exchange, Matched, ReadBody } from "../exchange.ts";
import { headerOf } from "../raw-headers.ts";
import type { Target } from "../selectors/selector.ts";
import type { Endpoint } from "../targets/service-runtime.ts";
import { newTranslationId } from "./translation-id.ts";

/** @throws GatewayError invalid_request for what is no JSON and no form, or a form that is too large to be held */
export function clientRequest({ body, requestedModel, stream, head }: Exchange): ClientRequest {
  if (body === null || body.upload !== null) {
    throw new GatewayError("invalid_request", {
      message:
        "The body of this request must be JSON, or a form of at most 8 MiB, as it is translated for the service that takes it.",
    });
  }
  return { body: readAny(body, head), model: requestedModel, stream, query: head?.query ?? "" };
}

function readAny({ bytes, form }: ReadBody, head: Exchange["head"]): unknown {
  if (form === null) return readBody(bytes);
  return formObject(bytes, boundaryOf(headerOf(head?.forward ?? [], "content-type") ?? ""));
}

export interface TranslationPlace {
  readonly exchange: Exchange;
  readonly matched: Matched;
  readonly target: Target;
  readonly endpoint: Endpoint;
}

/** The name of the model as it is sent. */
export function sentModel({ target, exchange }: Pick<TranslationPlace, "target" | "exchange">): string {
  return target.model ?? exchange.requestedModel ?? "";
}

/**
 * @param media filled by whoever fetches what the translation asks for
 * @throws GatewayError invalid_request for what is malformed or has no place in any other protocol
 */
export function openTranslation(
  place: TranslationPlace,
  request: ClientRequest,
  { media, wallMs }: { readonly media: ReadonlyMap<string, Media>; readonly wallMs: number },
): Translation {
  const { exchange, matched, endpoint } = place;
  const { route, operation, api } = matched;
  const translate = translationOf(route.row.protocol, operation.task, endpoint.protocol);
  if (translate === undefined) throw new Error("a target was admitted that nothing translates for");
  const { strict = false, passFields = [] } = api.config.translation ?? {};
  const notes = new TranslationNotes({ strict, passFields, service: endpoint.protocol });
  exchange.translationNotes = notes;
  return translate(request, {
    model: sentModel(place),
    traits: traitsAt(place),
    notes,
    media,
    nowSeconds: Math.floor(wallMs / 1000),
    newId: newTranslationId,
  });
}

/** What is known of the model, at the endpoint that it is asked at. */
function traitsAt(place: TranslationPlace): ModelTraits {
  const { exchange, target, endpoint } = place;
  const traits = exchange.plan.models.traits(target.service.config.provider, sentModel(place));
  return endpoint.dialect === undefined ? traits : { ...traits, dialect: endpoint.dialect };
}
