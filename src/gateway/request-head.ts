// Reads a request's target and headers once: what routing and authentication need, and what may go on to a service.
// Refuses everything that two parsers could read differently. Knows no Model API.
import { isIPv6 } from "node:net";
import { debugProofHeader } from "../core/debug-proof.ts";
import { GatewayError } from "../core/errors.ts";
import type { ClientCall } from "./listener/listener.ts";
import { withoutListed } from "./raw-headers.ts";

export interface RequestHead {
  /** Lower-case, without port and trailing dot; empty when an HTTP/1.0 client named none. */
  readonly host: string;
  /** As sent, undecoded, without query. */
  readonly path: string;
  /** With its leading `?`; empty without one. */
  readonly query: string;
  readonly contentEncoding: string;
  readonly authorization: string;
  readonly apiKeyHeader: string;
  /** Of a signed request. */
  readonly accessKey: string;
  readonly origin: string;
  readonly expect: string;
  readonly traceparent: string;
  readonly tracestate: string;
  /** As anyone may have written it. */
  readonly debugProof: string;
  /** The client speaks Anthropic's protocol by its own word. */
  readonly hasAnthropicVersion: boolean;
  readonly requestedCorsHeaders: string;
  /** Headers that may go upstream; flat: name, value. */
  readonly forward: string[];
}

const forward = 0;
const drop = 1;

/** Headers with a meaning to us. `keep` ones are also forwarded. */
const special: Readonly<Record<string, { readonly field: keyof Captured; readonly keep: boolean }>> = {
  __proto__: null as never,
  host: { field: "host", keep: false },
  authorization: { field: "authorization", keep: false },
  "x-api-key": { field: "apiKeyHeader", keep: false },
  "x-ca-key": { field: "accessKey", keep: false },
  connection: { field: "connection", keep: false },
  "content-encoding": { field: "contentEncoding", keep: true },
  "transfer-encoding": { field: "transferEncoding", keep: false },
  expect: { field: "expect", keep: false },
  origin: { field: "origin", keep: false },
  traceparent: { field: "traceparent", keep: true },
  tracestate: { field: "tracestate", keep: true },
  [debugProofHeader]: { field: "debugProof", keep: false },
  "anthropic-version": { field: "anthropicVersion", keep: true },
  "access-control-request-headers": { field: "requestedCorsHeaders", keep: false },
};

/** Hop-by-hop (RFC 9110, 7.6.1), credentials, cookies, claims about the client's address, and what we set ourselves. */
const dropped = new Set([
  "keep-alive",
  "proxy-connection",
  "proxy-authorization",
  "proxy-authenticate",
  "te",
  "trailer",
  "upgrade",
  "content-length",
  "accept-encoding",
  "api-key",
  "x-goog-api-key",
  "cookie",
  "cookie2",
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-port",
  "x-real-ip",
  "true-client-ip",
  "cf-connecting-ip",
  "via",
  "access-control-request-method",
  "http2-settings",
]);

interface Captured {
  host: string;
  authorization: string;
  apiKeyHeader: string;
  accessKey: string;
  connection: string;
  contentEncoding: string;
  transferEncoding: string;
  expect: string;
  origin: string;
  traceparent: string;
  tracestate: string;
  debugProof: string;
  anthropicVersion: string;
  requestedCorsHeaders: string;
}

type Action = typeof forward | typeof drop | { readonly field: keyof Captured; readonly keep: boolean };

/** What to do with a header, remembered by its spelling: clients send the same few names again and again. */
const actions = new Map<string, Action>();
const maxRemembered = 1_000;

function actionOf(name: string): Action {
  let action = actions.get(name);
  if (action === undefined) {
    const lower = name.toLowerCase();
    action = special[lower] ?? (isDropped(lower) ? drop : forward);
    if (actions.size < maxRemembered) actions.set(name, action);
  }
  return action;
}

/** `x-ca-` begins the headers of signed requests. */
function isDropped(lower: string): boolean {
  return dropped.has(lower) || lower.startsWith("x-moongate-") || lower.startsWith("x-ca-");
}

/** Whether a header of this lower-case name would go upstream. */
export function isForwardedHeader(name: string): boolean {
  const action = actionOf(name);
  return action === forward || (action !== drop && action.keep);
}

