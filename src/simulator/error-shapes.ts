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

/** OpenAI's responses: as elsewhere, but in a stream as an event of its own type. */
export const responsesErrors: ErrorShape = {
  ...openaiErrors,
  event: ({ message, param, code, status }) => {
    const error = { type: openaiType(status), code, message, param };
    return `event: error\ndata: ${JSON.stringify({ type: "error", sequence_number: 0, error })}\n\n`;
  },
};

/** Anthropic: `{"type":"error",...}`, in a stream as an event named error. */
export const anthropicErrors: ErrorShape = {
  requestIdHeader: "request-id",
  body: anthropicBody,
  event: (error, requestId) => `event: error\ndata: ${anthropicBody(error, requestId)}\n\n`,
};

/** DashScope: flat, in a stream as an event named error with the status as a comment. */
export const dashscopeErrors: ErrorShape = {
  requestIdHeader: "x-request-id",
  body: dashscopeBody,
  event: (error, requestId) =>
    `id:1\nevent:error\n:HTTP_STATUS/${error.status}\ndata:${dashscopeBody(error, requestId)}\n\n`,
};

/** Gemini: `{"error":{code,message,status}}`, in a stream as a data event like any other. */
export const geminiErrors: ErrorShape = {
  requestIdHeader: "x-request-id",
  body: geminiBody,
  event: (error) => `data: ${geminiBody(error)}\r\n\r\n`,
};

/** ComfyUI: an error beside what is wrong with single nodes, of which there is nothing to say here. */
export const comfyuiErrors: ErrorShape = {
  requestIdHeader: "x-request-id",
  body: comfyuiBody,
  event: (error) => comfyuiBody(error),
};

function comfyuiBody({ message, code, param }: RefusedRequest): string {
  const error = { type: code ?? "invalid_request", message, details: param ?? "", extra_info: {} };
  return JSON.stringify({ error, node_errors: {} });
}

function geminiBody({ message, status: code }: RefusedRequest): string {
  const status = geminiStatuses.get(code) ?? (code < 500 ? "INVALID_ARGUMENT" : "INTERNAL");
  return JSON.stringify({ error: { code, message, status } });
}

const geminiStatuses: ReadonlyMap<number, string> = new Map([
  [401, "UNAUTHENTICATED"],
  [403, "PERMISSION_DENIED"],
  [404, "NOT_FOUND"],
  [429, "RESOURCE_EXHAUSTED"],
  [503, "UNAVAILABLE"],
]);

function dashscopeBody(error: RefusedRequest, requestId: string): string {
  return JSON.stringify({
    code: dashscopeCode(error),
    message: error.message,
    request_id: dashscopeRequestId(requestId),
  });
}

/** The error's own code where it is one of DashScope's, which begin with a capital, else the usual one of its status. */
export function dashscopeCode({ code, status }: RefusedRequest): string {
  if (code !== null && /^[A-Z]/.test(code)) return code;
  return dashscopeCodes.get(status) ?? (status < 500 ? "InvalidParameter" : "InternalError");
}

/** The id of the exchange in the form of a UUID, as DashScope has it. */
export function dashscopeRequestId(requestId: string): string {
  const digits = Buffer.from(requestId.slice(-16)).toString("hex");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

const dashscopeCodes: ReadonlyMap<number, string> = new Map([
  [401, "InvalidApiKey"],
  [404, "ModelNotFound"],
  [429, "Throttling.RateQuota"],
]);

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
