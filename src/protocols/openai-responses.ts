// The wire format of OpenAI Responses: error shapes and the judgement of whole answers. Must not know routes.
import { AnswerMembers, planAnswer, readAnswer } from "./answer-members.ts";
import { ResponsesStreamReader } from "./openai-responses-stream.ts";
import { openaiStatus } from "./openai-stream.ts";
import { openaiUsageInTail, readOpenaiUsage } from "./openai-usage.ts";
import { openaiErrorBody } from "./openai.ts";
import { isErrorValue, readError } from "./reported-error.ts";
import type { AnswerKind, AnswerVerdict, ErrorView, Wire } from "./wire.ts";

const answerPlan = planAnswer(["error", "id", "output", "status", "usage"]);

/** A response in one of these states is an answer without any output: cut short, or still being made. */
const wordlessStates: ReadonlySet<unknown> = new Set(["incomplete", "queued", "in_progress", "cancelled"]);

/** Of a response that is made in the background. */
const unfinishedStates: ReadonlySet<unknown> = new Set(["queued", "in_progress"]);

export const openaiResponsesWire: Wire = {
  errorBody: openaiErrorBody,
  streamError,
  judge,
  usageInTail: openaiUsageInTail,
  reader: () => new ResponsesStreamReader(),
};

function streamError({ code, message }: ErrorView): string {
  const response = { object: "response", status: "failed", error: { code, message } };
  return `event: response.failed\ndata: ${JSON.stringify({ type: "response.failed", response })}\n\n`;
}

function judge(body: Buffer, kind: AnswerKind): AnswerVerdict {
  const members = readAnswer(body, answerPlan, kind);
  if (!(members instanceof AnswerMembers)) return members;
  const error = members.value("error");
  const status = members.value("status");
  // A stored response that failed is an answer to the question for it.
  const isStored = kind === "object" && members.get("id") !== undefined;
  if (!isStored && (isErrorValue(error) || status === "failed")) {
    const found = readError(error ?? {});
    return { kind: "error", error: { ...found, status: openaiStatus(found.status) } };
  }
  if (kind === "generation" && !members.isFilledList("output") && !wordlessStates.has(status))
    return { kind: "empty" };
  const usage = readOpenaiUsage(members.value("usage"));
  return { kind: "answer", usage, ...(unfinishedStates.has(status) ? { unfinished: true } : {}) };
}
