// The store of limits of a data plane that shares none with others. Its memory is made when a limit first needs it.
import { allocateLimits, loneRoom } from "./limit-memory.ts";
import type { LimitStore } from "./limit-store.ts";
import { SharedLimits } from "./shared-limits.ts";

export function loneLimits(
  nowMs: () => number,
  onDefect: (error: Error) => void = () => undefined,
): LimitStore {
  let made: SharedLimits | undefined;
  const limits = (): SharedLimits =>
    (made ??= new SharedLimits({ buffer: allocateLimits(loneRoom), column: 0, nowMs, onDefect }));
  return {
    take: (asks, wallMs) => limits().take(asks, wallMs),
    look: (asks, wallMs) => limits().look(asks, wallMs),
  };
}
