// The faults that the simulator can play: what a service may be configured with and what the simulator understands.

/** Ways to go wrong on purpose; each does on the wire what its name says. */
export const simulatorFaults = [
  "none",
  "status-429",
  "status-500",
  "reset",
  "stall-first-packet",
  "stall-mid-stream",
  "truncate",
  "malformed-sse",
  "error-in-200",
  "empty",
] as const;
export type SimulatorFault = (typeof simulatorFaults)[number];

/** Longest delay that a knob may ask for, in ms. */
export const maxSimulatorDelayMs = 3_600_000;
