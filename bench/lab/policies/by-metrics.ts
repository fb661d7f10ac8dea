// Ours: the gateway's own selector, target state, keys and shared memory under the virtual clock. Decides nothing itself.
import {
  testMemory,
  testRequest,
  testService,
  testTarget,
  TestClock,
} from "../../../src/gateway/runtime-fixture.ts";
import { createByMetricsSelector } from "../../../src/gateway/selectors/by-metrics.ts";
import type { Selectable, Selector, Standing, Target } from "../../../src/gateway/selectors/selector.ts";
import { admit, isOpen, isPossible } from "../../../src/gateway/targets/standing.ts";
import type { MetricsGoal } from "../../../src/snapshot/snapshot.ts";
import { at } from "../at.ts";
import type { Ask, Policy, PolicyMaker, Start, Watch, World } from "../policy.ts";

export const metricsGoals: readonly MetricsGoal[] = [
  "lowest-ttft",
  "lowest-latency",
  "least-busy",
  "balanced",
];

export interface ByMetricsOptions {
  readonly goal: MetricsGoal;
  /** The selector may shorten the first-packet timeout where a second service is tried. */
  readonly adaptive: boolean;
}

export function byMetrics(options: ByMetricsOptions): PolicyMaker {
  return (world) => new ByMetrics(world, options);
}

interface Admitted {
  readonly target: Target;
  readonly standing: Standing;
}

class ByMetrics implements Policy {
  readonly #clock = new TestClock();
  readonly #targets: readonly Target[];
  readonly #selector: Selector;

  constructor({ services, random, firstPacketTimeoutMs, fallback }: World, options: ByMetricsOptions) {
    const clock = this.#clock;
    const surroundings = { clock, shared: testMemory(), random, simulatorUrl: undefined };
    this.#targets = services.map((_, index) =>
      testTarget(testService({ name: String(index) }, surroundings), "m"),
    );
    this.#selector = createByMetricsSelector(
      {
        goal: options.goal,
        maxShare: 1,
        targets: this.#targets,
        fallbackExists: fallback && options.adaptive,
        firstPacketTimeoutMs,
      },
      { clock, random },
    );
  }

  start(ask: Ask): Start {
    this.#clock.nowMs = ask.nowMs;
    const { promptTokens, excluded } = ask;
    const request = testRequest({ promptTokens, stream: true, dryRun: excluded !== -1 });
    const { target, standing } = excluded === -1 ? this.#select(request) : this.#nextBest(request, ask);
    const watch = isPossible(standing) ? this.#send({ target, standing }, ask) : undefined;
    const { firstPacketTimeoutMs } = target;
    return { service: Number(target.service.config.name), firstPacketTimeoutMs, watch };
  }

  #select(request: Selectable) {
    const selection = this.#selector.select(request);
    if (selection instanceof Promise) throw new TypeError("the selector must not wait");
    return selection;
  }

  /**
   * The gateway walks a list of fallbacks that someone has written and passes over those that are known to fail. Here
   * the list is the other targets in the order of the selector's own costs.
   */
  #nextBest(request: Selectable, { excluded, nowMs }: Ask): Admitted {
    const { candidates } = this.#select(request).decision;
    const others = candidates
      .filter(({ service }) => service !== String(excluded))
      .toSorted((a, b) => Number(a.reason !== "") - Number(b.reason !== "") || (a.cost ?? 0) - (b.cost ?? 0))
      .map(({ service }) => at(this.#targets, Number(service)));
    let spare: Admitted | undefined;
    for (const target of others) {
      const standing = admit(target, { protocol: request.protocol, dryRun: false }, nowMs);
      if (isOpen(standing)) return { target, standing };
      if (spare === undefined || (!isPossible(spare.standing) && isPossible(standing)))
        spare = { target, standing };
    }
    return spare ?? { target: at(this.#targets, excluded), standing: "disabled" };
  }

  /** What the gateway does around one send, but for the socket. */
  #send({ target: { service, state }, standing }: Admitted, { nowMs, promptTokens }: Ask): Watch | undefined {
    const trial = standing === "trial";
    const key = service.enter() ? service.keys.pick([]) : undefined;
    if (key === undefined) {
      if (trial) state.releaseTrial();
      return undefined;
    }
    const observation = state.observe(nowMs, { promptTokens, stream: true, trial });
    const leave = (endMs: number): void => {
      this.#clock.nowMs = endMs;
      service.leave();
    };
    return {
      firstData: (dataMs) => observation.firstData(dataMs),
      succeeded: (endMs, outputTokens) => {
        leave(endMs);
        const usage = { inputTokens: promptTokens, outputTokens, cachedInputTokens: 0, cacheWriteTokens: 0 };
        observation.succeeded(endMs, { ...usage, reasoningTokens: 0, estimated: false });
        service.keys.worked(key);
      },
      failed: (endMs, timedOut) => {
        leave(endMs);
        observation.failed(endMs, timedOut ? "first-packet-timeout" : "upstream-5xx");
      },
      rateLimited: (endMs, retryAfterMs) => {
        leave(endMs);
        service.keys.rateLimited(key, retryAfterMs);
        observation.rateLimited(endMs, retryAfterMs);
      },
    };
  }
}
