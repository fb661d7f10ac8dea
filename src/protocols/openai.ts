// The OpenAI wire format: error shapes and the judgement of whole answers. Must not know routes.
import { decodeString, prepareScan, scanObject, skipSpace } from "../lib/json-scan.ts";
import type { JsonMember } from "../lib/json-scan.ts";
import { parseJson } from "../lib/json-value.ts";
import { isSemanticChoice } from "./openai-choice.ts";
import { hasSetFinishReason, openaiStatus, OpenaiStreamReader } from "./openai-stream.ts";
import { readOpenaiUsage, readOpenaiUsageOf } from "./openai-usage.ts";
import { isErrorValue, readError } from "./reported-error.ts";
import type { AnswerKind, AnswerVerdict, ErrorView, ReportedError, Wire } from "./wire.ts";

const answerPlan = prepareScan(["error", "choices", "usage", "object", "x_groq"]);

/** Choices longer than this are not looked into: nothing is that long and empty. */
const longestInspectedChoices = 65_536;

const closeBracket = 0x5d;

/** Statuses with a type of their own; other 4xx are invalid requests, all else is an API error. */
const typeByStatus: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  429: "rate_limit_error",
};

export const openaiWire: Wire = {
  errorBody: openaiErrorBody,
  streamError: (error) => `data: ${openaiErrorBody(error)}\n\n`,
  judge,
  reader: () => new OpenaiStreamReader(),
};

/** `{"error":{"message","type","param","code"}}`; `code` is the gateway's. */
export function openaiErrorBody(error: ErrorView): string {
  const fallback = error.status >= 400 && error.status < 500 ? "invalid_request_error" : "api_error";
  const type = typeByStatus[error.status] ?? fallback;
  return JSON.stringify({
    error: { message: error.message, type, param: error.param ?? null, code: error.code },
  });
}

function judge(body: Buffer, kind: AnswerKind): AnswerVerdict {
  const scan = scanObject(body, answerPlan);
  if (!scan.ok) {
    if (skipSpace(body, 0) === body.length) return { kind: "empty" };
    // Too deep to be looked into, which is the service's right.
    return scan.error === "too-deep" ? { kind: "answer", usage: undefined } : { kind: "invalid" };
  }
  const [error, choices, usage, object, groq] = scan.members;
  const reported = reportedError(body, error, object);
  if (reported !== undefined) return { kind: "error", error: reported };
  if (kind === "generation" && !hasAnswer(body, choices)) return { kind: "empty" };
  const own = usage?.kind === "object" ? readOpenaiUsage(valueOf(body, usage)) : undefined;
  if (own !== undefined || groq?.kind !== "object") return { kind: "answer", usage: own };
  return { kind: "answer", usage: readOpenaiUsageOf({ x_groq: valueOf(body, groq) }) };
}

function reportedError(body: Buffer, error?: JsonMember, object?: JsonMember): ReportedError | undefined {
  const value = error === undefined ? undefined : valueOf(body, error);
  const isErrorObject = object?.kind === "string" && decodeString(body, object.start, object.end) === "error";
  if (!isErrorValue(value) && !isErrorObject) return undefined;
  // Older vLLM reports an error as the body itself.
  const found = readError(isErrorValue(value) ? value : parseJson(body.toString()));
  return { ...found, status: openaiStatus(found.status) };
}

/** Whether there is a choice that says anything; how it ended is enough, so that a safety block is an answer. */
function hasAnswer(body: Buffer, choices: JsonMember | undefined): boolean {
  if (choices?.kind !== "array" || body[skipSpace(body, choices.start + 1)] === closeBracket) return false;
  const length = choices.end - choices.start;
  if (length > longestInspectedChoices) return true;
  if (hasSetFinishReason(body.subarray(choices.start, choices.end))) return true;
  const list = valueOf(body, choices);
  return Array.isArray(list) && list.some(isSemanticChoice);
}

function valueOf(body: Buffer, member: JsonMember): unknown {
  return parseJson(body.toString("utf8", member.start, member.end));
}
