// What attempts need besides the request: time, a way to services, a budget. Handed in, so that tests can stand in.
import type { Clock } from "../core/clock.ts";
import type { TimerWheel } from "../lib/timer-wheel.ts";
import type { Send } from "./send.ts";
import type { RetryBudget } from "./targets/retry-budget.ts";

export interface AttemptTools {
  /** How a request gets to a service. */
  readonly send: Send;
  readonly clock: Clock;
  readonly wheel: TimerWheel;
  /** Where bodies go that are too large for memory. */
  readonly spoolFolder: string;
  readonly budget: RetryBudget;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Resolves after so many ms; the process may end before. */
  readonly wait: (ms: number) => Promise<void>;
  /** Told of an error that nothing foresaw: a defect of ours, for the operational log. */
  readonly reportDefect: (error: unknown) => void;
}
