// The lengths of time by which cells are kept: ten seconds, folded to minutes and hours. Pure.

export type RollupLevel = "10s" | "1m" | "1h";

export const levelMs: Readonly<Record<RollupLevel, number>> = {
  "10s": 10_000,
  "1m": 60_000,
  "1h": 3_600_000,
};

/** Ten seconds are told apart for so long. */
export const finestKeptMs = 3 * levelMs["1h"];

/** Minutes of so long a time are one part once they are folded. */
export const minutesPackMs = 10 * levelMs["1m"];

/** Times of so long a time are written as one part: many small ones would take longer to read than what is in them. */
export const partMs: Readonly<Record<RollupLevel, number>> = {
  "10s": levelMs["1m"],
  "1m": minutesPackMs,
  "1h": levelMs["1h"],
};

export function slotOf(level: RollupLevel, timeMs: number): number {
  return Math.floor(timeMs / levelMs[level]) * levelMs[level];
}
