// Builds the requests of a test as the data plane would send them: address, added headers, key. Sends nothing.
import { deploymentPath } from "../../providers/deployment-path.ts";
import { upstreamPath } from "../../providers/upstream-url.ts";
import { CredentialsFailed } from "../targets/access-tokens.ts";
import type { Endpoint } from "../targets/service-runtime.ts";
import type { UpstreamRequest } from "../upstream/upstream.ts";
import { StepFailed } from "./report.ts";
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

/** @throws StepFailed when no token can be had for the key */
export async function testRequest(
  { config, endpoint, credentials, upstream }: TestContext,
  parts: TestRequestParts,
): Promise<UpstreamRequest> {
  const headers = ["accept", "application/json", "user-agent", "moongate", ...parts.headers];
  if (parts.body !== null) headers.push("content-type", "application/json");
  headers.push(...config.headers.flat());
  headers.push("accept-encoding", "identity");
  const request = {
    origin: endpoint.base.origin,
    method: parts.method,
    path: pathAt(endpoint, parts.path, parts.model),
    headers,
    body: parts.body,
    connectTimeoutMs: config.timeouts.connectMs,
    freshConnection: false,
  };
  try {
    return await credentials.authorize(request, endpoint.auth, parts.key, upstream);
  } catch (error) {
    if (error instanceof CredentialsFailed) throw new StepFailed(`No access token: ${error.message}.`);
    throw error;
  }
}

function pathAt({ base, deployments: apiVersion }: Endpoint, target: string, model: string): string {
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  const query = mark === -1 ? "" : target.slice(mark);
  if (apiVersion !== undefined) return deploymentPath(base.path, path, model, { query, apiVersion });
  return upstreamPath(base, path) + query;
}
