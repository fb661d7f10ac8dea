// What an exchange consumed, line by line, with the price of each as a service has it now. Pure.
import type { ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import type { Service } from "../../api/resources.ts";

export type LineName =
  | "input"
  | "cached"
  | "write"
  | "output"
  | "reasoning"
  | "images"
  | "seconds"
  | "characters"
  | "searches";

export interface CostLine {
  readonly name: LineName;
  readonly amount: number;
  /** USD per `per`; null where no price is known. */
  readonly price: number | null;
  readonly per: 1 | 1_000_000;
}

type Price = NonNullable<Service["models"][number]["price"]>;
type Used = NonNullable<ExchangeRecord["usage"]>;

const million = 1_000_000;

/** Lines with something in them. Cached and written input are parts of the input, reasoning is part of the output. */
export function costLines(usage: Used, price: Price | undefined): CostLine[] {
  const { cachedInputTokens: cached, cacheWriteTokens: write, reasoningTokens: reasoning } = usage;
  const lines: CostLine[] = [
    line("input", Math.max(0, usage.inputTokens - cached - write), price?.input),
    line("cached", cached, price?.cachedInput ?? price?.input),
    line("write", write, price?.cacheWriteInput ?? price?.input),
    line("output", Math.max(0, usage.outputTokens - reasoning), price?.output),
    line("reasoning", reasoning, price?.reasoning ?? price?.output),
    { ...line("images", usage.images, price?.image), per: 1 },
    { ...line("seconds", usage.seconds, price?.second), per: 1 },
    line("characters", usage.characters, price?.character),
    { name: "searches", amount: usage.searches ?? 0, price: null, per: 1 },
  ];
  return lines.filter(({ amount, name }) => amount > 0 || name === "input" || name === "output");
}

function line(name: LineName, amount = 0, price?: number): CostLine {
  return { name, amount, price: price ?? null, per: million };
}

export function lineCost({ amount, price, per }: CostLine): number | null {
  return price === null ? null : (amount * price) / per;
}

/** Sum of what has a price. */
export function totalCost(lines: readonly CostLine[]): number {
  return lines.reduce((sum, each) => sum + (lineCost(each) ?? 0), 0);
}

/** The price of a model of a service; undefined where it has none. */
export function priceOf(services: readonly Service[], service: string, model: string): Price | undefined {
  return services.find(({ name }) => name === service)?.models.find(({ name }) => name === model)?.price;
}
