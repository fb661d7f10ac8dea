// The headers that the gateway itself puts on every answer, and cross-origin rules. Knows no service's answer.
import type { Exchange } from "../exchange.ts";
import { routingHeader } from "../routing/choice-words.ts";
import { editHeaders } from "../shaping/edit-headers.ts";

/** Adds the gateway's own headers to a flat list. */
export function pushGatewayHeaders(headers: string[], exchange: Exchange): void {
  headers.push("x-request-id", exchange.requestId);
  const api = exchange.matched?.api ?? exchange.errorApi;
  if (api === null) return;
  if (exchange.cache !== "skip") headers.push("x-moongate-cache", exchange.cache);
  const isAnswered = exchange.attempts.length > 0 || exchange.cache === "hit";
  if (api.config.monitoring.exposeHeaders && isAnswered) {
    headers.push(
      "x-moongate-service",
      exchange.service,
      "x-moongate-attempts",
      String(exchange.attempts.length),
    );
    if (exchange.model !== "") headers.push("x-moongate-model", headerSafe(exchange.model));
    const routing = exchange.decision?.routing;
    if (routing !== undefined) headers.push("x-moongate-routing", routingHeader(routing));
    if (exchange.fallbackFrom !== "") headers.push("x-moongate-fallback-from", exchange.fallbackFrom);
  }
  const warnings = exchange.allWarnings;
  if (warnings.length > 0) headers.push("x-moongate-warnings", warningsText(warnings));
  const edits = api.config.shaping?.responseHeaders;
  if (edits !== undefined) headers.splice(0, headers.length, ...editHeaders(headers, edits));
  pushCors(headers, api.config.corsOrigins, exchange.head?.origin ?? "");
}

/** Characters of the header: clients refuse heads that are large. The record has them all. */
const mostWarningChars = 4_096;

/** `<field>;<action>, …`, the same ones once; `*` stands for those that there is no room for. */
function warningsText(warnings: Exchange["allWarnings"]): string {
  const texts = new Set(warnings.map(({ field, action }) => `${headerSafe(field)};${action}`));
  let all = "";
  for (const text of texts) {
    if (all.length + text.length > mostWarningChars)
      return `${all}, *;${text.slice(text.lastIndexOf(";") + 1)}`;
    all += all === "" ? text : `, ${text}`;
  }
  return all;
}

/** Model names are free text; header values are not (RFC 9110, 5.5). */
function headerSafe(text: string): string {
  return /^[\x21-\x7e]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed());
}

function allowedOrigin(origins: readonly string[], origin: string): string | undefined {
  if (origin === "") return undefined;
  if (origins.includes("*")) return "*";
  return origins.includes(origin) ? origin : undefined;
}

function pushCors(headers: string[], origins: readonly string[], origin: string): void {
  const allowed = allowedOrigin(origins, origin);
  if (allowed === undefined) return;
  headers.push("access-control-allow-origin", allowed, "access-control-expose-headers", "*");
  if (allowed !== "*") headers.push("vary", "origin");
}

/** Answers an OPTIONS request: what a browser asks before it sends the real one (Fetch standard, CORS preflight). */
export function preflightHeaders(exchange: Exchange): string[] {
  const headers: string[] = [];
  const { matched, head } = exchange;
  pushGatewayHeaders(headers, exchange);
  if (matched === null || head === null) return headers;
  const methods = matched.route.row.methods.join(", ");
  headers.push("allow", `${methods}, OPTIONS`);
  if (allowedOrigin(matched.api.config.corsOrigins, head.origin) === undefined) return headers;
  headers.push("access-control-allow-methods", methods, "access-control-max-age", "600");
  const asked = head.requestedCorsHeaders;
  if (asked !== "") headers.push("access-control-allow-headers", asked);
  return headers;
}
