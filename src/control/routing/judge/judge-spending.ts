// What a judge job may spend, in USD and in requests, and what it has spent: what runs is set aside at its most. Knows no
// model.
import type { ReplayAnswer, ReplayPrice } from "./replay-port.ts";

const million = 1_000_000;
/** UTF-8 bytes of a token at the least, over languages. */
const bytesOfToken = 3;

/** Thrown instead of a request that might cost more than is left. */
export class BudgetSpent extends Error {
  constructor() {
    super("the budget is spent");
    this.name = "BudgetSpent";
  }
}

export interface Budget {
  /** Undefined: costs are not bounded. */
  readonly maxCostUsd: number | undefined;
  readonly maxRequests: number;
}

export interface PlannedRequest {
  readonly bytes: number;
  readonly maxTokens: number;
  /** Undefined: not known. */
  readonly price: ReplayPrice | undefined;
}

export class Spending {
  readonly #budget: Budget;
  requests = 0;
  costUsd = 0;
  #setAsideUsd = 0;

  constructor(budget: Budget) {
    this.#budget = budget;
  }

  /** @returns what is to be called with the answer, or without one @throws BudgetSpent */
  begin({ bytes, maxTokens, price }: PlannedRequest): (answer?: ReplayAnswer) => void {
    const { maxCostUsd = Infinity, maxRequests } = this.#budget;
    const most = costOf(price, Math.ceil(bytes / bytesOfToken), maxTokens);
    if (this.requests >= maxRequests || this.costUsd + this.#setAsideUsd + most > maxCostUsd)
      throw new BudgetSpent();
    this.requests += 1;
    this.#setAsideUsd += most;
    return (answer) => {
      this.#setAsideUsd -= most;
      this.costUsd += answer === undefined ? 0 : costOf(price, answer.inputTokens, answer.outputTokens);
    };
  }
}

function costOf(price: ReplayPrice | undefined, input: number, output: number): number {
  return price === undefined ? 0 : (input * price.input + output * price.output) / million;
}
