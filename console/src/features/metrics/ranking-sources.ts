// The columns that tables of values are made of. A new column is a row.
import type { RankingSource } from "./panel.ts";

export const requestCount: RankingSource = { name: "requests", column: { word: "cRequests", unit: "count" } };
export const successOf: RankingSource = { name: "success_rate", column: { word: "cSuccess", unit: "share" } };
export const ttftOf: RankingSource = { name: "ttft_p50", column: { word: "cTtft", unit: "ms" } };
export const durationOf: RankingSource = { name: "duration_p95", column: { word: "cDuration", unit: "ms" } };
export const totalOf: RankingSource = { name: "total_tokens", column: { word: "cTotal", unit: "tokens" } };
export const inputOf: RankingSource = { name: "input_tokens", column: { word: "cInput", unit: "tokens" } };
export const outputOf: RankingSource = { name: "output_tokens", column: { word: "cOutput", unit: "tokens" } };
export const costOf: RankingSource = { name: "cost_usd", column: { word: "cCost", unit: "usd" } };
