// Counts what limits and quotas allow, over all data planes that share a store: the memory of a node, later also a
// server for several nodes. Knows no exchange, no Model API and no consumer.

/**
 * `sliding`: the last `ms` milliseconds. `period`: from `startMs` up to `endMs`, ms since 1970; a later period starts
 * anew, an earlier one counts in the later. `open`: what runs now.
 */
export type LimitWindow =
  | { readonly kind: "sliding"; readonly ms: number }
  | { readonly kind: "period"; readonly startMs: number; readonly endMs: number }
  | { readonly kind: "open" };

/** One limit that a request has to pass. */
export interface LimitAsk {
  /** Tells its counter from all others: what limits, and the value that it is counted by. */
  readonly key: string;
  /** Whether the configuration names its value: such a counter is dropped only while it holds nothing, a quota's never. */
  readonly lasting: boolean;
  readonly window: LimitWindow;
  readonly limit: number;
  /** What is taken now: requests, reserved tokens or USD, or a slot. */
  readonly amount: number;
  /** Counts in the window from now on, as a request does, instead of being reserved until it is settled. */
  readonly atOnce?: boolean;
  /** Counts, but lets everything pass. */
  readonly dryRun: boolean;
}

/** What was found of one ask. */
export interface LimitState<Ask extends LimitAsk = LimitAsk> {
  readonly ask: Ask;
  /** Settled in the window and reserved, this request not included. */
  readonly used: number;
  /**
   * When an ask of this amount could pass if nothing else came, ms from now. What runs must have ended by then as it was
   * reserved. `Infinity`: never, as it asks for more than the limit. 0: now.
   */
  readonly resetMs: number;
  /** When nothing that is settled now counts any more, ms from now. */
  readonly wholeMs: number;
}

/** What one request has taken. Settled exactly once, on every ending; a data plane that dies settles as nothing used. */
export interface LimitHold<Ask extends LimitAsk = LimitAsk> {
  readonly asks: readonly Ask[];
  /**
   * Gives back what was reserved and counts what was used.
   * @param usedOf what the request has used of an ask: 0 takes back what counted at once; a slot is given back anyway
   */
  settle(usedOf: (ask: Ask) => number): void;
}

export type LimitVerdict<Ask extends LimitAsk = LimitAsk> =
  | { readonly passed: true; readonly hold: LimitHold<Ask>; readonly over: readonly LimitState<Ask>[] }
  /** Nothing was taken. The first that refuses, and the state of all. */
  | {
      readonly passed: false;
      readonly refusedBy: LimitState<Ask>;
      readonly states: readonly LimitState<Ask>[];
    };

export interface LimitStore {
  /**
   * Takes all or nothing. No two asks have one key.
   * @param wallMs ms since 1970
   * @throws LimitsFull
   */
  take<Ask extends LimitAsk>(
    asks: readonly Ask[],
    wallMs: number,
  ): LimitVerdict<Ask> | Promise<LimitVerdict<Ask>>;
  /** The state of asks, taking nothing. */
  look<Ask extends LimitAsk>(
    asks: readonly Ask[],
    wallMs: number,
  ): readonly LimitState<Ask>[] | Promise<readonly LimitState<Ask>[]>;
}

/** So many requests run that what they hold cannot be written down. */
export class LimitsFull extends Error {
  constructor() {
    super("more reservations run than limits can hold");
    this.name = "LimitsFull";
  }
}
