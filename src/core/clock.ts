// Time as a parameter, so that tests never wait for it.

/** The two clocks: monotonic for durations and deadlines, wall for records and expiry dates. */
export interface Clock {
  /** Milliseconds from an arbitrary origin, never going back; fractions allowed. */
  monotonicMs(): number;
  /** Milliseconds since 1970-01-01 UTC. */
  wallMs(): number;
}

/** `performance.now()` counts from the start of its thread; this makes every thread count from the same moment. */
const threadStartMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** The monotonic time of all threads of a process is the same, so that they can share times in memory. */
export const systemClock: Clock = {
  monotonicMs: () => threadStartMs + performance.now(),
  wallMs: () => Date.now(),
};
