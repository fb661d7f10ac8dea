// The path at a service of a request that the gateway itself writes: asked for its own needs, or translated. The base path
// of a Model API has no part in it.
import { deploymentPath } from "../../providers/deployment-path.ts";
import { upstreamPath } from "../../providers/upstream-url.ts";
import type { Endpoint } from "../targets/service-runtime.ts";

/** @param path as clients of the service's protocol write it, with its query */
export function servicePath(endpoint: Endpoint, path: string, model: string): string {
  const { base, deployments: apiVersion, version } = endpoint;
  if (apiVersion !== undefined) {
    const mark = path.indexOf("?");
    const [bare, query] = mark === -1 ? [path, ""] : [path.slice(0, mark), path.slice(mark)];
    return deploymentPath(base.path, bare, model, { query, apiVersion });
  }
  return upstreamPath(base, version === "" || path.startsWith(version) ? path : version + path);
}
