// In whose protocol a 404 is written, when no route was found.
import type { Exchange } from "./exchange.ts";
import type { Match } from "./match.ts";
import type { PlannedApi, PlannedRoute } from "./plan.ts";
import type { RequestHead } from "./request-head.ts";

type Miss = Extract<Match<PlannedApi, PlannedRoute>, { found: false }>;

/**
 * The API with the longest matching base path decides; among its protocols the one whose route has this path,
 * and where several have it, `anthropic-version` tells.
 */
export function errorShape(exchange: Exchange, miss: Miss, head: RequestHead): void {
  const { api } = miss;
  if (api === undefined) return;
  exchange.errorApi = api;
  const candidates = miss.protocols.length > 0 ? miss.protocols : api.protocols;
  const spoken = head.hasAnthropicVersion && candidates.includes("anthropic") ? "anthropic" : candidates[0];
  exchange.errorProtocol = spoken ?? "openai";
}
