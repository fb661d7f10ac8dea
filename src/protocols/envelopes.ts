// Error shapes of the protocols whose answers are passed on without being understood. Must not pretend to read them.
import { prepareScan, scanObject, skipSpace } from "../lib/json-scan.ts";
import { parseJson } from "../lib/json-value.ts";
import { openaiErrorBody } from "./openai.ts";
import type { AnswerVerdict, ErrorView, EventMeaning, StreamReader, Wire } from "./wire.ts";

const noKeys = prepareScan([]);

/** Statuses of google.rpc.Code; other 4xx are an invalid argument, all else is internal. */
const geminiStatuses: Readonly<Record<number, string>> = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  408: "DEADLINE_EXCEEDED",
  429: "RESOURCE_EXHAUSTED",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

/** Takes the first event with data for an answer and reports neither usage nor an end: nothing is known of its meaning. */
class OpaqueReader implements StreamReader {
  /** An end that cannot be seen is not held against the service. */
  readonly finished = true;
  readonly usageMayFollow = false;
  readonly usage = undefined;
  readonly error = undefined;

  read(_event: string, data: Buffer): EventMeaning {
    return skipSpace(data, 0) === data.length ? "noise" : "semantic";
  }

  isExtraUsage(): boolean {
    return false;
  }
}

function judgeOpaque(body: Buffer): AnswerVerdict {
  if (skipSpace(body, 0) === body.length) return { kind: "empty" };
  const scan = scanObject(body, noKeys);
  if (scan.ok || scan.error === "too-deep") return { kind: "answer", usage: undefined };
  // Some of their routes answer with an array.
  const valid = scan.error === "not-an-object" && parseJson(body.toString()) !== undefined;
  return valid ? { kind: "answer", usage: undefined } : { kind: "invalid" };
}

function opaqueWire(
  errorBody: (error: ErrorView) => string,
  streamError: (error: ErrorView) => string,
): Wire {
  return { errorBody, streamError, judge: judgeOpaque, reader: () => new OpaqueReader() };
}

function dashscopeErrorBody({ code, message, requestId }: ErrorView): string {
  return JSON.stringify({ code, message, request_id: requestId });
}

function comfyuiErrorBody({ code, message, param }: ErrorView): string {
  const error = { type: code, message, details: param ?? "", extra_info: {} };
  return JSON.stringify({ error, node_errors: {} });
}

function geminiErrorBody({ code, message, status }: ErrorView): string {
  const fallback = status >= 400 && status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
  const name = geminiStatuses[status] ?? fallback;
  return JSON.stringify({ error: { code: status, message, status: name, details: [{ reason: code }] } });
}

function responsesStreamError({ code, message }: ErrorView): string {
  const response = { object: "response", status: "failed", error: { code, message } };
  return `event: response.failed\ndata: ${JSON.stringify({ type: "response.failed", response })}\n\n`;
}

export const dashscopeWire = opaqueWire(
  dashscopeErrorBody,
  (error) => `event:error\n:HTTP_STATUS/${error.status}\ndata:${dashscopeErrorBody(error)}\n\n`,
);

/** ComfyUI has no event streams: a broken answer just ends. */
export const comfyuiWire = opaqueWire(comfyuiErrorBody, () => "");

export const geminiWire = opaqueWire(geminiErrorBody, (error) => `data: ${geminiErrorBody(error)}\r\n\r\n`);

export const openaiResponsesWire = opaqueWire(openaiErrorBody, responsesStreamError);
