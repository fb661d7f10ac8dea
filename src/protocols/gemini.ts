// The Gemini wire format: error shapes and the judgement of whole answers. Must not know routes.
import { skipSpace } from "../lib/json-scan.ts";
import { parseJson } from "../lib/json-value.ts";
import { AnswerMembers, answerWithout, planAnswer, readAnswer } from "./answer-members.ts";
import { GeminiStreamReader, isSemanticAnswer } from "./gemini-stream.ts";
import { readGeminiUsage } from "./gemini-usage.ts";
import { lastMember } from "./last-member.ts";
import { isErrorValue, readError } from "./reported-error.ts";
import type { AnswerKind, AnswerVerdict, ErrorView, Wire } from "./wire.ts";

const usageKey = Buffer.from('"usageMetadata"');
const answerPlan = planAnswer([
  "error",
  "candidates",
  "promptFeedback",
  "usageMetadata",
  "embedding",
  "embeddings",
  "name",
]);

/** Candidates longer than this are not looked into: nothing is that long and empty. */
const longestInspectedCandidates = 65_536;

const openBracket = 0x5b;

/** Statuses of google.rpc.Code; other 4xx are an invalid argument, all else is internal. */
const nameByStatus: Readonly<Record<number, string>> = {
  401: "UNAUTHENTICATED",
  403: "PERMISSION_DENIED",
  404: "NOT_FOUND",
  408: "DEADLINE_EXCEEDED",
  429: "RESOURCE_EXHAUSTED",
  502: "UNAVAILABLE",
  503: "UNAVAILABLE",
  504: "DEADLINE_EXCEEDED",
};

export const geminiWire: Wire = {
  errorBody: geminiErrorBody,
  streamError: (error) => `data: ${geminiErrorBody(error)}\r\n\r\n`,
  judge,
  usageInTail: (tail) => readGeminiUsage(lastMember(tail, usageKey)),
  reader: () => new GeminiStreamReader(),
};

function geminiErrorBody({ code, serviceCode, message, status }: ErrorView): string {
  const fallback = status >= 400 && status < 500 ? "INVALID_ARGUMENT" : "INTERNAL";
  const name = nameByStatus[status] ?? fallback;
  return JSON.stringify({
    error: { code: status, message, status: name, details: [{ reason: serviceCode ?? code }] },
  });
}

function judge(body: Buffer, kind: AnswerKind): AnswerVerdict {
  if (kind !== "bytes" && body[skipSpace(body, 0)] === openBracket) return judgeList(body, kind);
  const members = readAnswer(body, answerPlan, kind);
  if (!(members instanceof AnswerMembers)) return members;
  const error = members.value("error");
  // A long operation that failed has a name and is an answer all the same.
  if (isErrorValue(error) && !(kind !== "generation" && members.get("name") !== undefined))
    return { kind: "error", error: readError(error) };
  if (!isFilled(members, kind)) return { kind: "empty" };
  return { kind: "answer", usage: readGeminiUsage(members.value("usageMetadata")) };
}

type Members = AnswerMembers<(typeof answerPlan.keys)[number]>;

function isFilled(members: Members, kind: AnswerKind): boolean {
  if (kind === "embedding")
    return members.get("embedding") !== undefined || members.isFilledList("embeddings");
  if (kind !== "generation") return true;
  const candidates = members.get("candidates");
  if (candidates !== undefined && candidates.end - candidates.start > longestInspectedCandidates) return true;
  return isSemanticAnswer({
    candidates: members.value("candidates"),
    promptFeedback: members.value("promptFeedback"),
  });
}

/** A stream asked for without `alt=sse` is one JSON array of its chunks. */
function judgeList(body: Buffer, kind: AnswerKind): AnswerVerdict {
  const list = parseJson(body.toString());
  if (!Array.isArray(list)) return { kind: "invalid" };
  if (kind !== "generation") return answerWithout;
  const reader = new GeminiStreamReader();
  let semantic = false;
  for (const chunk of list) {
    const meaning = reader.read("", Buffer.from(JSON.stringify(chunk)));
    // Before any data an error is all there is; after it the client has to see both.
    if (meaning === "error" && !semantic) return { kind: "error", error: reader.error ?? readError({}) };
    semantic ||= meaning === "semantic";
  }
  return semantic ? { kind: "answer", usage: reader.usage } : { kind: "empty" };
}
