// Signing in by a provider, as a browser does it: which there are, away to one, and back. Every answer on the way is a
// redirect to a page of the console. Knows the cookie of the round trip.
import type { Call, JsonSchema, Operation } from "../operation.ts";
import { jsonAnswer } from "../answer.ts";
import { refuseAudit } from "../audit/audit-scope.ts";
import { cookieValue, setCookie } from "../session-cookie.ts";
import { roundTripMs } from "../oidc/oidc-round-trip.ts";
import type { OidcFailed, OidcSignIn } from "../oidc/oidc-sign-in.ts";
import { originOf } from "./session-operations.ts";
import { arrayOf, objectOf, text } from "./answer-schema.ts";

const tag = "session";
const path = "/api/v1/session";

/** What the sign-in page asks before anybody is known. */
export interface SignInWays {
  readonly password: boolean;
  readonly providers: readonly { readonly name: string; readonly label: string }[];
}

const waysSchema: JsonSchema = objectOf({
  password: { type: "boolean", description: "Whether users may sign in with a password." },
  providers: arrayOf(objectOf({ name: text, label: text })),
});

const redirect = { description: "To the provider, to the page that was asked for, or to the sign-in page." };

/** @param report told what went wrong between the gateway and a provider; must not throw */
export function oidcOperations(
  signIn: OidcSignIn,
  report: (error: unknown, requestId: string) => void,
): Operation[] {
  return [providersOperation(signIn), startOperation(signIn, report), finishOperation(signIn, report)];
}

function providersOperation(signIn: OidcSignIn): Operation {
  return {
    method: "get",
    path: `${path}/providers`,
    id: "listSignInProviders",
    summary: "List the ways to sign in.",
    tag,
    access: "open",
    status: 200,
    response: { description: "The ways.", mediaTypes: ["application/json"], schema: waysSchema },
    errors: [],
    handle: () => {
      const { password, oidc } = signIn.settings();
      const providers = oidc.map(({ name, label }) => ({ name, label: label ?? name }));
      return jsonAnswer({ password, providers } satisfies SignInWays);
    },
  };
}

function startOperation(signIn: OidcSignIn, report: (error: unknown, requestId: string) => void): Operation {
  return {
    method: "get",
    path: `${path}/oidc/{provider}/start`,
    id: "startOidc",
    summary: "Send a browser to a provider to sign in.",
    tag,
    access: "open",
    parameters: [
      {
        name: "returnTo",
        in: "query",
        description: "Path in the console to come back to; anything else becomes its first page.",
        schema: text,
      },
    ],
    status: 302,
    response: redirect,
    errors: [],
    handle: async (call) => {
      const started = await signIn.start(call.param("provider"), ownPath(call.query.get("returnTo")));
      if ("failure" in started) return failed(call, started, report);
      return away(started.url.href, [tripCookie(signIn, started.carried)]);
    },
  };
}

function finishOperation(signIn: OidcSignIn, report: (error: unknown, requestId: string) => void): Operation {
  return {
    method: "get",
    path: `${path}/oidc/{provider}/callback`,
    id: "finishOidc",
    summary: "Take a browser back from a provider, and sign it in.",
    tag,
    access: "open",
    freeQuery: true,
    status: 302,
    response: redirect,
    errors: [],
    handle: async (call) => {
      const isSecure = isHttps(signIn);
      const carried = cookieValue(call.header, tripName(isSecure), /^[\w:.-]{1,4096}$/u);
      const { search } = new URL(call.context.req.url);
      const ended = await signIn.finish(call.param("provider"), search, carried, originOf(call));
      const forget = tripCookie(signIn, null);
      if ("failure" in ended) return failed(call, ended, report, [forget]);
      // The cookie of the session is strict, and a browser on its way from elsewhere does not send it with the page that
      // it goes to now. It need not: pages are the same for everybody, and what they ask for comes from here.
      const session = setCookie(ended.opened.id, { isSecure, maxAgeMs: ended.opened.maxAgeMs });
      return away(ended.returnTo, [forget, session]);
    },
  };
}

function failed(
  call: Call,
  failure: OidcFailed,
  report: (error: unknown, requestId: string) => void,
  cookies: readonly string[] = [],
): Response {
  refuseAudit(failure.failure);
  if (failure.cause !== undefined) report(failure.cause, call.requestId);
  return away(`/sign-in?error=${failure.failure}`, cookies);
}

function away(to: string, cookies: readonly string[]): Response {
  const headers = new Headers({ location: to });
  for (const cookie of cookies) headers.append("set-cookie", cookie);
  return new Response(null, { status: 302, headers });
}

/** A page of this console; what could lead anywhere else becomes the first page. */
export function ownPath(given: string | undefined): string {
  // "//host" and "/\host" are other hosts to a browser, and control characters are dropped before it looks.
  if (given === undefined || given.length > 1_024 || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(given)) return "/";
  const url = URL.parse(given, "http://console.invalid");
  if (url?.origin !== "http://console.invalid") return "/";
  const isPage = !/^\/+(?:api|healthz|readyz|metrics|assets|sign-in|setup)(?:\/|$)/u.test(url.pathname);
  return isPage && !url.pathname.startsWith("//") ? url.pathname + url.search + url.hash : "/";
}

function isHttps(signIn: OidcSignIn): boolean {
  return /^https:/iu.test(signIn.settings().publicUrl ?? "");
}

/** With the prefix no neighbouring host name can set it. */
function tripName(isSecure: boolean): string {
  return isSecure ? "__Host-moongate_oidc" : "moongate_oidc";
}

/** Lax: it must come back with a browser that a provider sends. @param carried null takes it away */
function tripCookie(signIn: OidcSignIn, carried: string | null): string {
  const isSecure = isHttps(signIn);
  const age = carried === null ? 0 : roundTripMs / 1000;
  const flags = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${age}${isSecure ? "; Secure" : ""}`;
  return `${tripName(isSecure)}=${carried ?? ""}; ${flags}`;
}
