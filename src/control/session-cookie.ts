// The cookie of a session, and whether a request comes from a page of ours. Knows no session.

export const sessionCookie = "moongate_session";
/** On https: no neighbouring host name can set one with this prefix. */
const hostCookie = `__Host-${sessionCookie}`;

/** Finds a request's header by its name in small letters. */
export type HeaderOf = (name: string) => string | undefined;

/**
 * The id in the `Cookie` header; undefined when there is none that could be one. Of two neither is believed: a neighbouring
 * host name can add a cookie of its own, and nobody shall work in a session that is not his without knowing.
 */
export function sessionIdOf(header: HeaderOf): string | undefined {
  const isOurs = /^[\w-]{43}$/u;
  // Beside one with the prefix any other is a neighbour's.
  const name = hasCookie(header, hostCookie) ? hostCookie : sessionCookie;
  return cookieValue(header, name, isOurs);
}

function hasCookie(header: HeaderOf, name: string): boolean {
  return (header("cookie") ?? "").split(";").some((cookie) => cookie.trim().startsWith(`${name}=`));
}

/** The value of the one cookie of this name, when it has the form of one of ours. */
export function cookieValue(header: HeaderOf, name: string, form: RegExp): string | undefined {
  const prefix = `${name}=`;
  const cookies = (header("cookie") ?? "").split(";").map((cookie) => cookie.trim());
  const [cookie, ...others] = cookies.filter((text) => text.startsWith(prefix));
  const value = cookie?.slice(prefix.length) ?? "";
  return others.length === 0 && form.test(value) ? value : undefined;
}

/** @param id null takes the cookie away */
export function setCookie(
  id: string | null,
  { isSecure, maxAgeMs }: { isSecure: boolean; maxAgeMs: number },
): string {
  const age = id === null ? 0 : Math.floor(maxAgeMs / 1000);
  const flags = `Path=/; HttpOnly; SameSite=Strict; Max-Age=${age}${isSecure ? "; Secure" : ""}`;
  return `${isSecure ? hostCookie : sessionCookie}=${id ?? ""}; ${flags}`;
}

/**
 * Whether the browser itself says that the page is on https. This port speaks plain HTTP, and headers of a proxy could be
 * anybody's; what a browser says of itself concerns nobody else.
 */
export function isHttpsPage(header: HeaderOf): boolean {
  return /^https:\/\//iu.test(header("origin") ?? "");
}

/** Whether this cannot be a page of somebody else: browsers say so on every change. A proxy must pass `Host` on. */
export function isSameOrigin(header: HeaderOf): boolean {
  const site = header("sec-fetch-site");
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  const origin = header("origin");
  if (origin === undefined) return true;
  const page = URL.parse(origin);
  if (page === null || page.host === "") return false;
  // Parsed alike, so that case and a port that goes without saying make no difference.
  return URL.parse(`${page.protocol}//${header("host") ?? ""}`)?.host === page.host;
}
