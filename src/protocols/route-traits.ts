// What the data plane must know of every route before it reads a request: what its operations are and what each of them does. Must know no request.
import type { RouteProtocol } from "../core/protocol.ts";
import { defaultRoutes } from "../resources/default-routes.ts";
import { customOperations, routeOperations } from "./route-operations.ts";
import type { OperationTraits, RouteTraits } from "./route-operations.ts";

/** What identifies a route: its row in the default routes, or a custom route. */
export interface TraitedRoute {
  readonly name: string;
  readonly protocol: RouteProtocol;
  readonly path: string;
}

/**
 * The operations of a route. A custom route has those of the default route of its protocol in whose path its own path
 * ends; any other custom route the careful ones of its protocol.
 */
export function traitsOf({ name, protocol, path }: TraitedRoute): RouteTraits {
  const own = defaultRoutes.find((row) => row.name === name && (row.path === path || row.alias === path));
  const row = own ?? defaultRoutes.find((each) => spokenBy(each) === protocol && endsIn(path, each));
  return (row && routeOperations[`${row.protocol} ${row.name}`]) ?? customOperations[protocol];
}

/**
 * What one request to a route does.
 * @param below the path below the route's own, as it came and without its query: "", "/", "/file-1/content"
 */
export function operationOf(traits: RouteTraits, method: string, below: string): OperationTraits {
  const [first] = traits;
  if (traits.length === 1) return first;
  const asked = method === "HEAD" ? "GET" : method;
  const path = below.endsWith("/") ? below.slice(0, -1) : below;
  return (
    traits.find((each) => each.methods.includes(asked) && each.path.test(path)) ?? traits.at(-1) ?? first
  );
}

function spokenBy(row: (typeof defaultRoutes)[number]): RouteProtocol {
  return row.speaks ?? row.protocol;
}

function endsIn(path: string, row: (typeof defaultRoutes)[number]): boolean {
  return path.endsWith(row.path) || (row.alias !== undefined && path.endsWith(row.alias));
}
