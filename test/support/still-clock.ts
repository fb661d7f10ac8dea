// A clock on which no time passes: no deadline of the gateway comes, so that whatever ends has ended by its own cause and
// not by a timeout, however slow the machine is. Must not know what is tested.
import type { Clock } from "../../src/core/clock.ts";

export const stillClock: Clock = {
  monotonicMs: () => 1_000,
  wallMs: () => Date.UTC(2026, 0, 1),
};
