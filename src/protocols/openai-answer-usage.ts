// Usage of whole answers in OpenAI's wire format and of the rerank and embedding services that share its paths. Must not judge.
import { noTokens, type Usage } from "../core/usage.ts";
import { countOf, memberOf } from "../lib/json-value.ts";
import type { AnswerMembers } from "./answer-members.ts";
import { readOpenaiUsage, readOpenaiUsageOf } from "./openai-usage.ts";
import type { AnswerKind } from "./wire.ts";

export type OpenaiKey =
  | "error"
  | "choices"
  | "usage"
  | "object"
  | "x_groq"
  | "data"
  | "results"
  | "embeddings"
  | "meta"
  | "id"
  | "duration"
  | "status"
  | "seconds"
  | "trained_tokens";

type Members = AnswerMembers<OpenaiKey>;

/** States in which an object consumes nothing more. */
const finalStates: ReadonlySet<unknown> = new Set([
  "completed",
  "succeeded",
  "failed",
  "cancelled",
  "expired",
  "incomplete",
]);

/** What the answer consumed; undefined when it does not say. */
export function usageOfAnswer(kind: AnswerKind, members: Members): Usage | undefined {
  const reported = reportedUsage(members);
  switch (kind) {
    case "embedding":
    case "rerank":
      return reported ?? readBilledUnits(members.value("meta"));
    case "images":
      return { ...(reported ?? noTokens), images: members.count("data") };
    case "transcription":
      return reported ?? secondsOf(members.value("duration"));
    case "object":
      return usageOfObject(members, reported);
    default:
      return reported;
  }
}

function reportedUsage(members: Members): Usage | undefined {
  const usage = members.get("usage")?.kind === "object" ? readOpenaiUsage(members.value("usage")) : undefined;
  if (usage !== undefined || members.get("x_groq")?.kind !== "object") return usage;
  return readOpenaiUsageOf({ x_groq: members.value("x_groq") });
}

/** Cohere's `meta.billed_units`: what it bills, not what its models read. */
function readBilledUnits(meta: unknown): Usage | undefined {
  const billed = memberOf(meta, "billed_units");
  const tokens = readOpenaiUsage(billed);
  const searches = countOf(billed, "search_units");
  return searches === undefined ? tokens : { ...(tokens ?? noTokens), searches };
}

/** Videos have their length as a text. */
function secondsOf(value: unknown): Usage | undefined {
  const seconds = typeof value === "string" ? Number.parseFloat(value) : value;
  return typeof seconds === "number" && seconds >= 0 ? { ...noTokens, seconds } : undefined;
}

/** An object that is still worked on has not yet consumed what it will. */
function usageOfObject(members: Members, reported: Usage | undefined): Usage | undefined {
  const status = members.value("status");
  if (!finalStates.has(status)) return undefined;
  if (members.value("object") === "video" && status === "completed")
    return secondsOf(members.value("seconds"));
  const trained = members.value("trained_tokens");
  return typeof trained === "number" && trained >= 0 ? { ...noTokens, inputTokens: trained } : reported;
}
