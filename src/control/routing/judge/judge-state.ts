// How a judge job stands, as the admin API tells and the store keeps it. No text of a prompt or an answer.
import { z } from "zod";

/** Why a recorded exchange was not judged. */
export const skipReasons = [
  /** It did not succeed. */
  "failed-then",
  /** Its record does not say what its prompt is like. */
  "no-numbers",
  /** A judge has compared answers to it before. */
  "judged-before",
  "not-recorded",
  "cut",
  "redacted",
  /** Images, tools, or something else than words. */
  "not-words",
  /** Fewer than two models answered. */
  "no-answers",
  "no-verdict",
] as const;
export type SkipReason = (typeof skipReasons)[number];

/** `budget`: it is spent; `interrupted`: the gateway stopped before it had ended. */
export const judgeStates = ["running", "done", "cancelled", "budget", "failed", "interrupted"] as const;

const count = z.number().int().min(0);

export const judgeStateSchema = z.object({
  state: z.enum(judgeStates),
  /** Why it ended, where that needs words. */
  message: z.string(),
  by: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  limit: count,
  maxCostUsd: z.number().nullable(),
  maxRequests: count,
  judge: z.object({ service: z.string(), model: z.string() }),
  /** Recorded exchanges that were looked at, and those of them whose answers were compared. */
  looked: count,
  judged: count,
  labels: count,
  requests: count,
  /** As far as prices are known. */
  costUsd: z.number(),
  skipped: z.partialRecord(z.enum(skipReasons), count),
  models: z.array(z.object({ model: z.string(), won: count, lost: count, tied: count })),
});
export type JudgeState = z.output<typeof judgeStateSchema>;

export const keptJudgeStates = z.record(z.string(), judgeStateSchema);
