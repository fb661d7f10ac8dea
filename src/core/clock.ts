// Time as a parameter, so that tests never wait for it.

/** The two clocks: monotonic for durations and deadlines, wall for records and expiry dates. */
export interface Clock {
  /** Milliseconds from an arbitrary origin, never going back; fractions allowed. */
  monotonicMs(): number;
  /** Milliseconds since 1970-01-01 UTC. */
  wallMs(): number;
}

export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};
