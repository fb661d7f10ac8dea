// What a refused request is told in numbers: when to come again, and how much is left. Knows no policy.
import type { LimitState } from "./limit-store.ts";
import type { LimitMetric, PolicyAsk } from "./policy-ask.ts";

type State = LimitState<PolicyAsk>;

/** Seconds until all that refuse would pass, at least 1; undefined when no time helps. */
export function retryAfterSeconds(states: readonly State[]): number | undefined {
  const waits = states.filter(refuses).map(({ resetMs }) => resetMs);
  const longestMs = Math.max(0, ...waits);
  return longestMs === Infinity ? undefined : Math.max(1, Math.ceil(longestMs / 1_000));
}

function refuses({ ask, used }: State): boolean {
  return !ask.dryRun && used + ask.amount > ask.limit;
}

const told: readonly LimitMetric[] = ["requests", "tokens"];

/** `x-ratelimit-*` of the strictest limit of each metric, flat. */
export function rateLimitHeaders(states: readonly State[]): string[] {
  const headers: string[] = [];
  for (const metric of told) {
    const state = strictest(states.filter(({ ask }) => ask.metric === metric && !ask.dryRun));
    if (state === undefined) continue;
    headers.push(`x-ratelimit-limit-${metric}`, String(state.ask.limit));
    headers.push(`x-ratelimit-remaining-${metric}`, String(remaining(state)));
    headers.push(`x-ratelimit-reset-${metric}`, durationText(state.wholeMs));
  }
  return headers;
}

function strictest(states: readonly State[]): State | undefined {
  let found: State | undefined;
  for (const state of states) if (found === undefined || remaining(state) < remaining(found)) found = state;
  return found;
}

export function remaining({ ask, used }: LimitState): number {
  return Math.max(0, Math.floor(ask.limit - used));
}

/** As OpenAI writes it, such as `1s` or `6m0s`. */
export function durationText(ms: number): string {
  const seconds = Math.ceil(ms / 1_000);
  const [hours, minutes, rest] = [Math.floor(seconds / 3_600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (hours > 0) return `${hours}h${minutes}m${rest}s`;
  return minutes > 0 ? `${minutes}m${rest}s` : `${rest}s`;
}