/** @throws GatewayError invalid_request for a head that must not be routed */
export function readHead(call: ClientCall): RequestHead {
  const captured: Captured = {
    host: "",
    authorization: "",
    apiKeyHeader: "",
    accessKey: "",
    connection: "",
    contentEncoding: "",
    transferEncoding: "",
    expect: "",
    origin: "",
    traceparent: "",
    tracestate: "",
    debugProof: "",
    anthropicVersion: "",
    requestedCorsHeaders: "",
  };
  const kept: string[] = [];
  let hosts = 0;
  const raw = call.rawHeaders;
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? "";
    const value = raw[index + 1] ?? "";
    const action = actionOf(name);
    if (action === forward) {
      kept.push(name, value);
    } else if (action !== drop) {
      if (action.field === "host") hosts += 1;
      // Repeated fields are one list (RFC 9110, 5.3); of two credentials neither is believed.
      const seen = captured[action.field];
      captured[action.field] = seen === "" ? value : `${seen}, ${value}`;
      if (action.keep) kept.push(name, value);
    }
  }
  if (hosts > 1) throw refusal("The request has two Host headers.");
  if (captured.transferEncoding !== "" && call.httpMinor === 0) {
    throw refusal("HTTP/1.0 has no Transfer-Encoding.");
  }
  const { authority, path, query } = splitTarget(call.target);
  checkPath(path);
  const hostText = authority ?? captured.host;
  if (hostText === "" && call.httpMinor > 0) throw refusal("The request has no Host header.");
  return {
    host: normalHost(hostText),
    path,
    query,
    contentEncoding: captured.contentEncoding,
    authorization: captured.authorization,
    apiKeyHeader: captured.apiKeyHeader,
    accessKey: captured.accessKey,
    origin: captured.origin,
    expect: captured.expect,
    traceparent: captured.traceparent,
    tracestate: captured.tracestate,
    debugProof: captured.debugProof,
    hasAnthropicVersion: captured.anthropicVersion !== "",
    requestedCorsHeaders: captured.requestedCorsHeaders,
    forward: withoutListed(kept, captured.connection),
  };
}

function refusal(message: string): GatewayError {
  return new GatewayError("invalid_request", { message });
}

function splitTarget(target: string): { authority: string | undefined; path: string; query: string } {
  let rest = target;
  let authority: string | undefined;
  if (target.charCodeAt(0) !== 47) {
    const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target);
    if (absolute === null) {
      if (target === "*") return { authority: undefined, path: "*", query: "" };
      throw refusal("The request target is neither a path nor an absolute URL.");
    }
    authority = absolute[1] ?? "";
    rest = absolute[2] ?? "";
    if (rest.charCodeAt(0) !== 47) rest = `/${rest}`;
  }
  const mark = rest.indexOf("?");
  if (mark === -1) return { authority, path: rest, query: "" };
  return { authority, path: rest.slice(0, mark), query: rest.slice(mark) };
}

const suspicious = /[\\#%]|\/\.\.?(?:\/|$)/;
const forbidden = /\\|#|%00|%5c|(?:\/|%2f)(?:\.|%2e){1,2}(?:\/|%2f|$)/i;
const encodedSlash = /%2f/i;
/** ComfyUI names a nested user file in one segment with its slashes encoded. */
const userdataName = /\/userdata\/[^/]+(?:\/move\/[^/]+)?$/;

function checkPath(path: string): void {
  if (!suspicious.test(path)) return;
  if (forbidden.test(path)) {
    throw refusal("The path has a dot segment, back-slash, NUL or fragment, plain or percent-encoded.");
  }
  if (encodedSlash.test(path) && !userdataName.test(path)) {
    throw refusal("The path has an encoded slash.");
  }
}

const hostPattern = /^[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?$/;
const withPort = /^(.*?)(?::\d{1,5})?$/;
const knownHosts = new Map<string, string>();

/** One spelling per host: lower-case, no port, no trailing dot. */
function normalHost(text: string): string {
  let host = knownHosts.get(text);
  if (host !== undefined) return host;
  host = parseHost(text);
  if (knownHosts.size < maxRemembered) knownHosts.set(text, host);
  return host;
}

function parseHost(text: string): string {
  const lower = text.toLowerCase();
  if (lower === "") return "";
  if (lower.startsWith("[")) {
    const end = lower.indexOf("]");
    const inner = lower.slice(1, end);
    if (end !== -1 && isIPv6(inner) && !inner.includes("%") && /^(?::\d{1,5})?$/.test(lower.slice(end + 1)))
      return `[${inner}]`;
    throw refusal("The Host header is no host name.");
  }
  const name = withPort.exec(lower)?.[1] ?? "";
  if (name.length > 254 || !hostPattern.test(name) || name.includes("..")) {
    throw refusal("The Host header is no host name.");
  }
  return name.endsWith(".") ? name.slice(0, -1) : name;
}
