// Where each number of a target stands in its row of the shared memory. A row of zeros is a target of which nothing is
// known. Times are monotonic ms; 0 = never.

/** Seconds of answers that the breaker looks at. */
export const windowSeconds = 8;

/** Stands for a time that cannot be compared with those of this process. */
export const rememberedMs = 1;

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

  // Speed.
  /** Natural logarithm of the ms to first data, for a request without length. */
  latency: 26,
  /** Of `latency`. */
  variance: 27,
  /** When it was measured last; 0 = it has never been, `rememberedMs` = before a restart. */
  sampledMs: 28,
  /** About the lowest of `latency`, slowly rising. */
  floor: 29,
  /** How many waiting requests it bears easily; 0 = not learnt yet. */
  capacity: 30,
  /** Per output token; 0 = not learnt yet. */
  tokenMs: 31,
  /** Of an answer, on average; 0 = not learnt yet. */
  outputTokens: 32,

  // Counts that fade: answers and those that failed, over seconds and over half a minute.
  answersFast: 33,
  failuresFast: 34,
  answersSlow: 35,
  failuresSlow: 36,
  /** When the counts were brought up to date. */
  countedMs: 38,

  // Rate limit.
  /** Answers that were no 429, fading over ten seconds. */
  admitted: 37,
  /** When it was brought up to date. */
  admittedMs: 51,
  /** Requests a second that the service admits; 0 = no limit is known. */
  rate: 39,
  /** Requests that may be sent now. */
  rateTokens: 40,
  /** When the rate and its tokens were brought up to date. */
  rateMs: 41,
  /** When a 429 lowered the rate last. */
  limitedMs: 42,

  /** When a request was last sent there only to measure it. */
  probedMs: 43,

  // Load: sums that fade, over answers, of what a straight line through waiting requests and times needs.
  sumAnswers: 44,
  sumWaited: 45,
  sumTimes: 46,
  sumWaitedSquares: 47,
  sumWaitedTimes: 48,
  summedMs: 49,
  /** Ms that every waiting request adds to the time of the next, for a request without length. */
  slope: 50,
} as const;
