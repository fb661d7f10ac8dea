// The targets of mode intelligent, by model: how each stands and what time it is expected to take, and which of those of one
// model is chosen. Knows no prompt and no price.
import { GatewayError } from "../../core/errors.ts";
import type { DecisionCandidate } from "../../core/exchange-record.ts";
import type { RoutingModel, RoutingRow } from "../../routing/decision/characteristics.ts";
import { likelyAnswerTokens, type ModelState, type RowHealth } from "../../routing/decision/hard-filters.ts";
import { createByMetricsSelector, type MetricsTools } from "../selectors/by-metrics.ts";
import { MetricsCandidate, type Comparison, type Rank } from "../selectors/metrics-candidate.ts";
import { goalWeights } from "../selectors/metrics-goals.ts";
import type { Selectable, Selection, Selector, Target } from "../selectors/selector.ts";
import { sizeFactor } from "../targets/target-estimate.ts";

export interface ModelTargetsOptions {
  readonly routing: { readonly models: readonly RoutingModel[] };
  /** By the candidate's place; undefined: its service is not there. */
  readonly targets: readonly (Target | undefined)[];
  readonly fallbackExists: boolean;
  readonly firstPacketTimeoutMs: number;
}

/** A target that is full, or over the rate it admits, is left alone while another model can answer. */
const health: Readonly<Record<Rank, RowHealth>> = {
  open: "open",
  due: "open",
  "over-share": "open",
  "over-rate": "failing",
  full: "failing",
  ejected: "failing",
  refused: "failing",
  closed: "closed",
};

/** Natural logarithm of ms, while no target is measured. */
const priorLatency = Math.log(500);
/** Of sets of services of which one is chosen: requests hardly ever differ in where they can be sent. */
const mostSelectors = 64;

export class ModelTargets {
  readonly #options: ModelTargetsOptions;
  readonly #tools: MetricsTools;
  /** By the candidate's place. */
  readonly #candidates: readonly (MetricsCandidate | undefined)[];
  readonly #selectors = new Map<string, Selector>();
  readonly #comparison: Comparison = {
    weights: goalWeights["lowest-ttft"],
    size: 1,
    stream: true,
    nowMs: 0,
    bestLatency: priorLatency,
    outputTokens: likelyAnswerTokens,
  };

  constructor(options: ModelTargetsOptions, tools: MetricsTools) {
    this.#options = options;
    this.#tools = tools;
    this.#candidates = options.targets.map((target) => target && new MetricsCandidate(target));
  }

  /** How each model stands now, in the order of the models. */
  look(request: Selectable): readonly ModelState[] {
    const nowMs = this.#tools.clock.monotonicMs();
    const comparison = this.#comparison;
    let best = Infinity;
    for (const candidate of this.#candidates) {
      if (candidate === undefined) continue;
      candidate.look(request, nowMs, false);
      if (candidate.measured && candidate.standing === "ready") best = Math.min(best, candidate.latency);
    }
    comparison.nowMs = nowMs;
    comparison.stream = request.stream;
    comparison.size = sizeFactor(request.promptTokens);
    comparison.bestLatency = best === Infinity ? priorLatency : best;
    const { models } = this.#options.routing;
    const learnt = models.map((model) => this.#learntTokens(model));
    // What the others answer is a fairer guess for a new model than a length that no request here ever had.
    const usual = meanOf(learnt) ?? likelyAnswerTokens;
    return models.map((model, index) => this.#stateOf(model, learnt[index] ?? usual));
  }

  /** Tokens of a model's answers; undefined: none is known. */
  #learntTokens({ rows }: RoutingModel): number | undefined {
    let tokens = 0;
    let known = 0;
    for (const { index } of rows) {
      const learnt = this.#candidates[index]?.outputTokens ?? 0;
      tokens += learnt;
      known += learnt > 0 ? 1 : 0;
    }
    return known === 0 ? undefined : tokens / known;
  }

  /** By mode by-metrics among these rows of the model. */
  select(model: string, rows: readonly RoutingRow[], request: Selectable): Selection {
    const key = `${model} ${rows.map(({ index }) => index).join(" ")}`;
    let selector = this.#selectors.get(key);
    if (selector === undefined) {
      if (this.#selectors.size >= mostSelectors) this.#selectors.clear();
      selector = this.#selectorOf(rows);
      this.#selectors.set(key, selector);
    }
    const selection = selector.select(request);
    // Mode by-metrics never waits.
    if (selection instanceof Promise) throw new Error("the choice of a service has waited");
    return selection;
  }

  /** @param compared those of the chosen model, as they were compared */
  rows(compared: readonly DecisionCandidate[]): readonly DecisionCandidate[] {
    return this.#candidates.flatMap((candidate) => {
      if (candidate === undefined) return [];
      const row = candidate.explain("");
      return [compared.find((one) => one.service === row.service && one.model === row.model) ?? row];
    });
  }

  #selectorOf(rows: readonly RoutingRow[]): Selector {
    const { targets, fallbackExists, firstPacketTimeoutMs } = this.#options;
    const own = rows.flatMap(({ index }) => targets[index] ?? []);
    if (own.length === 0)
      throw new GatewayError("no_healthy_service", {
        message: "The services of this Model API do not exist.",
      });
    return createByMetricsSelector(
      { goal: "balanced", maxShare: 1, targets: own, fallbackExists, firstPacketTimeoutMs },
      this.#tools,
    );
  }

  #stateOf({ rows }: RoutingModel, outputTokens: number): ModelState {
    const candidates = rows.map(({ index }) => this.#candidates[index]);
    this.#comparison.outputTokens = outputTokens;
    let latencyMs = Infinity;
    let leastBadMs = Infinity;
    for (const candidate of candidates) {
      if (candidate === undefined) continue;
      candidate.score(this.#comparison);
      // Whether a target has healed is found out by the request that would go there if it had.
      const costMs = candidate.rank === "due" ? candidate.healedCost : candidate.cost;
      leastBadMs = Math.min(leastBadMs, costMs);
      if (health[candidate.rank] === "open") latencyMs = Math.min(latencyMs, costMs);
    }
    return {
      health: candidates.map((candidate) => (candidate === undefined ? "closed" : health[candidate.rank])),
      outputTokens,
      latencyMs: latencyMs === Infinity ? leastBadMs : latencyMs,
    };
  }
}

function meanOf(numbers: readonly (number | undefined)[]): number | undefined {
  let sum = 0;
  let count = 0;
  for (const number of numbers) {
    sum += number ?? 0;
    count += number === undefined ? 0 : 1;
  }
  return count === 0 ? undefined : sum / count;
}
