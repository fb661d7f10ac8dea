// Every refusal the gateway can speak, as data. Must not know protocols: `protocols/` shapes these for the client.
import type { Outcome } from "./outcome.ts";

/** One row of the error table: the HTTP status, whether trying again may help, what happened and how to mend it. */
export interface ErrorRow {
  readonly status: number;
  readonly retryable: boolean;
  /** How an exchange that ends with this code is counted. */
  readonly outcome: Outcome;
  /** What happened, in one sentence, used when the thrower gives no better one. */
  readonly message: string;
  /** What the reader can do about it, for docs/errors.md. */
  readonly remedy: string;
}

/** All error codes of the data plane. Codes and statuses are part of the public contract. */
export const errorTable = {
  invalid_request: {
    status: 400,
    retryable: false,
    outcome: "client_error",
    message: "The request is malformed.",
    remedy: "Mend the part of the request that the message names, then send it again.",
  },
  content_blocked: {
    status: 400,
    retryable: false,
    outcome: "blocked",
    message: "The content was blocked by the moderation rules of this Model API.",
    remedy: "Change the content, or ask the owner of the Model API to change its moderation rules.",
  },
  invalid_credentials: {
    status: 401,
    retryable: false,
    outcome: "client_error",
    message: "The credentials are missing or not valid for this Model API.",
    remedy: "Send a valid, unexpired credential in one of the places that the Model API accepts.",
  },
  consumer_not_allowed: {
    status: 403,
    retryable: false,
    outcome: "client_error",
    message: "This consumer may not call this Model API.",
    remedy: "Ask the owner of the Model API for a grant.",
  },
  route_not_found: {
    status: 404,
    retryable: false,
    outcome: "client_error",
    message: "No Model API serves this method, host and path.",
    remedy: "Compare host, base path, path and method with the routes of the Model API.",
  },
  model_not_found: {
    status: 404,
    retryable: false,
    outcome: "client_error",
    message: "This Model API does not serve the requested model.",
    remedy: "Ask GET /v1/models which models are served, or add a rule to the model service.",
  },
  method_not_allowed: {
    status: 405,
    retryable: false,
    outcome: "client_error",
    message: "TRACE and CONNECT are not served.",
    remedy: "Use one of the methods of the route.",
  },
  request_timeout: {
    status: 408,
    retryable: true,
    outcome: "client_error",
    message: "The request did not arrive in time.",
    remedy: "Send the head of a request within 10 s and its body without pauses of 30 s.",
  },
  body_too_large: {
    status: 413,
    retryable: false,
    outcome: "client_error",
    message: "The request body is larger than this route accepts.",
    remedy: "Send at most 32 MiB of JSON, or 512 MiB of any other type.",
  },
  misdirected_request: {
    status: 421,
    retryable: false,
    outcome: "client_error",
    message: "This connection was opened for another host.",
    remedy: "Open a new connection for this host.",
  },
  upgrade_required: {
    status: 426,
    retryable: false,
    outcome: "client_error",
    message: "This route speaks WebSocket.",
    remedy: "Send a WebSocket upgrade.",
  },
  rate_limited: {
    status: 429,
    retryable: true,
    outcome: "limited",
    message: "A rate limit is exhausted.",
    remedy: "Wait for the time in Retry-After, or ask for a higher limit.",
  },
  quota_exceeded: {
    status: 429,
    retryable: false,
    outcome: "limited",
    message: "A quota is exhausted.",
    remedy: "Wait until the quota resets, or ask for a higher quota.",
  },
  head_too_large: {
    status: 431,
    retryable: false,
    outcome: "client_error",
    message: "The request head is larger than 32 KiB.",
    remedy: "Send fewer or shorter headers.",
  },
  upstream_error: {
    status: 502,
    retryable: true,
    outcome: "upstream_error",
    message: "The model service gave no usable answer.",
    remedy: "Try again; the log record of the request names the service and what it answered.",
  },
  upstream_unreachable: {
    status: 502,
    retryable: true,
    outcome: "upstream_error",
    message: "The model service could not be reached.",
    remedy: "Check the base URL, DNS and TLS of the service with its connection test.",
  },
  upstream_credentials: {
    status: 502,
    retryable: false,
    outcome: "upstream_error",
    message: "The model service refused the gateway's credentials.",
    remedy: "Replace the API key of the service.",
  },
  no_healthy_service: {
    status: 503,
    retryable: true,
    outcome: "upstream_error",
    message: "No service of this Model API can take the request now.",
    remedy: "Enable a service or a key, or wait until a resting key comes back.",
  },
  overloaded: {
    status: 503,
    retryable: true,
    outcome: "limited",
    message: "Too many requests are in flight.",
    remedy: "Wait for the time in Retry-After, or raise maxInFlight of the service.",
  },
  shutting_down: {
    status: 503,
    retryable: true,
    outcome: "limited",
    message: "The gateway is shutting down.",
    remedy: "Send the request again: another node or the restarted gateway answers it.",
  },
  first_packet_timeout: {
    status: 504,
    retryable: true,
    outcome: "timeout",
    message: "The model service sent no first packet in time.",
    remedy: "Raise firstPacketTimeoutMs or add a fallback.",
  },
  upstream_timeout: {
    status: 504,
    retryable: true,
    outcome: "timeout",
    message: "The model service did not answer in time.",
    remedy: "Raise the timeouts of the service or add a fallback.",
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

/** What a thrower may add to a code. */
export interface ErrorDetail {
  /** What happened and how to mend it, for the client. Never holds a secret, host, path or stack of ours. */
  readonly message?: string;
  /** The request field at fault, if one is. */
  readonly param?: string;
  /** Overrides the status of the table: 415 and 417 of `invalid_request`, errors that an upstream reported inside a 200. */
  readonly status?: number;
  /** Sent as Retry-After. */
  readonly retryAfterSeconds?: number;
  /** More headers of the answer, flat: name, value. */
  readonly headers?: readonly string[];
  readonly cause?: unknown;
}

const noHeaders: readonly string[] = [];

/** The only error thrown on purpose on a request's way. */
export class GatewayError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly outcome: Outcome;
  readonly param: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly headers: readonly string[];

  constructor(code: ErrorCode, detail: ErrorDetail = {}) {
    const row = errorTable[code];
    super(detail.message ?? row.message, { cause: detail.cause });
    this.name = "GatewayError";
    this.code = code;
    this.status = detail.status ?? row.status;
    this.retryable = row.retryable;
    this.outcome = row.outcome;
    this.param = detail.param;
    this.retryAfterSeconds = detail.retryAfterSeconds;
    this.headers = detail.headers ?? noHeaders;
  }
}
