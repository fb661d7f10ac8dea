// The words between the data planes and the token thread. Data only: everything here crosses by structured clone.
import type { MessagePort } from "node:worker_threads";
import type { TokenAsk, TokenCounts } from "../gateway/accounting/token-ask.ts";

/** Of the main thread: another data plane wants to ask. */
export interface ToTokenThread {
  readonly port: MessagePort;
}

export interface TokenQuestion {
  readonly id: number;
  /** Nobody waits longer; ms since the process was started, as every thread has them. */
  readonly untilMs: number;
  readonly ask: TokenAsk;
}

export interface TokenAnswer {
  readonly id: number;
  readonly counts: TokenCounts;
}

/** The same in every thread of a process. */
export function processMs(): number {
  return performance.timeOrigin + performance.now();
}
