// Higress' ai-load-balancer, policy cluster_metrics, mode LeastFirstTokenLatency: the lowest plain mean over the last
// hundred requests. A failure counts as twice the longer of its own duration and the largest mean; never used = 0.
import { at } from "../at.ts";
import { lowest, noWatch, startAt, type Policy, type World } from "../policy.ts";

const queueSize = 100;

/** The last numbers and their mean. */
class Window {
  readonly #values: number[] = [];
  #next = 0;
  #sum = 0;

  put(value: number): void {
    this.#sum += value - (this.#values[this.#next] ?? 0);
    this.#values[this.#next] = value;
    this.#next = (this.#next + 1) % queueSize;
  }

  get mean(): number {
    return this.#values.length === 0 ? 0 : this.#sum / this.#values.length;
  }
}

export function higressFirstToken(world: World): Policy {
  const windows = world.services.map(() => new Window());
  return {
    start: ({ nowMs: sentMs, excluded }) => {
      const service = lowest(world, excluded, (index) => at(windows, index).mean);
      const window = at(windows, service);
      const failed = (nowMs: number): void => {
        window.put(2 * Math.max(nowMs - sentMs, ...windows.map(({ mean }) => mean)));
      };
      return startAt(service, {
        ...noWatch,
        firstData: (nowMs) => window.put(nowMs - sentMs),
        failed,
        rateLimited: failed,
      });
    },
  };
}
