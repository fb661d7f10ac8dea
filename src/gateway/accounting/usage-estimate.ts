// What an exchange consumed where its service did not say so: its text, counted. Knows no tokenizer.
import { noTokens, type Usage } from "../../core/usage.ts";
import type { Exchange } from "../exchange.ts";
import { countsOutput } from "./counted-kinds.ts";
import { roughCounts, type TokenAsk, type TokenCounter } from "./token-ask.ts";

const nothing = Buffer.alloc(0);

/** What is to be counted; null for an exchange whose usage is known, or that consumed nothing that can be counted. */
export function tokenAskOf(exchange: Exchange): TokenAsk | null {
  const { said, usage } = exchange;
  if (said === null) return null;
  const answer = countsOutput(exchange) ? said : { bytes: nothing, total: 0 };
  return { request: usage === null ? exchange.prompt : null, answer };
}

/** Resolves when the exchange has its estimate. @param counter without one, or when it is too slow, a rough one */
export async function estimateUsage(
  exchange: Exchange,
  ask: TokenAsk,
  counter: TokenCounter | undefined,
): Promise<void> {
  const counts = (await counter?.count(ask)) ?? roughCounts(ask);
  exchange.usage = estimated(exchange.usage, counts.input, counts.output);
}

/** What the service did say stands: of what it told before it was cut short only the output is open. */
function estimated(usage: Usage | null, inputTokens: number, outputTokens: number): Usage {
  if (usage === null) return { ...noTokens, inputTokens, outputTokens, estimated: true };
  return { ...usage, outputTokens: Math.max(usage.outputTokens, outputTokens), estimated: true };
}
