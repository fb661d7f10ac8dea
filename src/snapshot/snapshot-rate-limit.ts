// What the data plane is told of a rate limit. Part of the snapshot.
import type { ValueMatch } from "../lib/value-matcher.ts";

export interface SnapshotRateLimit {
  readonly name: string;
  readonly by: "consumer" | "header" | "query" | "cookie" | "ip" | "model" | "api";
  /** Name of the header, query parameter or cookie. */
  readonly key?: string;
  readonly match: ValueMatch;
  readonly metric: "tokens" | "requests" | "concurrency";
  readonly limit: number;
  /** Absent for concurrency. */
  readonly windowMs?: number;
  readonly dryRun: boolean;
}
