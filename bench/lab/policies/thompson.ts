// Thompson sampling with forgetting: one sample of the probability to succeed and one of the time to first token per
// service, the lowest expected cost wins. After W. R. Thompson (1933) and discounted sampling of Raj and Kalyani (2017).
import { at } from "../at.ts";
import { lowest, noWatch, startAt, type Policy, type World } from "../policy.ts";
import { randomBeta, randomNormal } from "../random.ts";

/** What is this old counts 1/e. */
const memoryMs = 60_000;
const failureS = 10;
/** Log of seconds. Before anything is known: half a second, but it may well be a fifth or two. */
const priorLog = Math.log(0.5);
const priorVariance = 0.5;

class Belief {
  #good = 0;
  #bad = 0;
  #sum = 0;
  #squares = 0;
  #updatedMs = 0;

  forget(nowMs: number): void {
    const keep = Math.exp(-(nowMs - this.#updatedMs) / memoryMs);
    this.#updatedMs = nowMs;
    this.#good *= keep;
    this.#bad *= keep;
    this.#sum *= keep;
    this.#squares *= keep;
  }

  succeeded(nowMs: number, ttftS: number): void {
    this.forget(nowMs);
    const log = Math.log(ttftS);
    this.#good += 1;
    this.#sum += log;
    this.#squares += log * log;
  }

  failed(nowMs: number): void {
    this.forget(nowMs);
    this.#bad += 1;
  }

  sampleCostS(nowMs: number, random: () => number): number {
    this.forget(nowMs);
    const success = randomBeta(random, 1 + this.#good, 0.1 + this.#bad);
    const weight = this.#good + 1;
    const mean = (this.#sum + priorLog) / weight;
    const variance = (this.#squares + priorLog ** 2 + priorVariance) / weight - mean * mean;
    const sampled = mean + Math.sqrt(Math.max(variance, 0.01) / weight) * randomNormal(random);
    return success * Math.min(failureS, Math.exp(sampled + variance / 2)) + (1 - success) * failureS;
  }
}

export function thompson(world: World): Policy {
  const beliefs = world.services.map(() => new Belief());
  return {
    start: ({ nowMs: sentMs, excluded }) => {
      const service = lowest(world, excluded, (index) =>
        at(beliefs, index).sampleCostS(sentMs, world.random),
      );
      const belief = at(beliefs, service);
      const failed = (nowMs: number): void => belief.failed(nowMs);
      return startAt(service, {
        ...noWatch,
        firstData: (nowMs) => belief.succeeded(nowMs, (nowMs - sentMs) / 1000),
        failed,
        rateLimited: failed,
      });
    },
  };
}
