// How each protocol spells an error, plain and inside a stream. Must not know why the error came about.
import type { RefusedRequest } from "./refused-request.ts";

export interface ErrorShape {
  /** Name of the header that carries the id of the exchange. */
  readonly requestIdHeader: string;
  body(error: RefusedRequest, requestId: string): string;
  /** The same as an event of a stream. */
  event(error: RefusedRequest, requestId: string): string;
}

/** OpenAI: `{"error":{message,type,param,code}}`, in a stream as a bare data event. */
export const openaiErrors: ErrorShape = {
  requestIdHeader: "x-request-id",
  body: openaiBody,
  event: (error) => `data: ${openaiBody(error)}\n\n`,
};

/** Anthropic: `{"type":"error",...}`, in a stream as an event named error. */
export const anthropicErrors: ErrorShape = {
  requestIdHeader: "request-id",
  body: anthropicBody,
  event: (error, requestId) => `event: error\ndata: ${anthropicBody(error, requestId)}\n\n`,
};

function openaiBody(error: RefusedRequest): string {
  const { message, param, code } = error;
  return JSON.stringify({ error: { message, type: openaiType(error.status), param, code } });
}

function anthropicBody(error: RefusedRequest, requestId: string): string {
  const type = anthropicTypes.get(error.status) ?? "api_error";
  return JSON.stringify({ type: "error", error: { type, message: error.message }, request_id: requestId });
}

function openaiType(status: number): string {
  if (status === 429) return "requests";
  return status < 500 ? "invalid_request_error" : "server_error";
}

const anthropicTypes: ReadonlyMap<number, string> = new Map([
  [400, "invalid_request_error"],
  [404, "not_found_error"],
  [405, "invalid_request_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
]);
