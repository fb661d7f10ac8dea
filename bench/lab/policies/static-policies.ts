// Policies that learn nothing of latency: round robin, weighted random, least busy. And the oracle, which knows all.
import { at } from "../at.ts";
import { lowest, noWatch, startAt, type PolicyMaker, type Watch } from "../policy.ts";

export const roundRobin: PolicyMaker = ({ services }) => {
  let next = 0;
  return {
    start: ({ excluded }) => {
      if (next % services.length === excluded) next += 1;
      const service = next % services.length;
      next += 1;
      return startAt(service, noWatch);
    },
  };
};

/** Weights as someone would set them who knows the services' speed on a good day. */
export const weightedRandom: PolicyMaker = ({ services, random }) => ({
  start: ({ excluded }) => {
    const weights = services.map(({ typicalTtftS }, index) => (index === excluded ? 0 : 1 / typicalTtftS));
    let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
    const service = weights.findIndex((weight) => (left -= weight) < 0);
    return startAt(Math.max(service, 0), noWatch);
  },
});

/** Fewest requests in flight until their end, as in LiteLLM's `least_busy.py` and Higress' mode LeastBusy. */
export const leastBusy: PolicyMaker = (world) => {
  const busy = world.services.map(() => 0);
  return {
    start: ({ excluded }) => {
      const service = lowest(world, excluded, (index) => at(busy, index));
      busy[service] = at(busy, service) + 1;
      const ended = (): void => {
        busy[service] = at(busy, service) - 1;
      };
      const watch: Watch = { ...noWatch, succeeded: ended, failed: ended, rateLimited: ended };
      return startAt(service, watch);
    },
  };
};

/** Greedy: the lowest expected cost of this request in the true state of now; does not foresee. */
export const oracle: PolicyMaker = (world) => ({
  start: (ask) =>
    startAt(
      lowest(world, ask.excluded, (service) => world.expectedCostS(service, ask)),
      noWatch,
    ),
});
