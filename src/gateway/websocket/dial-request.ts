// Builds the handshake that is sent to a service: address, headers, subprotocols. Changes only what the contract names.
import type { SendContext } from "../send.ts";
import { withoutHeaders } from "../raw-headers.ts";
import { pathAt, upstreamHeaders } from "../upstream/upstream-request.ts";
import type { DialRequest } from "./dial.ts";

/** Subprotocols in which browsers carry a key, as they cannot set headers. */
const credentialProtocol = /^openai-insecure-api-key\./;

/** Subprotocols that may go on. */
export function forwardedProtocols(offered: readonly string[]): string[] {
  return offered.filter((name) => !credentialProtocol.test(name));
}

/** @param protocols to be offered. @throws GatewayError upstream_credentials when a token would have to be fetched first */
export function dialRequest(context: SendContext, protocols: readonly string[]): DialRequest {
  const { exchange, matched, head, endpoint, target } = context;
  const path = pathAt(endpoint, matched, head, undefined);
  const rewritten =
    matched.operation.model === "query" && target.model !== undefined ? withModel(path, target.model) : path;
  const headers = withoutHandshake(upstreamHeaders(exchange, matched, head, context));
  const draft = { origin: endpoint.base.origin, method: "GET", path: rewritten, headers, body: null };
  const authorized = target.service.credentials.authorizeNow(draft, endpoint.auth, context.key.value);
  return {
    origin: authorized.origin,
    path: authorized.path,
    headers: authorized.headers,
    protocols,
    connectTimeoutMs: target.service.config.timeouts.connectMs,
  };
}

/** The handshake's own headers are made anew at each hop. */
export function withoutHandshake(headers: readonly string[]): string[] {
  return withoutHeaders(headers, (name) => name.startsWith("sec-websocket-"));
}

const modelParameter = "model";

/** The name of the model in a query; undefined without one. */
export function queryModel(query: string): string | undefined {
  return new URLSearchParams(query).get(modelParameter) ?? undefined;
}

/** A path whose query names another model; every other byte stays. */
function withModel(path: string, model: string): string {
  const mark = path.indexOf("?");
  const value = `${modelParameter}=${encodeURIComponent(model)}`;
  if (mark === -1) return `${path}?${value}`;
  const pairs = path.slice(mark + 1).split("&");
  const isModel = (pair: string): boolean => new URLSearchParams(pair).has(modelParameter);
  const others = pairs.map((pair) => (isModel(pair) ? value : pair));
  if (!pairs.some(isModel)) others.unshift(value);
  return `${path.slice(0, mark)}?${others.join("&")}`;
}
