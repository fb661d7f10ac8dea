// What is worth keeping of a target over a restart, as plain numbers. Times are left out: those of two processes cannot
// be compared. So are failures and ejections, which are over by then or show again within seconds.
import { rowFields, type SharedRows } from "../../lib/shared-rows.ts";
import { field, rememberedMs } from "./target-fields.ts";

/** Fields of the row with their bounds; what is out of them is not believed. */
const bounds = {
  latency: [-10, 20],
  variance: [0.001, 4],
  floor: [-10, 20],
  capacity: [0, 1e6],
  slope: [0, 1e6],
  tokenMs: [0, 1e6],
  outputTokens: [0, 1e9],
  rate: [0, 1e6],
} as const satisfies Partial<Record<keyof typeof field, readonly [least: number, most: number]>>;

type Kept = keyof typeof bounds;

/** By the names of the fields. */
export type LearntTarget = Readonly<Partial<Record<Kept, number>>>;

// `Object.keys` of a table that has no others.
const kept = Object.keys(bounds) as Kept[];

/** Undefined: nothing has been measured there. */
export function learntOf({ values }: SharedRows, row: number): LearntTarget | undefined {
  const start = row * rowFields;
  if ((values[start + field.sampledMs] ?? 0) === 0) return undefined;
  return Object.fromEntries(kept.map((name) => [name, values[start + field[name]] ?? 0]));
}

/**
 * Gives a new row what was learnt before. It holds until the target is measured again, which is soon.
 * Numbers that cannot be are left out, and without those of the time to first data all of them.
 * @param learnt as it came from a file
 */
export function restoreLearnt(rows: SharedRows, row: number, learnt: LearntTarget | null): void {
  if (!isBelievable("latency", learnt?.latency) || !isBelievable("variance", learnt?.variance)) return;
  const { values } = rows;
  const start = row * rowFields;
  rows.lock(row);
  for (const name of kept) {
    const value = learnt?.[name];
    if (isBelievable(name, value)) values[start + field[name]] = value;
  }
  values[start + field.sampledMs] = rememberedMs;
  rows.unlock(row);
}

function isBelievable(name: Kept, value: unknown): value is number {
  const [least, most] = bounds[name];
  return typeof value === "number" && value >= least && value <= most;
}
