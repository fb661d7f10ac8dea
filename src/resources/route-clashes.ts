// Two routes for one method and path could never both be reached: which do so. Also for the console, so it knows no schema.
import type { Route } from "./default-routes.ts";

export interface RouteClash {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  /** The route that comes first and answers. */
  readonly other: string;
}

/** @param routes in the order in which they are matched */
export function routeClashes(routes: readonly Route[]): RouteClash[] {
  const seen = new Map<string, string>();
  const clashes: RouteClash[] = [];
  for (const { name, match, path, methods } of routes) {
    const shape = `${match} ${path.replace(/\{[^}]*\}/gu, "{}").replace(/(?<=.)\/$/u, "")}`;
    for (const method of methods) {
      const other = seen.get(`${method} ${shape}`);
      if (other !== undefined) clashes.push({ name, method, path, other });
      seen.set(`${method} ${shape}`, name);
    }
  }
  return clashes;
}
