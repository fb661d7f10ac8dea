// What one exchange has to do with the cache after it was looked for in vain: where its answer will be kept.
import type { AnswerCopy } from "./answer-copy.ts";
import type { Likeness } from "./cache-store.ts";

export interface CacheTurn {
  readonly key: string;
  readonly epoch: string;
  readonly ttlMs: number;
  /** An id in the answer names nothing that the service keeps. */
  readonly unstored: boolean;
  readonly copy: AnswerCopy;
  readonly likeness: Likeness | undefined;
}
