// Reads the head of a service's answer once: what judging needs, and what may go on to the client. Knows no protocol.
import { withoutListed } from "../raw-headers.ts";
import type { ServiceRuntime } from "../targets/service-runtime.ts";

export interface AnswerHead {
  readonly contentType: string;
  /** Declared length in bytes; undefined when chunked or until close. */
  readonly contentLength: number | undefined;
  readonly contentEncoding: string;
  readonly retryAfter: string;
  /** Headers that may go to the client; flat: name, value. Without length and request id. */
  readonly forward: string[];
}

type Action =
  | "forward"
  | "drop"
  | "content-type"
  | "content-length"
  | "content-encoding"
  | "retry-after"
  | "request-id";

const byName: Readonly<Record<string, Action>> = {
  __proto__: null as never,
  "content-type": "content-type",
  "content-length": "content-length",
  "content-encoding": "content-encoding",
  "retry-after": "retry-after",
  "x-request-id": "request-id",
  "request-id": "forward",
  // Hop-by-hop (RFC 9110, 7.6.1).
  connection: "drop",
  "keep-alive": "drop",
  "proxy-connection": "drop",
  "transfer-encoding": "drop",
  te: "drop",
  trailer: "drop",
  upgrade: "drop",
  // Credentials and cookies of the service are none of the client's business.
  "set-cookie": "drop",
  "set-cookie2": "drop",
  "www-authenticate": "drop",
  "proxy-authenticate": "drop",
  "proxy-authorization": "drop",
  "authentication-info": "drop",
  authorization: "drop",
  "x-api-key": "drop",
  "api-key": "drop",
  "x-goog-api-key": "drop",
  // Would lead the client past the gateway.
  "alt-svc": "drop",
  "access-control-allow-origin": "drop",
  "access-control-allow-credentials": "drop",
  "access-control-expose-headers": "drop",
};

const maxRemembered = 1_000;
const known = new Map<string, Action>();

function actionOf(name: string): Action {
  let action = known.get(name);
  if (action === undefined) {
    const lower = name.toLowerCase();
    action = byName[lower] ?? (lower.startsWith("x-moongate-") ? "drop" : "forward");
    if (known.size < maxRemembered) known.set(name, action);
  }
  return action;
}

/** @param raw flat: name, value, as undici gives them */
export function readAnswerHead(raw: readonly Buffer[], service: ServiceRuntime): AnswerHead {
  let contentType = "";
  let contentLength: number | undefined;
  let contentEncoding = "";
  let retryAfter = "";
  let connection = "";
  const forward: string[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index]?.toString("latin1") ?? "";
    const value = raw[index + 1]?.toString("latin1") ?? "";
    const action = actionOf(name);
    if (action === "drop") {
      // Repeated fields are one list (RFC 9110, 5.3).
      if (name.toLowerCase() === "connection")
        connection = connection === "" ? value : `${connection}, ${value}`;
      continue;
    }
    if (action === "content-length") {
      contentLength = Number(value);
      continue;
    }
    if (action === "content-type") contentType = value;
    else if (action === "content-encoding") contentEncoding = value;
    else if (action === "retry-after") retryAfter = value;
    if (showsSecret(value, service.secrets)) continue;
    forward.push(action === "request-id" ? "x-moongate-upstream-request-id" : name, value);
  }
  return {
    contentType,
    contentLength,
    contentEncoding: contentEncoding.toLowerCase() === "identity" ? "" : contentEncoding,
    retryAfter,
    forward: withoutListed(forward, connection),
  };
}

function showsSecret(value: string, secrets: readonly string[]): boolean {
  for (const secret of secrets) {
    if (value.length >= secret.length && value.includes(secret)) return true;
  }
  return false;
}
