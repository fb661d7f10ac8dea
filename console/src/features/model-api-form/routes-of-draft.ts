// Routes of a draft as the gateway would serve them. Knows no React.
import { routesOf, type Route, type RouteSettings } from "../../../../src/resources/default-routes.ts";
import type { Draft } from "./draft.ts";

function routeSettings(draft: Draft): RouteSettings {
  return {
    disabled: draft.disabledRoutes,
    enabled: draft.enabledRoutes,
    custom: draft.customRoutes.map(({ route }) => route),
  };
}

/** What clients may call, the first one that makes something first. */
export function servedRoutes(draft: Draft): readonly Route[] {
  return routesOf(draft.useCase, draft.protocols, routeSettings(draft));
}

/** Switches a default route on or off. */
export function withRoute(
  draft: Draft,
  route: { readonly name: string; readonly beyondSeeds?: boolean },
  on: boolean,
): Partial<Draft> {
  const others = (names: readonly string[]): readonly string[] => names.filter((name) => name !== route.name);
  if (route.beyondSeeds === true)
    return { enabledRoutes: on ? [...others(draft.enabledRoutes), route.name] : others(draft.enabledRoutes) };
  return {
    disabledRoutes: on ? others(draft.disabledRoutes) : [...others(draft.disabledRoutes), route.name],
  };
}

export function isRouteOn(
  draft: Draft,
  route: { readonly name: string; readonly beyondSeeds?: boolean },
): boolean {
  if (draft.disabledRoutes.includes(route.name)) return false;
  return route.beyondSeeds !== true || draft.enabledRoutes.includes(route.name);
}
