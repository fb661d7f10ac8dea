// The routes of one Model API as lines: built-in ones, extra ones, its own; which are on, and which can never be reached.
import {
  defaultRoutesOf,
  hasModelsRoute,
  modelsRouteName,
  routesOf,
  type CustomRoute,
} from "../../../../../src/resources/default-routes.ts";
import { routeClashes } from "../../../../../src/resources/route-clashes.ts";
import type { ModelApi } from "../../../api/resources.ts";

export type RouteSort = "default" | "extra" | "custom";

export interface RouteRow {
  readonly name: string;
  readonly sort: RouteSort;
  readonly on: boolean;
  readonly methods: readonly string[];
  readonly paths: readonly string[];
  readonly match: "exact" | "template" | "prefix";
  readonly protocol: string;
  readonly description: string;
  readonly websocket: boolean;
  /** The route that answers in its place. */
  readonly clash: string | undefined;
  readonly custom: CustomRoute | undefined;
}

type Routed = Pick<ModelApi, "useCase" | "protocols" | "routes">;

export function routeRows(api: Routed): RouteRow[] {
  const { disabled, enabled, custom } = api.routes;
  const served = routesOf(api.useCase, api.protocols, api.routes);
  const clashes = new Map(routeClashes(served).map(({ name, other }) => [name, other]));
  const rows = defaultRoutesOf(api.useCase, api.protocols).map((row): RouteRow => {
    const extra = row.beyondSeeds === true;
    return {
      name: row.name,
      sort: extra ? "extra" : "default",
      on: !disabled.includes(row.name) && (!extra || enabled.includes(row.name)),
      methods: row.methods,
      paths: row.alias === undefined ? [row.path] : [row.path, row.alias],
      match: row.match,
      protocol: row.protocol,
      description: row.description,
      websocket: row.websocket ?? false,
      clash: clashes.get(row.name),
      custom: undefined,
    };
  });
  return [...rows, ...modelsRow(api, rows), ...custom.map((route) => customRow(api, route, clashes))];
}

/** Every Model API whose clients ask for a list of models has that route, whatever it is for. */
function modelsRow({ protocols, routes }: Routed, rows: readonly RouteRow[]): RouteRow[] {
  if (!hasModelsRoute(protocols) || rows.some(({ name }) => name === modelsRouteName)) return [];
  return [
    {
      name: modelsRouteName,
      sort: "default",
      on: !routes.disabled.includes(modelsRouteName),
      methods: ["GET"],
      paths: ["/v1/models"],
      match: "prefix",
      protocol: protocols.filter((each) => each === "openai" || each === "anthropic").join(", "),
      description: "Lists the models that the Model API offers.",
      websocket: false,
      clash: undefined,
      custom: undefined,
    },
  ];
}

function customRow(api: Routed, route: CustomRoute, clashes: ReadonlyMap<string, string>): RouteRow {
  return {
    name: route.name,
    sort: "custom",
    on: true,
    methods: route.methods,
    paths: [route.path],
    match: route.match ?? (route.path.includes("{") ? "template" : "exact"),
    protocol: route.protocol ?? api.protocols[0] ?? "openai",
    description: "",
    websocket: false,
    clash: clashes.get(route.name),
    custom: route,
  };
}

/** The `routes` of a patch that switches one route; it names both lists, as one name may stand in either. */
export function switched(
  { routes }: Pick<ModelApi, "routes">,
  { name, sort }: Pick<RouteRow, "name" | "sort">,
  on: boolean,
): { disabled: string[]; enabled: string[] } {
  const disabled = routes.disabled.filter((other) => other !== name);
  const enabled = routes.enabled.filter((other) => other !== name);
  if (on && sort === "extra") enabled.push(name);
  if (!on && sort === "default") disabled.push(name);
  return { disabled, enabled };
}

/** The path that clients call. */
export function clientPath(basePath: string, path: string): string {
  return `${basePath.replace(/\/$/u, "")}${path}`;
}
