// The OpenAI wire format: error shapes and the judgement of whole answers. Must not know routes.
import { parseJson } from "../lib/json-value.ts";
import { openaiUsageInTail } from "./openai-usage.ts";
import { AnswerMembers, planAnswer, readAnswer } from "./answer-members.ts";
import { usageOfAnswer, type OpenaiKey } from "./openai-answer-usage.ts";
import { isSemanticChoice } from "./openai-choice.ts";
import { hasSetFinishReason, openaiStatus, OpenaiStreamReader } from "./openai-stream.ts";
import { OpenaiMediaReader } from "./openai-media-stream.ts";
import { isErrorValue, readError } from "./reported-error.ts";
import type { AnswerKind, AnswerVerdict, ErrorView, ReportedError, Wire } from "./wire.ts";

const answerPlan = planAnswer<OpenaiKey>([
  "error",
  "choices",
  "usage",
  "object",
  "x_groq",
  "data",
  "results",
  "embeddings",
  "meta",
  "id",
  "duration",
  "status",
  "seconds",
  "trained_tokens",
]);

type Members = AnswerMembers<OpenaiKey>;

/** Choices longer than this are not looked into: nothing is that long and empty. */
const longestInspectedChoices = 65_536;

/** Whether an answer of each kind holds what it is for. Cohere's vectors stand in `embeddings`, Voyage's ranks in `data`. */
const holds: Readonly<Record<AnswerKind, (members: Members, body: Buffer) => boolean>> = {
  generation: hasChoice,
  embedding: (members) => members.isFilledList("data") || members.get("embeddings") !== undefined,
  rerank: (members) => members.isList("results") || members.isList("data"),
  images: (members) => members.isFilledList("data"),
  speech: () => true,
  transcription: () => true,
  object: () => true,
  json: () => true,
  bytes: () => true,
};

/** Statuses with a type of their own; other 4xx are invalid requests, all else is an API error. */
const typeByStatus: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  429: "rate_limit_error",
};

/** Kinds whose streams have named events of their own instead of chunks. */
const mediaKinds: ReadonlySet<AnswerKind> = new Set(["images", "speech", "transcription"]);

export const openaiWire: Wire = {
  errorBody: openaiErrorBody,
  streamError: (error) => `data: ${openaiErrorBody(error)}\n\n`,
  judge,
  usageInTail: openaiUsageInTail,
  reader: (kind = "generation") =>
    mediaKinds.has(kind) ? new OpenaiMediaReader() : new OpenaiStreamReader(),
};

/** `{"error":{"message","type","param","code"}}`; `code` is the gateway's. */
export function openaiErrorBody(error: ErrorView): string {
  const fallback = error.status >= 400 && error.status < 500 ? "invalid_request_error" : "api_error";
  const type = typeByStatus[error.status] ?? fallback;
  return JSON.stringify({
    error: {
      message: error.message,
      type,
      param: error.param ?? null,
      code: error.serviceCode ?? error.code,
    },
  });
}

function judge(body: Buffer, kind: AnswerKind): AnswerVerdict {
  const members = readAnswer(body, answerPlan, kind);
  if (!(members instanceof AnswerMembers)) return members;
  const reported = reportedError(body, members, kind);
  if (reported !== undefined) return { kind: "error", error: reported };
  if (!holds[kind](members, body)) return { kind: "empty" };
  return { kind: "answer", usage: usageOfAnswer(kind, members) };
}

function reportedError(body: Buffer, members: Members, kind: AnswerKind): ReportedError | undefined {
  const error = members.value("error");
  // A job that failed has an error and is an answer all the same.
  const isError = isErrorValue(error) && !(kind === "object" && members.get("id") !== undefined);
  if (!isError && members.value("object") !== "error") return undefined;
  // Older vLLM reports an error as the body itself.
  const found = readError(isError ? error : parseJson(body.toString()));
  return { ...found, status: openaiStatus(found.status) };
}

/** Whether there is a choice that says anything; how it ended is enough, so that a safety block is an answer. */
function hasChoice(members: Members, body: Buffer): boolean {
  const choices = members.get("choices");
  if (choices === undefined || !members.isFilledList("choices")) return false;
  const length = choices.end - choices.start;
  if (length > longestInspectedChoices) return true;
  if (hasSetFinishReason(body.subarray(choices.start, choices.end))) return true;
  const list = members.value("choices");
  return Array.isArray(list) && list.some(isSemanticChoice);
}
