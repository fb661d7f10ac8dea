// Where each number of a target stands in its row of the shared memory. A row of zeros is a target of which nothing is
// known. Times are monotonic ms; 0 = never.

/** Seconds of answers that the breaker looks at. */
export const windowSeconds = 8;

export const field = {
  // Breaker.
  /** Failures in a row before first data. */
  failuresInRow: 1,
  /** Streams in a row that broke after their first data. */
  breaksInRow: 2,
  /** Ejected until then; 0 = closed. */
  openUntilMs: 3,
  openedMs: 4,
  closedMs: 5,
  /** How often the next back-off is doubled. */
  doublings: 6,
  /** When the trial that runs now was claimed; 0 = none. */
  trialMs: 7,
  /** Trigger of the failure that ejected it, counted from 1. */
  trigger: 8,
  /** Second that the newest of the window's counts belongs to. */
  windowSecond: 9,
  /** First of `windowSeconds` counts of answers, one for each second. */
  answers: 10,
  /** First of as many counts of those that failed. */
  failures: 18,
} as const;
