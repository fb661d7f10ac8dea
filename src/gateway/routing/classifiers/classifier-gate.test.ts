// How many questions a classifier gets at once, and when it gets none.
import { expect, test } from "vitest";
import { TestClock } from "../../runtime-fixture.ts";
import { ClassifierGate } from "./classifier-gate.ts";

function opened() {
  const clock = new TestClock();
  const gate = new ClassifierGate(clock);
  const fail = (times: number): void => {
    for (let count = 0; count < times; count += 1) {
      expect(gate.enter()).toBe(undefined);
      gate.leave("failed");
    }
  };
  return { clock, gate, fail };
}

test("no more than 64 questions run, and a place is free as soon as one has ended", () => {
  const { gate } = opened();
  for (let count = 0; count < 64; count += 1) expect(gate.enter()).toBe(undefined);
  expect(gate.enter()).toBe("busy");
  gate.leave("worked");
  expect(gate.enter()).toBe(undefined);
  expect(gate.enter()).toBe("busy");
});

test("after five failures in a row it rests for 30 s, then one question finds out", () => {
  const { clock, gate, fail } = opened();
  fail(5);
  expect(gate.enter()).toBe("resting");
  clock.nowMs += 29_999;
  expect(gate.enter()).toBe("resting");
  clock.nowMs += 1;
  expect(gate.enter()).toBe(undefined);
  expect(gate.enter()).toBe("resting");
  gate.leave("failed");
  clock.nowMs += 29_999;
  expect(gate.enter()).toBe("resting");
  clock.nowMs += 1;
  expect(gate.enter()).toBe(undefined);
  gate.leave("worked");
  fail(4);
  expect(gate.enter()).toBe(undefined);
});

test("a trial whose client left leaves the question open for the next", () => {
  const { clock, gate, fail } = opened();
  fail(5);
  clock.nowMs += 30_000;
  expect(gate.enter()).toBe(undefined);
  gate.leave("neither");
  expect(gate.enter()).toBe(undefined);
});

test("what works in between starts the count anew", () => {
  const { gate, fail } = opened();
  fail(4);
  gate.enter();
  gate.leave("worked");
  fail(4);
  expect(gate.enter()).toBe(undefined);
});
