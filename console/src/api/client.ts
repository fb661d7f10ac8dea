// Calls of the admin API: one function, one error. Knows the session's CSRF token, no resource.

/** One fault at one field, as the admin API tells it. */
export interface FaultLine {
  readonly path: string;
  readonly message: string;
}

interface ErrorFields {
  readonly status: number;
  readonly code: string;
  readonly message: string;
  readonly details?: readonly FaultLine[];
  readonly requestId?: string;
  readonly retryAfter?: number | undefined;
}

/** What the admin API refused, or why it could not be reached (status 0). */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: readonly FaultLine[];
  /** Of the answer, for a report to whoever runs the gateway; empty when there was none. */
  readonly requestId: string;
  /** Seconds to wait, from Retry-After. */
  readonly retryAfter: number | undefined;

  constructor(fields: ErrorFields) {
    super(fields.message);
    this.name = "ApiError";
    this.status = fields.status;
    this.code = fields.code;
    this.details = fields.details ?? [];
    this.requestId = fields.requestId ?? "";
    this.retryAfter = fields.retryAfter;
  }
}

let csrfToken = "";

/** Set when a session begins; sent with every write. */
export function setCsrfToken(token: string): void {
  csrfToken = token;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Query = Readonly<Record<string, string | number | undefined>>;

export interface CallOptions {
  readonly query?: Query;
  /** Sent as JSON; a string is sent as it is, with `contentType`. */
  readonly body?: unknown;
  readonly contentType?: string;
  /** The revision that was read; a stale one is refused with 412. */
  readonly ifMatch?: number;
  readonly signal?: AbortSignal;
}

/**
 * Calls `/api/v1` + path.
 * @returns the JSON of the answer; undefined for one without a body
 * @throws ApiError
 */
export async function call<Answer>(method: Method, path: string, options: CallOptions = {}): Promise<Answer> {
  const response = await callRaw(method, path, options);
  if (!response.ok) throw await errorOf(response);
  const text = await response.text();
  // The answer's shape is the contract of the operation, which the caller names.
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

/** The same, with the answer as it came: for streams and for other media types. */
export async function callRaw(method: Method, path: string, options: CallOptions = {}): Promise<Response> {
  const headers = new Headers();
  if (method !== "GET") headers.set("x-csrf-token", csrfToken);
  if (options.ifMatch !== undefined) headers.set("if-match", `"${options.ifMatch}"`);
  if (options.body !== undefined) headers.set("content-type", options.contentType ?? "application/json");
  const { body } = options;
  try {
    return await fetch(`/api/v1${path}${queryText(options.query)}`, {
      method,
      headers,
      credentials: "same-origin",
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError({ status: 0, code: "unreachable", message: "The control plane cannot be reached." });
  }
}

function queryText(query: Query = {}): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given).toString()}`;
}

/** The error in an answer; made of the status alone when the body is not ours. */
export async function errorOf(response: Response): Promise<ApiError> {
  const requestId = response.headers.get("x-request-id") ?? "";
  const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
  const base = {
    status: response.status,
    requestId,
    retryAfter: Number.isNaN(seconds) ? undefined : seconds,
  };
  try {
    const { error } = JSON.parse(await response.text());
    return new ApiError({ ...base, code: error.code, message: error.message, details: error.details ?? [] });
  } catch {
    return new ApiError({
      ...base,
      code: "unknown",
      message: `The control plane answered ${response.status}.`,
    });
  }
}
