// Lets the admin API tell how the running program stands: its workers, where clients call it, its services and keys.
import { hostname } from "node:os";
import type { LivePort, Standings } from "../control/routes/ports.ts";
import { systemClock } from "../core/clock.ts";
import { standingsOf } from "../gateway/explain/standings.ts";
import type { ReadingPlans } from "./reading-plans.ts";
import type { WorkerPool } from "./worker-pool.ts";

/** Consoles that ask at the same time get the same answer. */
const staleAfterMs = 500;

export interface LiveSurroundings {
  readonly plans: ReadingPlans;
  readonly pool: Pick<WorkerPool, "port" | "inFlight" | "workers">;
  /** As it was bound, and as a client on this machine names it. */
  readonly gatewayHost: string;
  readonly reachableHost: string;
}

export function livePort({ plans, pool, gatewayHost, reachableHost }: LiveSurroundings): LivePort {
  const { port, workers } = pool;
  let last: { readonly standings: Standings; readonly atMs: number } | undefined;
  return {
    startedAtMs: systemClock.wallMs(),
    nodeName: hostname(),
    workers,
    gateway: { url: `http://${reachableHost}:${port}`, scheme: "http", host: gatewayHost, port },
    inFlight: () => pool.inFlight,
    standings: () => {
      const atMs = systemClock.monotonicMs();
      if (last === undefined || atMs - last.atMs >= staleAfterMs) {
        last = { standings: standingsOf(plans, systemClock), atMs };
      }
      return last.standings;
    },
  };
}
