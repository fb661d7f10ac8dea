// Figures of a run as the panel shows them: browser's, answer's and record's brought together. Words are the caller's.
import { estimateTokens } from "./answer.ts";
import type { RunView } from "./run-view.ts";

export interface RunFacts {
  readonly ttftMs: number | null;
  readonly gatewayTtftMs: number | null;
  readonly elapsedMs: number;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly isEstimated: boolean;
  readonly cachedTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly tokensPerSecond: number | null;
  readonly overheadMs: number | null;
  readonly costUsd: number | null;
}

/** An answer that came in one piece says nothing about its speed. */
const leastMeasuredMs = 100;

export function factsOf(view: RunView): RunFacts {
  const { record, answer, firstMs, elapsedMs } = view;
  const usage = record?.usage ?? null;
  const spoken = answer.text + answer.reasoning;
  const reported = usage?.outputTokens ?? answer.usage.output ?? null;
  const estimate = spoken === "" ? null : estimateTokens(spoken);
  const outputTokens = reported ?? estimate;
  const streamMs = firstMs === null ? 0 : elapsedMs - firstMs;
  return {
    ttftMs: firstMs,
    gatewayTtftMs: record?.ttftMs ?? null,
    elapsedMs,
    inputTokens: usage?.inputTokens ?? answer.usage.input ?? null,
    outputTokens,
    isEstimated: reported === null ? estimate !== null : (usage?.estimated ?? false),
    cachedTokens: usage?.cachedInputTokens ?? answer.usage.cached ?? null,
    reasoningTokens: usage?.reasoningTokens ?? answer.usage.reasoning ?? null,
    // Of a plain answer only the whole is known, so its speed is that of the whole.
    tokensPerSecond:
      outputTokens === null || outputTokens === 0 || elapsedMs < leastMeasuredMs
        ? null
        : (outputTokens * 1_000) / Math.max(1, view.frames.length > 1 ? streamMs : elapsedMs),
    overheadMs: record?.overheadMs ?? null,
    costUsd: record?.costUsd ?? null,
  };
}

/** Who is to blame for an answer with an error status. */
export type Speaker = "client" | "gateway" | "upstream";

export function speakerOf({ record, status, headers }: RunView): Speaker {
  if (record === null) {
    return headers.some(([name]) => name === "x-moongate-upstream-request-id") ? "upstream" : "gateway";
  }
  if (record.upstreamStatus === status && record.attempts.length > 0) return "upstream";
  return record.attempts.length === 0 && status < 500 ? "client" : "gateway";
}
