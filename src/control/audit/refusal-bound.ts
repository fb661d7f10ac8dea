// How many refusals are written down: so many that every attempt is seen, and so few that nobody fills the disk or drives
// older entries out. The rest is counted. Knows no entry's place and no store.
import type { AuditFacts } from "./audit-entry.ts";

export interface RefusalBound {
  /** Whether this refusal is written; if not, it is counted. */
  admit(facts: Pick<AuditFacts, "actor" | "ip" | "method">): boolean;
  /** How many were not written since the last time this was asked. */
  takeSkipped(): number;
}

interface Allowance {
  readonly burst: number;
  /** Another one is allowed after this time. */
  readonly everyMs: number;
}

/** Of one known actor, and of one address of unknown ones. */
const perActor: Allowance = { burst: 60, everyMs: 10_000 };
const perAddress: Allowance = { burst: 10, everyMs: 60_000 };
/** Of all unknown ones together: half a million a year at most, half of what is kept. */
const ofAllUnknown: Allowance = { burst: 100, everyMs: 60_000 };
/** Of what is remembered; the oldest goes. */
const maxRemembered = 10_000;

export function createRefusalBound(nowMs: () => number): RefusalBound {
  /** When each bucket would be full again. */
  const fullAt = new Map<string, number>();
  let skipped = 0;

  const hasRoom = (key: string, { burst, everyMs }: Allowance): boolean =>
    (fullAt.get(key) ?? 0) - nowMs() <= (burst - 1) * everyMs;
  const take = (key: string, { everyMs }: Allowance): void => {
    const next = Math.max(fullAt.get(key) ?? 0, nowMs()) + everyMs;
    fullAt.delete(key);
    fullAt.set(key, next);
    for (const oldest of fullAt.keys()) {
      if (fullAt.size <= maxRemembered) break;
      fullAt.delete(oldest);
    }
  };

  return {
    admit: ({ actor, ip, method }) => {
      const wanted: readonly [string, Allowance][] =
        method === "none"
          ? [
              [`address ${ip}`, perAddress],
              ["unknown", ofAllUnknown],
            ]
          : [[`actor ${actor}`, perActor]];
      const isAdmitted = wanted.every(([key, allowance]) => hasRoom(key, allowance));
      if (isAdmitted) for (const [key, allowance] of wanted) take(key, allowance);
      else skipped += 1;
      return isAdmitted;
    },
    takeSkipped: () => {
      const count = skipped;
      skipped = 0;
      return count;
    },
  };
}
