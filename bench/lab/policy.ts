// What every way to choose a service looks like to the simulator.
import type { Random } from "./random.ts";

/** One request that needs a service. */
export interface Ask {
  readonly nowMs: number;
  readonly promptTokens: number;
  /** Index of the service that has failed this request already; -1 for the first attempt. */
  readonly excluded: number;
}

/** Is told what becomes of a send: `firstData` and then `succeeded`, or one of the other two. */
export interface Watch {
  firstData(nowMs: number): void;
  succeeded(nowMs: number, outputTokens: number): void;
  failed(nowMs: number, timedOut: boolean): void;
  rateLimited(nowMs: number, retryAfterMs: number | undefined): void;
}

export interface Start {
  readonly service: number;
  /** Where the policy wants another than the scenario's; 0 = off. */
  readonly firstPacketTimeoutMs: number | undefined;
  /** Undefined: the policy knows of none that could be sent to, so nothing is sent. */
  readonly watch: Watch | undefined;
}

export interface Policy {
  /** Chooses a service and begins to watch the send. */
  start(ask: Ask): Start;
}

/** What a policy is made for. */
export interface World {
  readonly services: readonly {
    /** What someone who sets it up would know: seconds to the first token on a good day. */
    readonly typicalTtftS: number;
  }[];
  readonly random: Random;
  readonly firstPacketTimeoutMs: number;
  /** A second service is tried when the first fails. */
  readonly fallback: boolean;
  /** Seconds that this request would cost at each service, from the true state: for the oracle alone. */
  readonly expectedCostS: (service: number, ask: Ask) => number;
}

/** Makes the policy of one gateway node. */
export type PolicyMaker = (world: World) => Policy;

/** Of the services that are not excluded the one with the lowest cost; equal ones by chance. */
export function lowest(
  { services, random }: Pick<World, "services" | "random">,
  excluded: number,
  costOf: (service: number) => number,
): number {
  let best = -1;
  let bestCost = Infinity;
  let equals = 0;
  for (let service = 0; service < services.length; service += 1) {
    if (service === excluded) continue;
    const cost = costOf(service);
    if (best === -1 || cost < bestCost) {
      best = service;
      bestCost = cost;
      equals = 1;
    } else if (cost === bestCost) {
      equals += 1;
      if (random() * equals < 1) best = service;
    }
  }
  return best === -1 ? excluded : best;
}

/** For policies that learn nothing from the end of a stream, or nothing at all. */
export const noWatch: Watch = {
  firstData: () => undefined,
  succeeded: () => undefined,
  failed: () => undefined,
  rateLimited: () => undefined,
};

/** A start without a wish about timeouts. */
export function startAt(service: number, watch: Watch): Start {
  return { service, firstPacketTimeoutMs: undefined, watch };
}
