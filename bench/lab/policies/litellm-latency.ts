// LiteLLM's latency-based routing with its defaults, after what `litellm/router_strategy/lowest_latency.py` does:
// lists of ten numbers of which only the last is replaced once they are full, times divided by output tokens, 1000 s for
// a timeout, the lowest mean wins. With the router's default cooldown of 5 s after a 429, or after more than half of at
// least five requests of a minute failed.
import { at } from "../at.ts";
import { lowest, noWatch, startAt, type Policy, type World } from "../policy.ts";

const listSize = 10;
const timeoutPenaltyS = 1000;
const cooldownMs = 5_000;
const minuteMs = 60_000;

class Deployment {
  /** Seconds of the whole answer per token; a timeout goes here only. */
  readonly #latency: number[] = [];
  readonly #ttft: number[] = [];
  #minute = 0;
  #requests = 0;
  #failures = 0;
  #coolUntilMs = 0;

  /** The sum of one list over the length of the other: so it is in the source. Never used = 0, tried first. */
  cost(nowMs: number): number {
    if (nowMs < this.#coolUntilMs) return Infinity;
    const list = this.#ttft.length > 0 ? this.#ttft : this.#latency;
    return list.reduce((sum, value) => sum + value, 0) / Math.max(1, this.#latency.length);
  }

  succeeded(nowMs: number, ttftMs: number, { totalMs, tokens }: { totalMs: number; tokens: number }): void {
    this.#count(nowMs, false);
    put(this.#latency, totalMs / 1000 / Math.max(1, tokens));
    put(this.#ttft, ttftMs / 1000 / Math.max(1, tokens));
  }

  failed(nowMs: number, timedOut: boolean): void {
    this.#count(nowMs, true);
    if (timedOut) put(this.#latency, timeoutPenaltyS);
    if (this.#requests >= 5 && this.#failures > this.#requests / 2) this.coolDown(nowMs);
  }

  coolDown(nowMs: number): void {
    this.#coolUntilMs = nowMs + cooldownMs;
  }

  #count(nowMs: number, failed: boolean): void {
    const minute = Math.floor(nowMs / minuteMs);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#requests = 0;
      this.#failures = 0;
    }
    this.#requests += 1;
    if (failed) this.#failures += 1;
  }
}

function put(list: number[], value: number): void {
  if (list.length >= listSize) list.pop();
  list.push(value);
}

export function litellmLatency(world: World): Policy {
  const deployments = world.services.map(() => new Deployment());
  return {
    start: ({ nowMs: sentMs, excluded }) => {
      const service = lowest(world, excluded, (index) => at(deployments, index).cost(sentMs));
      const deployment = at(deployments, service);
      let ttftMs = 0;
      return startAt(service, {
        ...noWatch,
        firstData: (nowMs) => {
          ttftMs = nowMs - sentMs;
        },
        succeeded: (nowMs, tokens) =>
          deployment.succeeded(nowMs, ttftMs, { totalMs: nowMs - sentMs, tokens }),
        failed: (nowMs, timedOut) => deployment.failed(nowMs, timedOut),
        rateLimited: (nowMs) => {
          deployment.failed(nowMs, false);
          deployment.coolDown(nowMs);
        },
      });
    },
  };
}
