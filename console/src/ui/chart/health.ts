// What attempts at a service tell of its health, column by column. Pure.

export interface HealthRow {
  readonly service: string;
  /** Sends per column; null or 0 = none. */
  readonly attempts: readonly (number | null)[];
  /** Those of them that failed. */
  readonly failed: readonly (number | null)[];
}

export type HealthState = "up" | "some" | "down" | "idle";

export interface Health {
  readonly attempts: number;
  /** Of all attempts, those that did not fail; null without any. */
  readonly share: number | null;
  readonly states: readonly HealthState[];
}

/** From here on most of them failed. */
const downShare = 0.5;

function stateOf(attempts: number, failed: number): HealthState {
  if (attempts === 0) return "idle";
  if (failed === 0) return "up";
  return failed / attempts >= downShare ? "down" : "some";
}

export function healthOf({ attempts, failed }: HealthRow): Health {
  let all = 0;
  let bad = 0;
  const states = attempts.map((count, column) => {
    const sent = count ?? 0;
    const broken = Math.min(sent, failed[column] ?? 0);
    all += sent;
    bad += broken;
    return stateOf(sent, broken);
  });
  return { attempts: all, share: all === 0 ? null : (all - bad) / all, states };
}

/** The same with `factor` columns as one, for when there are more columns than room. */
export function mergedHealth({ service, attempts, failed }: HealthRow, factor: number): HealthRow {
  const merged = (values: readonly (number | null)[]): (number | null)[] =>
    Array.from({ length: Math.ceil(values.length / factor) }, (_, cell) =>
      values.slice(cell * factor, (cell + 1) * factor).reduce<number>((sum, value) => sum + (value ?? 0), 0),
    );
  return { service, attempts: merged(attempts), failed: merged(failed) };
}
