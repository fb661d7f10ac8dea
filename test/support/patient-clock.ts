// The system's clocks without the moments in which the machine stood still: however long a pause of the process was, it
// counts for little more than one turn of the gateway's timer. A short timeout that a test is about then comes when so many
// turns had nothing to do, and not because a busy machine let an answer wait that was there. Must not know what is tested.
import type { Clock } from "../../src/core/clock.ts";

const countedMs = 15;

export function patientClock(): Clock {
  let lastMs = performance.now();
  let passedMs = 0;
  return {
    monotonicMs: () => {
      const nowMs = performance.now();
      passedMs += Math.min(nowMs - lastMs, countedMs);
      lastMs = nowMs;
      return passedMs;
    },
    wallMs: () => Date.now(),
  };
}
