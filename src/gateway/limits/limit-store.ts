// Counts what limits and quotas allow, over all data planes that share a store: the memory of a node, later also a
// server for several nodes. Knows no exchange, no Model API and no consumer.

/** `sliding`: the last `ms` milliseconds. `period`: from `startMs` up to `endMs`, ms since 1970. `open`: what runs now. */
export type LimitWindow =
  | { readonly kind: "sliding"; readonly ms: number }
  | { readonly kind: "period"; readonly startMs: number; readonly endMs: number }
  | { readonly kind: "open" };

/** One limit that a request has to pass. */
export interface LimitAsk {
  /** Tells its counter from all others: what limits, and the value that it is counted by. */
  readonly key: string;
  /** Of a limit, or of a quota: the counters of quotas are never dropped, and outlive the process. */
  readonly lasting: boolean;
  readonly window: LimitWindow;
  readonly limit: number;
  /** What is taken now: requests, reserved tokens or USD, or a slot. */
  readonly amount: number;
  /** Counts, but lets everything pass. */
  readonly dryRun: boolean;
}

/** What was found of one ask. */
export interface LimitState {
  readonly ask: LimitAsk;
  /** Settled in the window and reserved, this request not included. */
  readonly used: number;
  /** When an ask of this amount could pass, ms from now; for `remaining` > 0 when the window is whole again. */
  readonly resetMs: number;
}

/** What one request has taken. Settled exactly once, on every ending; a data plane that dies settles as nothing used. */
export interface LimitHold {
  /**
   * Gives back what was reserved and counts what was used.
   * @param usedOf what the request has used of an ask that reserved an amount
   */
  settle(usedOf: (ask: LimitAsk) => number): void;
}

export type LimitVerdict =
  | { readonly passed: true; readonly hold: LimitHold; readonly over: readonly LimitState[] }
  /** Nothing was taken. The first that refuses, and the state of all. */
  | { readonly passed: false; readonly refusedBy: LimitState; readonly states: readonly LimitState[] };

export interface LimitStore {
  /**
   * Takes all or nothing.
   * @param wallMs ms since 1970
   */
  take(asks: readonly LimitAsk[], wallMs: number): LimitVerdict | Promise<LimitVerdict>;
}
