// Says what authentication makes of a request, and why. Clients never learn that much; whoever configures the gateway may.
import { GatewayError } from "../../core/errors.ts";
import { isoTime } from "../../lib/iso-time.ts";
import type { ApiKeySource } from "../../snapshot/snapshot.ts";
import { authenticate, findCredential, findKey } from "../authenticate.ts";
import type { Exchange, Matched } from "../exchange.ts";

/** What one policy says to a request. */
export interface PolicyVerdict {
  readonly name: string;
  readonly verdict: "off" | "passed" | "refused";
  readonly reason: string;
}

export interface ExplainedPolicy {
  readonly policy: PolicyVerdict;
  /** What the client would get; null unless it is refused. */
  readonly error: GatewayError | null;
}

const name = "authentication";

export function explainAuthentication(exchange: Exchange, matched: Matched): ExplainedPolicy {
  if (matched.api.config.auth === null) {
    return { policy: { name, verdict: "off", reason: "anyone may call" }, error: null };
  }
  try {
    authenticate(exchange, exchange.startedWallMs);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { policy: { name, verdict: "refused", reason: whyRefused(exchange, matched) }, error };
  }
  const reason = `consumer "${exchange.consumer}" by its credential "${exchange.credential}"`;
  return { policy: { name, verdict: "passed", reason }, error: null };
}

function whyRefused(exchange: Exchange, { api }: Matched): string {
  const { head, call, plan, consumer } = exchange;
  if (consumer !== "") {
    const untilMs = api.grants?.get(consumer);
    if (untilMs === undefined) return `consumer "${consumer}" has no grant for this Model API`;
    return `the grant of consumer "${consumer}" ended at ${isoTime(untilMs)}`;
  }
  const sources = api.config.auth?.apiKeySources ?? [];
  const key = head === null ? "" : findKey(sources, head, call);
  if (key === "")
    return `no API key in ${sources.map(sourceName).join(", ") || "any place: none is accepted"}`;
  const known = findCredential(key, plan);
  if (known === undefined) return "the API key is that of no enabled consumer";
  return `credential "${known.credential}" of consumer "${known.consumer}" ended at ${isoTime(known.expiresAtMs ?? 0)}`;
}

function sourceName(source: ApiKeySource): string {
  switch (source.in) {
    case "bearer":
      return "Authorization: Bearer";
    case "header":
      return `header ${source.name}`;
    case "query":
      return `query parameter ${source.name}`;
  }
}
