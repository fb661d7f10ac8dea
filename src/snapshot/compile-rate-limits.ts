// The rate limits of a Model API -> what the data plane counts by. Knows no other policy.
import type { ModelApi } from "../resources/model-api.ts";
import type { SnapshotRateLimit } from "./snapshot-rate-limit.ts";

const windowMs = { second: 1_000, minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const;

/** Undefined where there are none. */
export function compileRateLimits({ rateLimits }: ModelApi): readonly SnapshotRateLimit[] | undefined {
  if (rateLimits.length === 0) return undefined;
  return rateLimits.map(({ name, by, key, match, metric, limit, window, dryRun }) => ({
    name,
    by,
    ...(key === undefined ? {} : { key }),
    match,
    metric,
    limit,
    ...(window === undefined ? {} : { windowMs: windowMs[window] }),
    dryRun,
  }));
}
