// Builds the requests of a test as the data plane would send them: address, added headers, key. Sends nothing.
import { deploymentPath } from "../../providers/deployment-path.ts";
import { upstreamPath } from "../../providers/upstream-url.ts";
import { pushAuth, type Endpoint } from "../targets/service-runtime.ts";
import type { UpstreamRequest } from "../upstream/upstream.ts";
import type { TestContext } from "./test-context.ts";

export interface TestRequestParts {
  readonly method: "GET" | "POST";
  /** With query, as clients of the protocol write it. */
  readonly path: string;
  /** Flat: name, value. */
  readonly headers: readonly string[];
  readonly body: Buffer | null;
  /** "" = none. */
  readonly key: string;
  readonly model: string;
}

export function testRequest({ config, endpoint }: TestContext, parts: TestRequestParts): UpstreamRequest {
  const headers = ["accept", "application/json", "user-agent", "moongate", ...parts.headers];
  if (parts.body !== null) headers.push("content-type", "application/json");
  headers.push(...config.headers.flat());
  pushAuth(headers, endpoint.auth, { value: parts.key });
  headers.push("accept-encoding", "identity");
  return {
    origin: endpoint.base.origin,
    method: parts.method,
    path: pathAt(endpoint, parts.path, parts.model),
    headers,
    body: parts.body,
    connectTimeoutMs: config.timeouts.connectMs,
    freshConnection: false,
  };
}

function pathAt({ base, deployments: apiVersion }: Endpoint, target: string, model: string): string {
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? "" : target.slice(mark);
  if (apiVersion !== undefined) return deploymentPath(base.path, path, model, { query, apiVersion });
  return upstreamPath(base, path) + query;
}
