// The Anthropic wire format: error shapes and the judgement of whole answers. Must not know routes.
import { prepareScan, scanObject, skipSpace } from "../lib/json-scan.ts";
import type { JsonMember } from "../lib/json-scan.ts";
import { parseJson } from "../lib/json-value.ts";
import { AnthropicStreamReader } from "./anthropic-stream.ts";
import { mergeAnthropicUsage, noAnthropicFigures, toUsage } from "./anthropic-usage.ts";
import { isErrorValue, readError } from "./reported-error.ts";
import type { AnswerKind, AnswerVerdict, ErrorView, Wire } from "./wire.ts";

const answerPlan = prepareScan(["type", "error", "content", "stop_reason", "usage", "input_tokens"]);

const closeBracket = 0x5d;

/** All others are an `api_error`. */
const typeByStatus: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
  529: "overloaded_error",
};

export const anthropicWire: Wire = {
  errorBody: anthropicErrorBody,
  streamError: (error) => `event: error\ndata: ${anthropicErrorBody(error)}\n\n`,
  judge,
  reader: () => new AnthropicStreamReader(),
};

/** `{"type":"error","error":{"type","message"},"request_id"}`. */
function anthropicErrorBody(error: ErrorView): string {
  const type = typeByStatus[error.status] ?? "api_error";
  return JSON.stringify({
    type: "error",
    error: { type, message: error.message },
    request_id: error.requestId,
  });
}

function judge(body: Buffer, kind: AnswerKind): AnswerVerdict {
  const scan = scanObject(body, answerPlan);
  if (!scan.ok) {
    if (skipSpace(body, 0) === body.length) return { kind: "empty" };
    // Too deep to be looked into, which is the service's right.
    return scan.error === "too-deep" ? { kind: "answer", usage: undefined } : { kind: "invalid" };
  }
  const [type, error, content, stopReason, usage, inputTokens] = scan.members;
  const value = valueOf(body, error);
  if (isErrorValue(value)) return { kind: "error", error: readError(value) };
  if (type?.kind === "string" && valueOf(body, type) === "error")
    return { kind: "error", error: readError({}) };
  if (kind === "generation" && !hasContent(body, content) && stopReason?.kind !== "string")
    return { kind: "empty" };
  // The answer of count_tokens is `{"input_tokens": n}`.
  const figures = usage === undefined ? { input_tokens: valueOf(body, inputTokens) } : valueOf(body, usage);
  return { kind: "answer", usage: toUsage(mergeAnthropicUsage(noAnthropicFigures, figures)) };
}

function hasContent(body: Buffer, content: JsonMember | undefined): boolean {
  return content?.kind === "array" && body[skipSpace(body, content.start + 1)] !== closeBracket;
}

function valueOf(body: Buffer, member: JsonMember | undefined): unknown {
  return member === undefined ? undefined : parseJson(body.toString("utf8", member.start, member.end));
}
