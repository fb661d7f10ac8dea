// Power of two choices with peak EWMA: the public design of Finagle and tower (`load/peak_ewma.rs`), with the default
// values of linkerd: 10 s of decay, 1 s for what was never measured. A failure counts as a first token after 15 s.
import { at } from "../at.ts";
import { noWatch, startAt, type Policy, type World } from "../policy.ts";

const decayMs = 10_000;
const unmeasuredMs = 1_000;
const failureMs = 15_000;

class Load {
  #estimateMs = unmeasuredMs;
  #updatedMs: number | undefined;
  pending = 0;

  /** A time above the estimate replaces it; one below draws it down by the time since the last. */
  observe(nowMs: number, ttftMs: number): void {
    const keep = Math.exp(-(nowMs - (this.#updatedMs ?? nowMs)) / decayMs);
    this.#updatedMs = nowMs;
    this.#estimateMs = ttftMs > this.#estimateMs ? ttftMs : ttftMs + (this.#estimateMs - ttftMs) * keep;
  }

  cost(nowMs: number): number {
    this.observe(nowMs, 0);
    return this.#estimateMs * (this.pending + 1);
  }
}

export function peakEwma({ services, random }: World): Policy {
  const loads = services.map(() => new Load());
  const chooseTwo = (excluded: number): readonly [number, number] => {
    const open = services.map((_, index) => index).filter((index) => index !== excluded);
    if (open.length === 0) return [excluded, excluded];
    const first = Math.floor(random() * open.length);
    const second = Math.floor(random() * (open.length - 1));
    return [at(open, first), at(open, (second >= first ? second + 1 : second) % open.length)];
  };
  return {
    start: ({ nowMs: sentMs, excluded }) => {
      const [first, second] = chooseTwo(excluded);
      const service = at(loads, first).cost(sentMs) <= at(loads, second).cost(sentMs) ? first : second;
      const load = at(loads, service);
      load.pending += 1;
      const end = (nowMs: number, ttftMs: number): void => {
        load.pending -= 1;
        load.observe(nowMs, ttftMs);
      };
      return startAt(service, {
        ...noWatch,
        firstData: (nowMs) => end(nowMs, nowMs - sentMs),
        failed: (nowMs) => end(nowMs, failureMs),
        rateLimited: (nowMs) => end(nowMs, failureMs),
      });
    },
  };
}
