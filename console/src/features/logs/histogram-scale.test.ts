// The histogram's selection, and the line of an exchange.
import { expect, test } from "vitest";
import { columnAt, columnsOf, countBetween, highest, spanBetween } from "./histogram-scale.ts";
import { phaseOf, speedOf } from "./log-words.ts";

const columns = columnsOf({
  startMs: 1_000,
  stepMs: 100,
  succeeded: [1, 2, 2],
  refused: [0, 0, 1],
  failed: [0, 4, 0],
});
const bounds = { fromMs: 1_050, toMs: 1_290 };

test("columns follow one another", () => {
  expect(columns.map(({ startMs, endMs }) => [startMs, endMs])).toEqual([
    [1_000, 1_100],
    [1_100, 1_200],
    [1_200, 1_300],
  ]);
  expect(highest(columns)).toBe(6);
  expect(highest([])).toBe(1);
});

test.each([
  ["one column", [1, 1], { fromMs: 1_100, toMs: 1_200 }, 6],
  ["from left to right", [0, 1], { fromMs: 1_050, toMs: 1_200 }, 7],
  ["from right to left, cut at the ends", [2, 0], { fromMs: 1_050, toMs: 1_290 }, 10],
])("a selection of %s", (_name, ends, span, count) => {
  const [one = 0, other = 0] = ends;
  expect(spanBetween(columns, one, other, bounds)).toEqual(span);
  expect(countBetween(columns, one, other)).toBe(count);
});

test("a place beyond the ends is the last column", () => {
  expect([columnAt(-0.1, 3), columnAt(0.5, 3), columnAt(1, 3)]).toEqual([0, 1, 2]);
});

const attempt = {
  service: "s",
  model: "m",
  key: "",
  startedAt: "2026-11-22T08:00:00.000Z",
  status: 200,
  outcome: "ok",
  reason: "",
  detail: "",
  ttftMs: 1,
  durationMs: 2,
  nextAction: "none",
} as const;

test.each([
  ["answered at once", 200, ["ok", 1], "full"],
  ["answered after a failure", 200, ["ok", 2], "half"],
  ["refused by the gateway", 403, ["blocked", 0], "struck"],
  ["broken off after a 200", 200, ["truncated", 1], "struck"],
  ["left by the client", 200, ["client_closed", 1], "ring"],
] as const)("%s: %i %s", (_name, status, [outcome, sends], phase) => {
  expect(phaseOf({ status, outcome, attempts: Array.from({ length: sends }, () => attempt) })).toBe(phase);
});

const usage = {
  inputTokens: 1,
  outputTokens: 100,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  estimated: false,
};

test.each([
  ["a stream from its first data on", { stream: true, ttftMs: 1_000, durationMs: 2_000, usage }, 100],
  ["a plain answer as a whole", { stream: false, ttftMs: 1_900, durationMs: 2_000, usage }, 50],
  ["nothing of an answer in one piece", { stream: true, ttftMs: 1_990, durationMs: 2_000, usage }, null],
  ["nothing without tokens", { stream: true, ttftMs: 1, durationMs: 2_000, usage: null }, null],
])("the speed of %s", (_name, item, speed) => {
  expect(speedOf(item)).toBe(speed);
});
