// Which Model API and route a request belongs to. Works on undecoded, checked paths; knows no headers but the host.
import type { RouteProtocol } from "../core/protocol.ts";
import type { SnapshotRoute } from "../snapshot/snapshot.ts";

/** A route with what the pipeline needs of it. */
export interface MatchableRoute {
  readonly row: SnapshotRoute;
}

/** A Model API as far as matching is concerned. */
export interface MatchableApi<R extends MatchableRoute> {
  /** `/` or `/a/b`. */
  readonly basePath: string;
  readonly hosts: readonly string[];
  readonly protocols: readonly RouteProtocol[];
  readonly routes: RouteTable<R>;
}

/** Found, or not found with the API (if any) whose shape the refusal takes and the protocols of its routes on this path. */
export type Match<A, R> =
  | { readonly found: true; readonly api: A; readonly route: R; readonly relativePath: string }
  | { readonly found: false; readonly api: A | undefined; readonly protocols: readonly RouteProtocol[] };

interface Template<R> {
  /** Literal segments; null = parameter. */
  readonly segments: readonly (string | null)[];
  readonly literals: number;
  readonly route: R;
}

/** The routes of one Model API: exact before template before prefix; templates with more literals first, longer prefixes first. */
export class RouteTable<R extends MatchableRoute> {
  readonly #exact = new Map<string, R[]>();
  readonly #templates: Template<R>[] = [];
  readonly #prefixes: { readonly path: string; readonly route: R }[] = [];

  constructor(routes: readonly R[]) {
    for (const route of routes) this.#add(route);
    this.#templates.sort((a, b) => b.literals - a.literals);
    this.#prefixes.sort((a, b) => b.path.length - a.path.length);
  }

  #add(route: R): void {
    const { path, match } = route.row;
    if (match === "exact") {
      const same = this.#exact.get(path);
      if (same === undefined) this.#exact.set(path, [route]);
      else same.push(route);
    } else if (match === "template") {
      const segments = path.split("/").map((segment) => (/^\{.*\}$/.test(segment) ? null : segment));
      const literals = segments.filter((segment) => segment !== null).length;
      this.#templates.push({ segments, literals, route });
    } else {
      this.#prefixes.push({ path, route });
    }
  }

  /** The first route on this path whose methods accept it; `accepts` gets the route. */
  find(path: string, accepts: (route: R) => boolean): R | undefined {
    const trimmed = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
    return (
      this.#exact.get(path)?.find(accepts) ??
      (trimmed === path ? undefined : this.#exact.get(trimmed)?.find(accepts)) ??
      this.#findTemplate(path, accepts) ??
      (trimmed === path ? undefined : this.#findTemplate(trimmed, accepts)) ??
      this.#findPrefix(path, accepts)
    );
  }

  #findTemplate(path: string, accepts: (route: R) => boolean): R | undefined {
    if (this.#templates.length === 0) return undefined;
    const segments = path.split("/");
    const fits = (template: Template<R>): boolean =>
      template.segments.length === segments.length &&
      template.segments.every((literal, index) =>
        literal === null ? segments[index] !== "" : literal === segments[index],
      );
    return this.#templates.find((template) => fits(template) && accepts(template.route))?.route;
  }

  #findPrefix(path: string, accepts: (route: R) => boolean): R | undefined {
    for (const { path: prefix, route } of this.#prefixes) {
      if (isBelow(path, prefix) && accepts(route)) return route;
    }
    return undefined;
  }
}

/** `/v1/files` covers itself and `/v1/files/x`; a prefix that ends in a slash also covers itself without it. */
function isBelow(path: string, prefix: string): boolean {
  if (prefix.endsWith("/")) return path.startsWith(prefix) || path === prefix.slice(0, -1);
  return path === prefix || (path.startsWith(prefix) && path.charCodeAt(prefix.length) === 47);
}

