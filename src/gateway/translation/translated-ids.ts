// Whether a translated request names what another consumer keeps at the service: a file that stands under another name in
// the client's protocol is looked for where the service will. Knows no side.
import type { IdStore } from "../../core/id-owner.ts";
import type { ServiceProtocol } from "../../core/protocol.ts";
import { placeRequest } from "../../protocols/ids/placement.ts";
import { idsAskedFor } from "../../protocols/ids/references.ts";
import { idsOfRoute, type RouteIds } from "../../protocols/ids/route-ids.ts";
import { placesOf } from "../ids/api-places.ts";
import { unknownId } from "../ids/exchange-ids.ts";
import type { SendContext } from "../send.ts";

/** Routes that conversations are sent to: where ids stand in them is known from those of clients. */
const routes = {
  openai: { name: "create-chat-completion", protocol: "openai", path: "/v1/chat/completions" },
  "openai-responses": { name: "responses", protocol: "openai-responses", path: "/v1/responses" },
  anthropic: { name: "create-message", protocol: "anthropic", path: "/v1/messages" },
  dashscope: {
    name: "dashscope-text-generation",
    protocol: "dashscope",
    path: "/api/v1/services/aigc/text-generation/generation",
  },
} as const;

const known: ReadonlyMap<ServiceProtocol, RouteIds> = new Map(
  (["openai", "openai-responses", "anthropic", "dashscope"] as const).flatMap((protocol) => {
    const ids = idsOfRoute(routes[protocol]);
    return ids === undefined ? [] : [[protocol, ids] as const];
  }),
);

/**
 * Costs a search for a few words where the request names no id.
 * @param body of a conversation, as it is sent
 * @throws GatewayError route_not_found for an id that is another's, or unknown where several could have it
 */
export function checkTranslatedIds(
  { exchange, matched, target, endpoint }: SendContext,
  body: Buffer,
  ids: Pick<IdStore, "find">,
): void {
  const rules = known.get(endpoint.protocol);
  const { task } = matched.operation;
  if (rules === undefined || (task !== "chat" && task !== "completion")) return;
  const { name } = target.service.config;
  // Which model is asked is the administrator's choice, or was looked at as the client's.
  const references = idsAskedFor(rules, { method: "POST", path: "", query: "", body }).filter(
    ({ family }) => family !== "openai-model",
  );
  if (references.length === 0) return;
  const placement = placeRequest({
    references,
    consumer: exchange.consumer,
    find: ({ family, id }) => ids.find(family, id, exchange.consumer),
    hasService: (service) => service === name,
    isOnlyPlace: placesOf(matched.api, exchange.plan).isOnlyPlace,
  });
  if (placement.kind === "unknown") throw unknownId(placement.reference.id);
}
