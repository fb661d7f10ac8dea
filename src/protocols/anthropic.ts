// The Anthropic wire format: error shapes and the judgement of whole answers. Must not know routes.
import { AnswerMembers, planAnswer, readAnswer } from "./answer-members.ts";
import { AnthropicStreamReader } from "./anthropic-stream.ts";
import { mergeAnthropicUsage, noAnthropicFigures, toUsage } from "./anthropic-usage.ts";
import { lastMember } from "./last-member.ts";
import { isErrorValue, readError } from "./reported-error.ts";
import type { AnswerKind, AnswerVerdict, ErrorView, Wire } from "./wire.ts";

const usageKey = Buffer.from('"usage"');
const answerPlan = planAnswer(["type", "error", "content", "stop_reason", "usage"]);

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
  usageInTail: (tail) => toUsage(mergeAnthropicUsage(noAnthropicFigures, lastMember(tail, usageKey))),
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
  const members = readAnswer(body, answerPlan, kind);
  if (!(members instanceof AnswerMembers)) return members;
  const error = members.value("error");
  if (isErrorValue(error)) return { kind: "error", error: readError(error) };
  if (members.value("type") === "error") return { kind: "error", error: readError({}) };
  if (
    kind === "generation" &&
    !members.isFilledList("content") &&
    members.get("stop_reason")?.kind !== "string"
  )
    return { kind: "empty" };
  // The `input_tokens` of count_tokens stand beside no usage: they were counted, not consumed.
  return {
    kind: "answer",
    usage: toUsage(mergeAnthropicUsage(noAnthropicFigures, members.value("usage"))),
  };
}
