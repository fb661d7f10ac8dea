// Mode by-metrics: the target with the lowest expected cost, from what is learnt of all of them.
import type { Clock } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { MetricsGoal } from "../../snapshot/snapshot.ts";
import { admit, standingReasons } from "../targets/standing.ts";
import { sizeFactor } from "../targets/target-estimate.ts";
import { MetricsCandidate, type Comparison, type Rank } from "./metrics-candidate.ts";
import { goalWeights } from "./metrics-goals.ts";
import type { Selectable, Selection, Selector, Target } from "./selector.ts";
import { ShareCap } from "./share-cap.ts";

export interface ByMetricsOptions {
  readonly goal: MetricsGoal;
  /** Largest share of requests that one target may get, above 0 to 1. */
  readonly maxShare: number;
  readonly targets: readonly Target[];
  /** Whether a request that fails goes to another target, so that to give up early costs little. */
  readonly fallbackExists: boolean;
  /** Of the Model API; 0 = off. */
  readonly firstPacketTimeoutMs: number;
}

export interface MetricsTools {
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** The adaptive first-packet timeout is never shorter, unless the configured one is. */
const shortestTimeoutMs = 1_500;
/** Nor is it shorter than what the quickest other target is expected to take, times this. */
const slowerThanOther = 2;
/** Equal targets take turns. */
const costNoise = 0.04;
/** Requests that only measure: at most this share, and a few more to begin with. */
const probeShare = 0.01;
const firstProbes = 2;
/** Trials of ejected targets, where a client sees it when one fails: the same. */
const trialShare = 0.01;
const firstTrials = 4;
/** Natural logarithm of ms, while no target is measured. */
const priorLatency = Math.log(500);
const priorOutputTokens = 200;

/** Words for people: why targets of a rank are put last, and what was done when there was no better rank. */
const rankWords: Readonly<Record<Rank, { readonly leftOut: string; readonly chosen: string }>> = {
  open: { leftOut: "", chosen: "lowest expected cost" },
  "over-share": { leftOut: "has its largest share", chosen: "every open target has its largest share" },
  "over-rate": { leftOut: "over the rate it admits", chosen: "every open target is over the rate it admits" },
  full: {
    leftOut: "has its largest number of requests in flight",
    chosen: "every open target has its largest number of requests in flight",
  },
  due: { leftOut: "", chosen: "trial of an ejected target" },
  ejected: { leftOut: standingReasons.ejected, chosen: "every target is ejected: the least bad" },
  refused: { leftOut: standingReasons.refused, chosen: "every API key of every target was refused" },
  closed: { leftOut: "", chosen: "no target can be sent to" },
};

/** @throws GatewayError no_healthy_service, when it selects and there is no target */
export function createByMetricsSelector(options: ByMetricsOptions, tools: MetricsTools): Selector {
  const selector = new ByMetricsSelector(options, tools);
  return { select: (request) => selector.select(request) };
}

interface Choice {
  readonly candidate: MetricsCandidate;
  readonly reason: string;
}

class ByMetricsSelector {
  readonly #options: ByMetricsOptions;
  readonly #tools: MetricsTools;
  readonly #candidates: readonly MetricsCandidate[];
  readonly #shares: ShareCap;
  readonly #comparison: Comparison;
  #requests = 0;
  #probes = 0;
  #trials = 0;

  constructor(options: ByMetricsOptions, tools: MetricsTools) {
    this.#options = options;
    this.#tools = tools;
    this.#candidates = options.targets.map((target) => new MetricsCandidate(target));
    this.#shares = new ShareCap(options.maxShare, options.targets.length);
    this.#comparison = {
      weights: goalWeights[options.goal],
      size: 1,
      stream: true,
      nowMs: 0,
      bestLatency: priorLatency,
      outputTokens: priorOutputTokens,
    };
  }

  select(request: Selectable): Selection {
    const nowMs = this.#tools.clock.monotonicMs();
    const candidates = this.#candidates;
    this.#compare(request, nowMs);
    const choice = this.#choose(request, nowMs);
    const { standing } = choice.candidate;
    if (!request.dryRun) {
      this.#requests += 1;
      this.#shares.chosen(candidates.indexOf(choice.candidate));
    }
    const rows = candidates.map((candidate) => candidate.explain(rankWords[candidate.rank].leftOut));
    const decision = { mode: "by-metrics", reason: choice.reason, candidates: rows };
    return { target: this.#withTimeout(choice.candidate, request), standing, decision };
  }

  /** Brings every candidate up to date. */
  #compare(request: Selectable, nowMs: number): void {
    const candidates = this.#candidates;
    const comparison = this.#comparison;
    comparison.nowMs = nowMs;
    comparison.stream = request.stream;
    comparison.size = sizeFactor(request.promptTokens);
    let best = Infinity;
    let tokens = 0;
    let known = 0;
    for (let index = 0; index < candidates.length; index += 1) {
      const candidate = candidates[index];
      if (candidate === undefined) continue;
      if (!request.dryRun) candidate.target.state.countLate(nowMs);
      candidate.look(request, nowMs, !this.#shares.allows(index));
      if (candidate.measured && candidate.standing === "ready") best = Math.min(best, candidate.latency);
      const { outputTokens } = candidate;
      tokens += outputTokens;
      known += outputTokens > 0 ? 1 : 0;
    }
    comparison.bestLatency = best === Infinity ? priorLatency : best;
    comparison.outputTokens = known === 0 ? priorOutputTokens : tokens / known;
    for (const candidate of candidates) candidate.score(comparison);
  }

  #choose(request: Selectable, nowMs: number): Choice {
    const trial = this.#trial(request, nowMs);
    if (trial !== null) return { candidate: trial, reason: rankWords.due.chosen };
    const best = this.#cheapest(request.dryRun ? 0 : costNoise);
    return (
      (best.rank === "open" ? this.#probe(best, request, nowMs) : null) ?? {
        candidate: best,
        reason: this.#whyBest(best),
      }
    );
  }

