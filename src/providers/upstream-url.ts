// Joins a base URL and a forwarded path. Pure string work: prepared once per endpoint, cheap per request.

/** A base URL taken apart once. */
export interface PreparedBaseUrl {
  /** Scheme, host and port, without trailing slash. */
  readonly origin: string;
  /** Path without trailing slash; empty for none. */
  readonly path: string;
  /** Every way in which the base path can end, longest first, each starting with a slash. */
  readonly endings: readonly string[];
  /** Leading part of a route's path that the base URL already stands for; empty = none. */
  readonly replaces: string;
}

/** Takes a base URL apart. `replaces` as in the provider catalogue. */
export function prepareBaseUrl(baseUrl: string, replaces = ""): PreparedBaseUrl {
  const authority = baseUrl.indexOf("://") + 3;
  const slash = baseUrl.indexOf("/", authority);
  const origin = slash === -1 ? baseUrl : baseUrl.slice(0, slash);
  const path = slash === -1 ? "" : baseUrl.slice(slash).replace(/\/+$/u, "");
  const endings: string[] = [];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) endings.push(path.slice(at));
  return { origin, path, endings, replaces };
}

/**
 * Path of the upstream request, query included where `forwardedPath` has one.
 * The longest run of segments that ends the base path and starts the forwarded path is written once:
 * `/compatible-mode/v1` + `/v1/models` is `/compatible-mode/v1/models`.
 * @param forwardedPath the request's path, without the base path of the API where that is stripped
 * @param routePath the request's path below the API's base path: used instead where the vendor's path differs from the
 *   route's (`replaces`), since the base path of an API has no part in a vendor's own path
 */
export function upstreamPath(
  base: PreparedBaseUrl,
  forwardedPath: string,
  routePath = forwardedPath,
): string {
  if (base.replaces !== "" && startsWithSegments(routePath, base.replaces)) {
    return base.path + routePath.slice(base.replaces.length);
  }
  for (const ending of base.endings) {
    if (startsWithSegments(forwardedPath, ending)) return base.path + forwardedPath.slice(ending.length);
  }
  return base.path + forwardedPath;
}

/** The whole upstream URL; see `upstreamPath`. */
export function upstreamUrl(base: PreparedBaseUrl, forwardedPath: string, routePath?: string): string {
  return base.origin + upstreamPath(base, forwardedPath, routePath);
}

function startsWithSegments(path: string, start: string): boolean {
  if (!path.startsWith(start)) return false;
  const next = path.charCodeAt(start.length);
  // End of the path, or a slash or question mark after the run.
  return Number.isNaN(next) || next === 47 || next === 63;
}
