// Writes the HTTP requests of a translated attempt. Knows no side: what is sent is a translation's.
import type { ServiceCall } from "../../translators/translation.ts";
import { headerOf, withoutHeaders } from "../raw-headers.ts";
import type { SendContext } from "../send.ts";
import type { Endpoint } from "../targets/service-runtime.ts";
import { servicePath } from "../upstream/service-path.ts";
import type { UpstreamRequest } from "../upstream/upstream.ts";
import { upstreamHeaders } from "../upstream/upstream-request.ts";
import { crossing } from "./translated-headers.ts";

/** Path of a call at its service. @param model as it is sent */
export function callPath(endpoint: Endpoint, { path, spoken }: ServiceCall, model: string): string {
  if (spoken === undefined) return servicePath(endpoint, path, model);
  const { path: base } = endpoint.base;
  return (base.endsWith(spoken.notBelow) ? base.slice(0, -spoken.notBelow.length) : base) + path;
}

export type TranslatedRequest = UpstreamRequest & { readonly body: Buffer };

/** @param model as it is sent */
export function translatedRequest(context: SendContext, call: ServiceCall, model: string): TranslatedRequest {
  const { exchange, matched, head, target, endpoint } = context;
  const { service } = target;
  const crossed = { ...head, forward: crossing(head.forward) };
  const accept = exchange.stream ? "text/event-stream" : "application/json";
  const asked = call.headers ?? [];
  const written = ["content-type", "application/json", ...asked];
  if (headerOf(asked, "accept") === undefined) written.push("accept", accept);
  // What an administrator sets for the service stands.
  const headers = withoutHeaders(written, (name) => service.replacedHeaders.has(name));
  headers.push(...upstreamHeaders(exchange, matched, crossed, context), "accept-encoding", "identity");
  return {
    origin: endpoint.base.origin,
    method: "POST",
    path: servicePath(endpoint, call.path, model),
    headers,
    body: Buffer.from(JSON.stringify(call.body)),
    connectTimeoutMs: service.config.timeouts.connectMs,
    freshConnection: context.freshConnection,
  };
}

/** A request that follows a call: a look at what it made, or its end. */
export function laterRequest(
  context: SendContext,
  { method, path }: { readonly method: "GET" | "POST"; readonly path: string },
  model: string,
): UpstreamRequest {
  const { exchange, matched, head, target, endpoint } = context;
  const crossed = { ...head, forward: crossing(head.forward) };
  return {
    origin: endpoint.base.origin,
    method,
    path: servicePath(endpoint, path, model),
    headers: [
      "accept",
      "application/json",
      ...upstreamHeaders(exchange, matched, crossed, context),
      "accept-encoding",
      "identity",
    ],
    body: null,
    connectTimeoutMs: target.service.config.timeouts.connectMs,
    // What ends something is said once: no connection may be just about to close.
    freshConnection: method === "POST",
  };
}
