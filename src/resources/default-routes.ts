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

/** Protocols that have a list of models, which every Model API that speaks them serves, whatever its use case. */
const protocolsWithModels: readonly ApiProtocol[] = ["openai", "anthropic"];

/** Name of the route of that list. */
export const modelsRouteName = "models";

/** Whether the Model API serves the list of models unless it is switched off. */
export function hasModelsRoute(protocols: readonly ApiProtocol[]): boolean {
  return protocols.some((protocol) => protocolsWithModels.includes(protocol));
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
  if (!settings.disabled.includes(modelsRouteName)) routes.push(...modelsRoutes(protocols, routes));
  for (const custom of settings.custom) routes.push(toCustomRoute(custom, protocols[0] ?? "openai"));
  return routes;
}

/** One row per protocol that has such a list, but for those that have it by their use case. */
function modelsRoutes(protocols: readonly ApiProtocol[], others: readonly Route[]): Route[] {
  const isPresent = (protocol: ApiProtocol): boolean =>
    others.some((route) => route.name === modelsRouteName && route.protocol === protocol);
  return protocolsWithModels
    .filter((protocol) => protocols.includes(protocol) && !isPresent(protocol))
    .map((protocol) => ({
      name: modelsRouteName,
      protocol,
      path: "/v1/models",
      // What a service does with other methods is its own matter; the data plane keeps GET where it answers itself.
      methods: ["GET", "POST", "PUT", "PATCH", "DELETE"],
      match: "prefix",
      websocket: false,
    }));
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