  /** An ejected target whose trial this request has claimed; others that are due stay ejected for it. */
  #trial(request: Selectable, nowMs: number): MetricsCandidate | null {
    let tried: MetricsCandidate | null = null;
    for (const candidate of this.#candidates) {
      if (candidate.rank !== "due") continue;
      if (tried === null && this.#mayTry()) {
        candidate.standing = admit(candidate.target, request, nowMs);
        if (candidate.standing === "trial") {
          tried = candidate;
          if (!request.dryRun) this.#trials += 1;
          continue;
        }
      }
      candidate.standing = "ejected";
      candidate.rank = "ejected";
    }
    return tried;
  }

  /** A trial that fails is seen by a client, unless there is a fallback, or nothing better than an ejected target. */
  #mayTry(): boolean {
    if (this.#options.fallbackExists || this.#trials < trialShare * this.#requests + firstTrials) return true;
    return this.#candidates.every(({ rank }) => rank !== "open");
  }

  #cheapest(noise: number): MetricsCandidate {
    const { random } = this.#tools;
    let best: MetricsCandidate | undefined;
    let bestCost = Infinity;
    for (const candidate of this.#candidates) {
      const cost = candidate.cost * (1 + noise * (2 * random() - 1));
      const order = best === undefined ? -1 : candidate.order - best.order;
      if (order > 0 || (order === 0 && cost >= bestCost)) continue;
      best = candidate;
      bestCost = cost;
    }
    if (best === undefined) {
      throw new GatewayError("no_healthy_service", { message: "This Model API has no target." });
    }
    return best;
  }

  /** Another than the best, when it is time to measure it. */
  #probe(best: MetricsCandidate, { dryRun }: Selectable, nowMs: number): Choice | null {
    let probed: MetricsCandidate | undefined;
    let most = 1;
    for (const candidate of this.#candidates) {
      if (candidate === best) continue;
      const due = candidate.probeDue(best.cost, nowMs);
      if (due < most || (due === most && probed !== undefined)) continue;
      probed = candidate;
      most = due;
    }
    if (probed === undefined) return null;
    if (!probed.measured) return { candidate: probed, reason: "probe of an unmeasured target" };
    if (this.#probes >= probeShare * this.#requests + firstProbes) return null;
    if (!dryRun) {
      this.#probes += 1;
      probed.target.state.probed(nowMs);
    }
    return { candidate: probed, reason: "probe of a target that was not measured lately" };
  }

  #whyBest(best: MetricsCandidate): string {
    const candidates = this.#candidates;
    if (candidates.length === 1) return "the only target";
    if (best.rank !== "open") return rankWords[best.rank].chosen;
    const others = candidates.filter((candidate) => candidate !== best);
    if (others.every(({ rank }) => rank === "ejected")) return "the only target that is not ejected";
    if (others.every(({ rank }) => rank !== "open")) return "the only target that is not left out";
    return rankWords.open.chosen;
  }

  /**
   * Where a fallback stands by, an answer that is unusually late is given up sooner than configured, but only while
   * another target would be quicker: when all of them are slow, to give up makes it worse.
   */
  #withTimeout(chosen: MetricsCandidate, { stream }: Selectable): Target {
    const { target } = chosen;
    const { fallbackExists, firstPacketTimeoutMs: configured } = this.#options;
    if (!fallbackExists || configured === 0 || !stream || target.firstPacketTimeoutMs !== undefined)
      return target;
    let otherMs = Infinity;
    for (const other of this.#candidates) {
      if (other !== chosen && other.rank === "open") otherMs = Math.min(otherMs, other.ttftMs);
    }
    const lateMs = target.state.estimate.lateMs(this.#comparison.size, chosen.waiting);
    const timeoutMs = Math.ceil(Math.max(shortestTimeoutMs, lateMs, slowerThanOther * otherMs));
    return timeoutMs >= configured ? target : { ...target, firstPacketTimeoutMs: timeoutMs };
  }
}
