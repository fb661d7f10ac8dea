// Reads the errors that services report inside a 200, in all the shapes seen. Must not know what is done about them.
import { isJsonObject, memberOf, parseJson, textOf } from "../lib/json-value.ts";
import type { ReportedError } from "./wire.ts";

const longestMessage = 1_000;

/** Status of an error that could not be read as one of the shapes below. */
const unknownStatus = 502;

/** Types and codes of services with the status they have as HTTP errors. */
const statusByName: Readonly<Record<string, number>> = {
  // OpenAI, Anthropic and the services that imitate them.
  api_error: 500,
  authentication_error: 401,
  billing_error: 402,
  context_length_exceeded: 400,
  engine_overloaded_error: 503,
  insufficient_quota: 429,
  internal_error: 500,
  internal_server_error: 500,
  invalid_api_key: 401,
  invalid_request_error: 400,
  model_not_found: 404,
  not_found_error: 404,
  overloaded: 503,
  overloaded_error: 529,
  permission_denied: 403,
  permission_error: 403,
  rate_limit_error: 429,
  rate_limit_exceeded: 429,
  request_too_large: 413,
  server_error: 500,
  service_unavailable: 503,
  timeout: 504,
  timeout_error: 504,
  // DashScope; what follows a dot is only a finer word.
  AccessDenied: 403,
  Arrearage: 402,
  BadRequest: 400,
  Conflict: 409,
  DataInspectionFailed: 400,
  InternalError: 500,
  InvalidApiKey: 401,
  InvalidParameter: 400,
  InvalidURL: 400,
  LimitRequests: 429,
  ModelNotFound: 404,
  ModelUnavailable: 503,
  PolicyViolation: 400,
  RequestTimeOut: 504,
  ResponseTimeout: 504,
  ServiceUnavailable: 503,
  Throttling: 429,
  UnsupportedOperation: 400,
  // Gemini.
  INVALID_ARGUMENT: 400,
  FAILED_PRECONDITION: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  RESOURCE_EXHAUSTED: 429,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  DEADLINE_EXCEEDED: 504,
};

/** Statuses about the gateway's own credentials: no matter of the client's. */
const credentialStatuses: ReadonlySet<number> = new Set([401, 402, 403]);

/** Whether a top-level `error` member says that something failed: some services write null, false or "" when nothing did. */
export function isErrorValue(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false && value !== "";
}

/** Reads the value of an `error` member: an object, or a bare message. */
export function readError(value: unknown): ReportedError {
  const message = typeof value === "string" ? value : messageOf(value);
  return {
    status: statusOf(value),
    message: shorten(message ?? "The service reported an error without a message."),
  };
}

/** Reads the data of an event named `error`, whatever it holds. */
export function readErrorEvent(data: Buffer): ReportedError {
  const text = data.toString();
  const parsed = parseJson(text);
  if (!isJsonObject(parsed))
    return {
      status: unknownStatus,
      message: shorten(text.trim() || "The service sent an empty error event."),
    };
  const inner = memberOf(parsed, "error");
  return readError(isErrorValue(inner) ? inner : parsed);
}

/** The error for bytes that are not the JSON they should be. */
export const invalidJsonError: ReportedError = {
  status: unknownStatus,
  message: "The model service answered with something that is not JSON.",
};

function messageOf(value: unknown): string | undefined {
  const direct = textOf(value, "message") ?? textOf(value, "error") ?? textOf(value, "detail");
  if (direct !== undefined || !isJsonObject(value)) return direct;
  return Object.keys(value).length === 0 ? undefined : JSON.stringify(value);
}

function statusOf(value: unknown): number {
  const status =
    httpStatus(memberOf(value, "status_code")) ??
    httpStatus(memberOf(value, "code")) ??
    httpStatus(memberOf(value, "status")) ??
    namedStatus(memberOf(value, "code")) ??
    namedStatus(memberOf(value, "type")) ??
    namedStatus(memberOf(value, "status")) ??
    unknownStatus;
  return credentialStatuses.has(status) ? unknownStatus : status;
}

function httpStatus(value: unknown): number | undefined {
  const number = typeof value === "string" ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= 400 && number <= 599
    ? number
    : undefined;
}

function namedStatus(value: unknown): number | undefined {
  if (typeof value !== "string") return undefined;
  const [family = ""] = value.split(".", 1);
  const name = Object.hasOwn(statusByName, value) ? value : family;
  return Object.hasOwn(statusByName, name) ? statusByName[name] : undefined;
}

/** Cuts by characters and never through a pair of surrogates. */
function shorten(message: string): string {
  return message.length <= longestMessage ? message : message.slice(0, longestMessage).toWellFormed();
}
