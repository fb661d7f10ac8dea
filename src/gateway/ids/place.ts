// Where a request must go because of the ids that it names: reads them and asks whose they are. Knows no socket.
import { renewed } from "../../core/id-families.ts";
import { GatewayError } from "../../core/errors.ts";
import { asksForStorage } from "../../protocols/ids/body-needles.ts";
import { actsOnEverybody } from "../../protocols/ids/comfyui-queue.ts";
import { placeRequest } from "../../protocols/ids/placement.ts";
import { idsAskedFor, type IdReference, type IdRequest } from "../../protocols/ids/references.ts";
import type { RouteIds } from "../../protocols/ids/route-ids.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { headerOf } from "../raw-headers.ts";
import { placesOf } from "./api-places.ts";
import { ExchangeIds, unknownId, type IdTools, type PlacedIds } from "./exchange-ids.ts";

/**
 * Says on the exchange where it must go. Costs a search for a few words where a request names no id.
 * @param chosen ids that the client has chosen elsewhere than in path, query and body
 * @throws GatewayError route_not_found for an id that is unknown or another's; consumer_not_allowed; invalid_request
 */
export function placeByIds(
  exchange: Exchange,
  matched: Matched,
  tools: IdTools,
  chosen: readonly IdReference[] = [],
): void {
  const { route, api, operation, relativePath } = matched;
  const asked = route.ids === undefined ? undefined : askedOf(exchange, relativePath, route.ids);
  if (asked !== undefined && api.config.auth !== null) refuseForEverybody(route.row.name, asked);
  const named = asked === undefined || route.ids === undefined ? [] : idsAskedFor(route.ids, asked);
  // What nobody keeps is refused by the translation, which says why.
  const own = route.keepsNothing ? named.filter(({ family }) => !ofConversations.has(family)) : named;
  const references = own.length === 0 ? chosen : [...own, ...chosen];
  const isStored = route.ids !== undefined && asksForStorage(route.ids, asked?.body);
  if (references.length === 0 && !givesIds(route.ids, isStored)) return;
  // What is made where its id cannot be kept is lost, and paid for: the store must answer first.
  if (operation.creates && references.length === 0) tools.ids.find("dashscope-task", "", exchange.consumer);
  const asking = references.length === 0 ? nowhere : ask(exchange, matched, references, tools);
  const placed = nearClient(asking, exchange, matched, tools);
  exchange.ids = new ExchangeIds(
    {
      route: route.ids,
      method: exchange.call.method,
      path: relativePath,
      consumer: exchange.consumer,
      api: api.config.name,
      query: exchange.head?.query ?? "",
      ownListsOnly: api.config.auth !== null,
      tellsObject: operation.answer === "object",
      isStored,
    },
    placed,
    tools,
  );
}

const ofConversations: ReadonlySet<string> = new Set(["openai-response", "openai-conversation"]);

/** Whether a request names ids, and whether its answer is an object of its own, unless `store` of the body is false. */
export function concernsIds(exchange: Exchange, { route, relativePath }: Matched): ConcernedIds {
  const { ids } = route;
  if (ids === undefined) return { names: false, makesObject: false };
  const asked = askedOf(exchange, relativePath, ids);
  const isObject = ids.row.made?.some(({ at, when }) => at === "id" && when === "new") ?? false;
  return {
    names: idsAskedFor(ids, asked).length > 0,
    makesObject: isObject || asksForStorage(ids, asked.body),
  };
}

export interface ConcernedIds {
  readonly names: boolean;
  readonly makesObject: boolean;
}

const nowhere: PlacedIds = { owners: [], bind: [] };

/** Where no id says where to go, what belongs to a client's work goes to the client's server. */
function nearClient(
  placed: PlacedIds,
  { consumer, plan }: Exchange,
  matched: Matched,
  tools: IdTools,
): PlacedIds {
  if (placed.owners.length > 0 || matched.route.ids?.row.nearClient !== true) return placed;
  const { services, isOnlyPlace } = placesOf(matched.api, plan);
  if (isOnlyPlace) return placed;
  const [client] = tools.ids.list("comfyui-client", consumer, { limit: 1 });
  return client === undefined || !services.has(client.service) ? placed : { ...placed, near: client };
}

/** Whether an answer may hold ids that become the consumer's. */
function givesIds(ids: RouteIds | undefined, isStored: boolean): boolean {
  if (ids === undefined) return false;
  return ids.row.special !== undefined || (ids.made !== undefined && (!ids.isKeptOnly || isStored));
}

function askedOf(
  { call, head, body, parts, requestedModel }: Exchange,
  path: string,
  ids: RouteIds,
): IdRequest {
  const isText = body !== null && body.form === null && ids.body !== undefined;
  if (isText && body.parsed === null) checkReadable(head?.contentEncoding ?? "", typeOf(head));
  if (isText && body.upload !== null) throw unreadable("must be JSON of at most 8 MiB");
  return {
    method: call.method,
    path,
    query: head?.query ?? "",
    model: requestedModel,
    body: isText ? body.bytes : undefined,
    parts,
  };
}

function typeOf(head: Exchange["head"]): string {
  return head === null ? "" : (headerOf(head.forward, "content-type") ?? "");
}

/** A service might decode what stands here for no id at all. */
function checkReadable(coding: string, type: string): void {
  if (coding !== "" && coding.toLowerCase() !== "identity")
    throw unreadable("must not have a Content-Encoding");
  if (/charset/i.test(type) && !/;\s*charset="?utf-?8"?\s*(;|$)/i.test(type))
    throw unreadable("must be in UTF-8");
}

function unreadable(what: string): GatewayError {
  return new GatewayError("invalid_request", { status: 415, message: `The body of this request ${what}.` });
}

function refuseForEverybody(route: string, { method, body }: IdRequest): void {
  if (!actsOnEverybody(route, method, body)) return;
  throw new GatewayError("consumer_not_allowed", {
    message: "This would act on what other consumers run: name the prompt_id, or the ids to delete.",
  });
}

function ask(
  exchange: Exchange,
  { api }: Matched,
  references: readonly IdReference[],
  { ids, clock }: IdTools,
): PlacedIds {
  const { consumer, plan } = exchange;
  const { services, isOnlyPlace } = placesOf(api, plan);
  const placement = placeRequest({
    references,
    consumer,
    find: ({ family, id }) => ids.find(family, id, consumer),
    hasService: (service) => services.has(service),
    isOnlyPlace,
  });
  if (placement.kind === "unknown") throw unknownId(placement.reference.id);
  if (placement.kind === "free") return { owners: [], bind: placement.bind };
  const { owners, bind } = placement;
  const nowMs = clock.wallMs();
  const due = owners.flatMap((owner) => renewed(owner, nowMs) ?? []);
  if (due.length > 0) ids.bind(due);
  return { owners, bind };
}
