// The default routes of every use case and protocol as data, and the routes that one Model API ends up with.
import type { ApiProtocol, RouteProtocol } from "../core/protocol.ts";
import type { UseCase } from "./use-case.ts";
import rows from "./default-routes.json" with { type: "json" };

export type RouteMatch = "exact" | "template" | "prefix";

export interface DefaultRoute {
  readonly useCase: UseCase;
  readonly protocol: ApiProtocol;
  readonly name: string;
  readonly path: string;
  readonly methods: readonly string[];
  readonly match: RouteMatch;
  readonly description: string;
  /** A second path of the same route, the one that client libraries send. */
  readonly alias?: string;
  readonly websocket?: boolean;
  /** Off until named in `routes.enabled`. */
  readonly beyondSeeds?: boolean;
  /** What the route speaks where that is not its API's protocol. */
  readonly speaks?: RouteProtocol;
}

// The JSON file has exactly these fields; a test reads every row.
export const defaultRoutes = rows as readonly DefaultRoute[];

/** One route of a Model API, relative to its base path. */
export interface Route {
  readonly name: string;
  readonly protocol: RouteProtocol;
  readonly path: string;
  readonly methods: readonly string[];
  readonly match: RouteMatch;
  readonly websocket: boolean;
}

export interface CustomRoute {
  readonly name: string;
  readonly path: string;
  readonly methods: readonly string[];
  readonly match?: RouteMatch | undefined;
  readonly protocol?: ApiProtocol | undefined;
}

export interface RouteSettings {
  readonly disabled: readonly string[];
  readonly enabled: readonly string[];
  readonly custom: readonly CustomRoute[];
}

/** Protocols that clients of a use case may speak. */
export function protocolsOf(useCase: UseCase): ApiProtocol[] {
  return [...new Set(defaultRoutes.filter((row) => row.useCase === useCase).map((row) => row.protocol))];
}

/** Rows that a Model API of this use case and these protocols may have, switched on or not. */
export function defaultRoutesOf(useCase: UseCase, protocols: readonly ApiProtocol[]): DefaultRoute[] {
  return defaultRoutes.filter((row) => row.useCase === useCase && protocols.includes(row.protocol));
}

/** The routes that a Model API serves: defaults but the disabled, extra ones that are enabled, aliases, custom ones. */
export function routesOf(
  useCase: UseCase,
  protocols: readonly ApiProtocol[],
  settings: RouteSettings,
): Route[] {
  const routes: Route[] = [];
  for (const row of defaultRoutesOf(useCase, protocols)) {
    if (settings.disabled.includes(row.name)) continue;
    if (row.beyondSeeds === true && !settings.enabled.includes(row.name)) continue;
    const route = toRoute(row);
    routes.push(route);
    if (row.alias !== undefined) routes.push({ ...route, path: row.alias });
  }
  for (const custom of settings.custom) routes.push(toCustomRoute(custom, protocols[0] ?? "openai"));
  return routes;
}

function toRoute(row: DefaultRoute): Route {
  const { name, path, methods, match } = row;
  return {
    name,
    protocol: row.speaks ?? row.protocol,
    path,
    methods,
    match,
    websocket: row.websocket ?? false,
  };
}

function toCustomRoute(custom: CustomRoute, firstProtocol: ApiProtocol): Route {
  const { name, path, methods } = custom;
  return {
    name,
    protocol: path.endsWith("/v1/responses") ? "openai-responses" : (custom.protocol ?? firstProtocol),
    path,
    methods,
    match: custom.match ?? (path.includes("{") ? "template" : "exact"),
    websocket: false,
  };
}
