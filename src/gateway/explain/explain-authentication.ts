// Says what authentication makes of a request, and why. Clients never learn that much; whoever configures the gateway may.
import { GatewayError } from "../../core/errors.ts";
import { isoTime } from "../../lib/iso-time.ts";
import type { ApiKeySource } from "../../snapshot/snapshot.ts";
import { authenticate, hasEnded, prove } from "../authenticate.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { requireModel } from "../identity/allowed-models.ts";
import { findKey } from "../identity/api-keys.ts";
import { bearerOf, looksLikeToken } from "../identity/jwt.ts";
import type { TokenKeys } from "../identity/token-keys.ts";

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

export async function explainAuthentication(
  exchange: Exchange,
  matched: Matched,
  tokenKeys: TokenKeys,
): Promise<ExplainedPolicy> {
  if (matched.api.config.auth === null) {
    return { policy: { name, verdict: "off", reason: "anyone may call" }, error: null };
  }
  const times = { wallMs: exchange.startedWallMs };
  const tools = { tokenKeys, debugSecret: null };
  try {
    await authenticate(exchange, times, tools);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    const proof = await prove(exchange, times, tools);
    return { policy: { name, verdict: "refused", reason: whyRefused(exchange, matched, proof) }, error };
  }
  const reason = `consumer "${exchange.consumer}" by its credential "${exchange.credential}"`;
  return { policy: { name, verdict: "passed", reason }, error: null };
}

/** What grants for certain models say; null where none is that narrow. */
export function explainModels(exchange: Exchange, matched: Matched): ExplainedPolicy | null {
  const { allowedModels } = exchange;
  if (allowedModels === null) return null;
  const patterns = allowedModels.map(({ source }) => source).join(", ");
  const reason = `the grants of consumer "${exchange.consumer}" are for ${patterns}`;
  try {
    requireModel(exchange, matched);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return { policy: { name: "models", verdict: "refused", reason }, error };
  }
  return { policy: { name: "models", verdict: "passed", reason }, error: null };
}

function whyRefused(exchange: Exchange, matched: Matched, proof: Awaited<ReturnType<typeof prove>>): string {
  if (typeof proof === "string") return whyUnproven(exchange, matched, proof);
  if (proof === null) return "";
  const { consumer, credential, groups, expiresAtMs } = proof;
  if (hasEnded(proof, exchange.startedWallMs)) {
    return `credential "${credential}" of consumer "${consumer}" ended at ${isoTime(expiresAtMs ?? 0)}`;
  }
  const endMs = matched.api.grants?.lastEndMs(consumer, groups);
  const whose = groups.length === 0 ? "" : ", nor have its groups";
  if (endMs === undefined) return `consumer "${consumer}" has no grant for this Model API${whose}`;
  return `the grant of consumer "${consumer}" ended at ${isoTime(endMs)}`;
}

/** Says of a credential of a kind that is not accepted that it is none. */
function whyUnproven({ head, call }: Exchange, { api }: Matched, reason: string): string {
  const { auth } = api.config;
  if (auth === null || head === null) return reason;
  const { apiKeySources: sources, refused = [] } = auth;
  if (refused.includes("hmac") && head.accessKey !== "")
    return "signed requests are not accepted (auth.methods)";
  const isToken = looksLikeToken(bearerOf(head.authorization));
  if (refused.includes("jwt") && isToken) return "tokens are not accepted (auth.methods)";
  if (isToken || head.accessKey !== "" || findKey(sources, head, call) !== "") return reason;
  return `no API key in ${sources.map(sourceName).join(", ") || "any place: none is accepted"}`;
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
