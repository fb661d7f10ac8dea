// Which signal drains and which one forces.
import { expect, test } from "vitest";
import { stopOnSignals } from "./stop-signals.ts";

test.each([
  ["one signal drains", [0], ["drain"]],
  ["two at once are one", [0, 0], ["drain"]],
  ["two within a second are one", [0, 1000], ["drain"]],
  ["a second one later forces", [0, 1001], ["drain", "force"]],
  ["a third one counts from the first", [0, 900, 1800], ["drain", "force"]],
])("%s", (_name, timesMs, expected) => {
  const actions: string[] = [];
  let nowMs = 0;
  const receive = stopOnSignals(
    { monotonicMs: () => nowMs, wallMs: () => 0 },
    { drain: () => actions.push("drain"), force: () => actions.push("force") },
  );
  for (const timeMs of timesMs) {
    nowMs = timeMs + 5000;
    receive();
  }
  expect(actions).toEqual(expected);
});
