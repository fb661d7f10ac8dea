// Builds what is sent to a service: address, headers, body. Changes only what the contract names.
import { readGeminiPath, rewriteGeminiPath } from "../../protocols/gemini-path.ts";
import { deploymentPath } from "../../providers/deployment-path.ts";
import { upstreamPath } from "../../providers/upstream-url.ts";
import { withoutKeyParameters } from "../key-sources.ts";
import type { Exchange, Matched, OpenAttempt } from "../exchange.ts";
import { outgoingBody } from "../body/outgoing-body.ts";
import { withoutHeaders } from "../raw-headers.ts";
import type { RequestHead } from "../request-head.ts";
import type { Target } from "../selectors/selector.ts";
import { hasVersion, type Endpoint, type ServiceRuntime } from "../targets/service-runtime.ts";
import { withTraceContext } from "../trace.ts";
import type { UpstreamRequest } from "./upstream.ts";

export interface PreparedSend {
  readonly request: UpstreamRequest;
  /** The gateway asked for usage: its extra event is to be taken out of the answer. */
  readonly askedUsage: boolean;
}

export interface SendPlan {
  readonly target: Target;
  readonly endpoint: Endpoint;
  readonly attempt: Pick<OpenAttempt, "spanId">;
  readonly freshConnection: boolean;
}

export function prepareSend(
  exchange: Exchange,
  matched: Matched,
  head: RequestHead,
  plan: SendPlan,
): PreparedSend {
  const { endpoint, target } = plan;
  const { service } = target;
  const { body, askedUsage } = outgoingBody(exchange.body, {
    model: matched.operation.model === "none" ? undefined : target.model,
    askUsage: matched.operation.asksUsage && service.config.usageOption,
  });
  const headers = upstreamHeaders(exchange, matched, head, plan);
  headers.push("accept-encoding", "identity");
  return {
    request: {
      origin: endpoint.base.origin,
      method: exchange.call.method,
      path: pathAt(endpoint, matched, head, target.model ?? exchange.requestedModel),
      headers,
      body,
      connectTimeoutMs: service.config.timeouts.connectMs,
      freshConnection: plan.freshConnection,
    },
    askedUsage,
  };
}

/** What the client sent and may go on, and what the service wants besides, but for its key; flat: name, value. */
export function upstreamHeaders(
  exchange: Exchange,
  matched: Matched,
  head: RequestHead,
  { target, attempt }: Pick<SendPlan, "target" | "attempt">,
): string[] {
  const { service } = target;
  const headers = withTraceContext(clientHeaders(matched, head, service), exchange, head, {
    spanId: attempt.spanId ?? "",
    isSet: (name) => service.replacedHeaders.has(name),
  });
  headers.push(...service.addedHeaders);
  return headers;
}

/**
 * Path and query of a request at a service.
 * @param model the target's, else the client's
 */
export function pathAt(
  endpoint: Endpoint,
  matched: Matched,
  head: RequestHead,
  model: string | undefined,
): string {
  const query = forwardedQuery(matched, head);
  const { vendorPath } = matched.route;
  const { base, version, deployments: apiVersion } = endpoint;
  if (apiVersion !== undefined) {
    return deploymentPath(base.path, vendorPath ?? matched.relativePath, model ?? "", { query, apiVersion });
  }
  // The base path of an API has no part in a vendor's own path.
  if (vendorPath !== undefined) return upstreamPath(base, vendorPath) + query;
  const forwarded = matched.api.config.stripBasePath ? matched.relativePath : head.path;
  const path =
    version === "" || hasVersion(forwarded)
      ? upstreamPath(base, forwarded, matched.relativePath)
      : upstreamPath(base, version + forwarded);
  return withModel(path, matched, model) + query;
}

/** Where the model stands in the path, the target's takes its place. */
function withModel(path: string, { operation }: Matched, model: string | undefined): string {
  if (operation.model !== "path" || model === undefined) return path;
  const read = readGeminiPath(path);
  return read === undefined ? path : rewriteGeminiPath(path, read, model);
}

function forwardedQuery(matched: Matched, head: RequestHead): string {
  const auth = matched.api.config.auth;
  return auth === null ? head.query : withoutKeyParameters(head.query, auth.apiKeySources);
}

/** The client's headers without those that the service's own replace and those in which this API takes keys. */
function clientHeaders(matched: Matched, head: RequestHead, service: ServiceRuntime): string[] {
  const ours = matched.api.keyHeaders;
  if (ours.length === 0 && service.replacedHeaders.size === 0) return [...head.forward];
  return withoutHeaders(head.forward, (name) => service.replacedHeaders.has(name) || ours.includes(name));
}
