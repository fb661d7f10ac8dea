// What the data plane must know of every route before it reads a request: what its operations are and what each of them does. Must know no request.
import type { RouteProtocol } from "../core/protocol.ts";
import { defaultRoutes, type DefaultRoute } from "../resources/default-routes.ts";
import { customOperations, routeOperations } from "./route-operations.ts";
import type { OperationTraits, RouteTraits } from "./route-operations.ts";

/** What identifies a route: its row in the default routes, or a custom route. */
export interface TraitedRoute {
  readonly name: string;
  readonly protocol: RouteProtocol;
  readonly path: string;
}

/** Default routes by what identifies them, aliases included: a plan may hold a hundred thousand routes. */
const operationsByRoute = new Map(
  defaultRoutes.flatMap((row) =>
    [row.path, ...(row.alias === undefined ? [] : [row.alias])].map(
      (path) => [keyOf(row.name, row.speaks ?? row.protocol, path), operationsOf(row)] as const,
    ),
  ),
);

/**
 * The operations of a route. A custom route has those of the default route of its protocol in whose path its own path
 * ends; any other custom route the careful ones of its protocol.
 */
export function traitsOf({ name, protocol, path }: TraitedRoute): RouteTraits {
  const own = operationsByRoute.get(keyOf(name, protocol, path));
  if (own !== undefined) return own;
  const row = defaultRoutes.find((each) => speaks(each, protocol) && endsIn(path, each));
  return (row && operationsOf(row)) ?? customOperations[protocol];
}

/**
 * Where a vendor has a route whose path is not its own: OpenAI's bodies under `/api/v1` are sent to `/v1`. Undefined for
 * every route that vendors have at the same path.
 */
export function vendorPathOf({ name, protocol, path }: TraitedRoute): string | undefined {
  return defaultRoutes.find(
    (row) =>
      row.name === name &&
      (row.speaks ?? row.protocol) === protocol &&
      (row.path === path || row.alias === path),
  )?.alias;
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

function keyOf(name: string, protocol: RouteProtocol, path: string): string {
  return `${protocol} ${name} ${path}`;
}

function operationsOf(row: DefaultRoute): RouteTraits | undefined {
  return routeOperations[`${row.protocol} ${row.name}`];
}

/** Whether the row is of this protocol; vLLM speaks OpenAI's. */
function speaks(row: DefaultRoute, protocol: RouteProtocol): boolean {
  const spoken = row.speaks ?? row.protocol;
  return spoken === protocol || (isOpenai(spoken) && isOpenai(protocol));
}

function isOpenai(protocol: RouteProtocol): boolean {
  return protocol === "openai" || protocol === "vllm";
}

function endsIn(path: string, row: DefaultRoute): boolean {
  return path.endsWith(row.path) || (row.alias !== undefined && path.endsWith(row.alias));
}
