// What an exchange's record comes to in a line: its sign, speed, times. Knows the record, draws nothing.
import type { LogItem } from "../../../../src/control/routes/console-answers.ts";
import type { Phase } from "../../ui/moon.tsx";

type Ended = Pick<LogItem, "status" | "outcome" | "attempts">;

/** Full: answered at once; half: after a failure; ring: the client left; struck: failed or refused. */
export function phaseOf({ status, outcome, attempts }: Ended): Phase {
  if (outcome === "client_closed") return "ring";
  if (outcome !== "ok" || status >= 400) return "struck";
  return attempts.length > 1 ? "half" : "full";
}

export function isFailed(item: Ended): boolean {
  return phaseOf(item) === "struck";
}

/** Output tokens a second, from the first data on where there was a stream; null where it says nothing. */
export function speedOf({
  usage,
  ttftMs,
  durationMs,
  stream,
}: Pick<LogItem, "usage" | "ttftMs" | "durationMs" | "stream">): number | null {
  const tokens = usage?.outputTokens ?? 0;
  const ms = durationMs - (stream ? (ttftMs ?? 0) : 0);
  // An answer that came in one piece says nothing about its speed.
  return tokens === 0 || ms < leastMeasuredMs ? null : (tokens * 1_000) / ms;
}
const leastMeasuredMs = 100;
