// Says why a request found no route, from the point of view of the Model API that it was meant for.
import type { SnapshotApi, SnapshotRoute } from "../../snapshot/snapshot.ts";
import type { Exchange } from "../exchange.ts";
import { servedRow } from "../plan.ts";

/** So many routes are named; a reader finds the rest in the Model API. */
const maxNamedRoutes = 12;

/** @param api whom the request was meant for */
export function explainMiss({ call, head, errorApi }: Exchange, api: SnapshotApi): string {
  const asked = `${call.method} ${head?.path ?? ""} on ${head?.host === "" ? "no host" : (head?.host ?? "")}`;
  const nearest = errorApi?.config;
  if (nearest?.name === api.name) {
    return `${asked}: Model API "${api.name}" has no such route. Below ${api.basePath} it serves ${routeNames(api)}.`;
  }
  const own = `"${api.name}" serves ${api.hosts.join(", ")} below ${api.basePath}.`;
  if (nearest === undefined) return `${asked}: no Model API has this host and base path. ${own}`;
  return `${asked}: Model API "${nearest.name}" is the nearest, and has no such route either. ${own}`;
}

function routeNames(api: SnapshotApi): string {
  if (api.routes.length === 0) return "nothing: every route is switched off";
  const named = [...new Set(api.routes.map((row) => routeName(servedRow(row, api))))];
  const rest = named.length - maxNamedRoutes;
  const shown = named.slice(0, maxNamedRoutes).join(", ");
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}

function routeName({ methods, path, match }: SnapshotRoute): string {
  return `${methods.join("|")} ${path}${match === "prefix" ? " and below" : ""}`;
}