/** Whether a route takes a method: HEAD follows GET, OPTIONS asks about any route. */
export function takesMethod(route: SnapshotRoute, method: string): boolean {
  if (route.methods.includes(method)) return true;
  return method === "OPTIONS" || (method === "HEAD" && route.methods.includes("GET"));
}

/** The base paths of one host; the longest that matches on a segment boundary comes first. */
class BasePaths<A extends MatchableApi<R>, R extends MatchableRoute> {
  readonly #apis = new Map<string, A>();
  #lengths: readonly number[] = [];

  add(api: A): void {
    const prefix = api.basePath === "/" ? "" : api.basePath;
    this.#apis.set(prefix, api);
    if (this.#lengths.includes(prefix.length)) return;
    this.#lengths = [...this.#lengths, prefix.length].toSorted((a, b) => b - a);
  }

  *covering(path: string): Generator<A> {
    for (const length of this.#lengths) {
      if (length > path.length || (length < path.length && path.charCodeAt(length) !== 47)) continue;
      const api = this.#apis.get(path.slice(0, length));
      if (api !== undefined) yield api;
    }
  }
}

/** All Model APIs by host: exact before wildcard (longest suffix first) before any host. */
export class HostTable<A extends MatchableApi<R>, R extends MatchableRoute> {
  readonly #exact = new Map<string, BasePaths<A, R>>();
  readonly #wildcards: { readonly suffix: string; readonly paths: BasePaths<A, R> }[] = [];
  readonly #any = new BasePaths<A, R>();

  constructor(apis: Iterable<A>) {
    const wildcards = new Map<string, BasePaths<A, R>>();
    for (const api of apis) {
      for (const host of api.hosts) this.#pathsOf(host, wildcards).add(api);
    }
    for (const [suffix, paths] of wildcards) this.#wildcards.push({ suffix, paths });
    this.#wildcards.sort((a, b) => b.suffix.length - a.suffix.length);
  }

  #pathsOf(host: string, wildcards: Map<string, BasePaths<A, R>>): BasePaths<A, R> {
    if (host === "*") return this.#any;
    const table = host.startsWith("*.") ? wildcards : this.#exact;
    const key = host.startsWith("*.") ? host.slice(1) : host;
    const known = table.get(key);
    if (known !== undefined) return known;
    const paths = new BasePaths<A, R>();
    table.set(key, paths);
    return paths;
  }

  *#tiers(host: string): Generator<BasePaths<A, R>> {
    const exact = this.#exact.get(host);
    if (exact !== undefined) yield exact;
    for (const { suffix, paths } of this.#wildcards) {
      if (host.length > suffix.length && host.endsWith(suffix)) yield paths;
    }
    yield this.#any;
  }

  /** The first tier with a base path that matches decides; within it shorter base paths are tried after longer ones. */
  match(host: string, path: string, method: string): Match<A, R> {
    const accepts = (route: R): boolean => takesMethod(route.row, method);
    for (const paths of this.#tiers(host)) {
      let first: A | undefined;
      for (const api of paths.covering(path)) {
        first ??= api;
        const relativePath = relativeTo(api.basePath, path);
        const route = relativePath.includes("//") ? undefined : api.routes.find(relativePath, accepts);
        if (route !== undefined) return { found: true, api, route, relativePath };
      }
      if (first !== undefined) return { found: false, api: first, protocols: protocolsOn(first, path) };
    }
    return { found: false, api: undefined, protocols: [] };
  }
}

function relativeTo(basePath: string, path: string): string {
  if (basePath === "/") return path;
  return path.length === basePath.length ? "/" : path.slice(basePath.length);
}

/** The protocols of the API's routes on this path, whatever their methods. */
function protocolsOn<R extends MatchableRoute>(api: MatchableApi<R>, path: string): RouteProtocol[] {
  const found = new Set<RouteProtocol>();
  api.routes.find(relativeTo(api.basePath, path), (route) => {
    found.add(route.row.protocol);
    return false;
  });
  return [...found];
}
