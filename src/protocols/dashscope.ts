// The DashScope wire format: error shapes and the judgement of whole answers. Must not know routes.
import { memberOf } from "../lib/json-value.ts";
import { AnswerMembers, planAnswer, readAnswer } from "./answer-members.ts";
import { dashscopeErrorOf, isSemanticOutput } from "./dashscope-output.ts";
import { DashscopeStreamReader } from "./dashscope-stream.ts";
import { readDashscopeUsage } from "./dashscope-usage.ts";
import { lastMember } from "./last-member.ts";
import type { AnswerKind, AnswerVerdict, ErrorView, Wire } from "./wire.ts";

const usageKey = Buffer.from('"usage"');
const answerPlan = planAnswer(["output", "usage", "code", "message", "error", "data"], { anyJson: true });

/** An output longer than this is not looked into: nothing is that long and empty. */
const longestInspectedOutput = 65_536;

/** Only a task that has succeeded has consumed something, and only then its usage is told. */
const succeeded = "SUCCEEDED";

export const dashscopeWire: Wire = {
  errorBody: dashscopeErrorBody,
  streamError: (error) => `event:error\n:HTTP_STATUS/${error.status}\ndata:${dashscopeErrorBody(error)}\n\n`,
  judge,
  usageInTail: (tail) => readDashscopeUsage(lastMember(tail, usageKey)),
  reader: () => new DashscopeStreamReader(),
};

function dashscopeErrorBody({ code, serviceCode = code, message, requestId }: ErrorView): string {
  return JSON.stringify({ code: serviceCode, message, request_id: requestId });
}

function judge(body: Buffer, kind: AnswerKind): AnswerVerdict {
  const members = readAnswer(body, answerPlan, kind);
  if (!(members instanceof AnswerMembers)) return members;
  const range = members.get("output");
  const isLong = range !== undefined && range.end - range.start > longestInspectedOutput;
  const output = isLong ? undefined : members.value("output");
  if (range === undefined) {
    const error = dashscopeErrorOf({
      error: members.value("error"),
      code: members.value("code"),
      message: members.value("message"),
      data: members.value("data"),
    });
    if (error !== undefined) return { kind: "error", error };
  }
  if (kind === "generation" && !isLong && !isSemanticOutput(output)) return { kind: "empty" };
  if (kind === "rerank" && !isLong && !Array.isArray(memberOf(output, "results"))) return { kind: "empty" };
  const status = memberOf(output, "task_status");
  const isOwing = status !== undefined && status !== succeeded;
  return { kind: "answer", usage: isOwing ? undefined : readDashscopeUsage(members.value("usage")) };
}
