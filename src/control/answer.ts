// How every answer of the admin port looks: JSON, errors in one shape, headers that keep browsers and caches out.
import type { ControlError } from "./control-error.ts";
import { TriedTooOften } from "./tried-too-often.ts";

/** Sent with every answer, unless it says otherwise itself. The policy allows nothing: only pages of the console need any. */
export const guardHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

export function jsonAnswer(
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(JSON.stringify(value), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...headers },
  });
}

/** The one shape of errors: `{"error":{code,message,details,requestId}}`. */
export function errorAnswer(
  error: ControlError,
  requestId: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = { error: { code: error.code, message: error.message, details: error.details, requestId } };
  return jsonAnswer(body, error.status, {
    ...(error.status === 401 ? { "www-authenticate": "Bearer" } : {}),
    ...(error instanceof TriedTooOften ? { "retry-after": String(error.retryAfterSeconds) } : {}),
    ...headers,
  });
}
