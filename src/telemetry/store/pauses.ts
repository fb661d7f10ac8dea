// Lets others go on while a search takes long, and ends one that takes too long. Knows no search.
import { setImmediate as nextTurn } from "node:timers/promises";

const workMs = 8;

/** @returns a function to be called between steps of work; its promise rejects after `deadlineMs` */
export function pauses(monotonicMs: () => number, deadlineMs: number): () => Promise<void> | undefined {
  const beganMs = monotonicMs();
  let resumedMs = beganMs;
  return () => {
    const nowMs = monotonicMs();
    if (nowMs - beganMs > deadlineMs)
      return Promise.reject(new Error("the search takes too long: look at a shorter time"));
    if (nowMs - resumedMs < workMs) return undefined;
    return nextTurn().then(() => {
      resumedMs = monotonicMs();
    });
  };
}
