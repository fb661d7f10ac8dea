// What a judge job may spend, while requests run.
import { expect, test } from "vitest";
import { BudgetSpent, Spending } from "./judge-spending.ts";

test("what runs is set aside at its most, so that two together never pass the bound", () => {
  const spending = new Spending({ maxCostUsd: 1, maxRequests: 10 });
  const price = { input: 0, output: 1 };
  const settle = spending.begin({ bytes: 3, maxTokens: 600_000, price });
  expect(() => spending.begin({ bytes: 3, maxTokens: 600_000, price })).toThrow(BudgetSpent);
  settle({ text: "", inputTokens: 0, outputTokens: 100_000 });
  spending.begin({ bytes: 3, maxTokens: 600_000, price })();
  expect([spending.requests, spending.costUsd]).toEqual([2, 0.1]);
});
