import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Deadline, TimerWheel } from "./timer-wheel.ts";

const tickMs = 10;
/** More than one turn of the wheel's 512 slots. */
const wholeTurnMs = 512 * tickMs;

let nowMs = 0;
let wheel: TimerWheel;
let fired: string[];

beforeEach(() => {
  vi.useFakeTimers();
  nowMs = 1_000.25;
  fired = [];
  wheel = new TimerWheel(() => nowMs, tickMs);
});

afterEach(() => {
  vi.useRealTimers();
});

/** Lets time pass for both clocks, a millisecond at a time. */
function pass(durationMs: number): void {
  for (let step = 0; step < durationMs; step += 1) {
    nowMs += 1;
    vi.advanceTimersByTime(1);
  }
}

/** The clock has gone on while the process stood still; then the system timer comes once. */
function freeze(durationMs: number): void {
  nowMs += durationMs;
  vi.advanceTimersByTime(tickMs);
}

const named = (name: string): Deadline => new Deadline(() => void fired.push(name));

describe("when a deadline fires", () => {
  test.each([
    ["less than a tick", 1],
    ["one tick", 10],
    ["a tick and a little", 11],
    ["many ticks", 250],
    ["just before a whole turn of the wheel", wholeTurnMs - 1],
    ["a whole turn of the wheel", wholeTurnMs],
    ["several turns", 3 * wholeTurnMs + 7],
  ])("%s: once, not early and at most a tick late", (_, afterMs) => {
    const startMs = nowMs;
    const times: number[] = [];
    wheel.arm(new Deadline(() => void times.push(nowMs - startMs)), afterMs);
    pass(afterMs + 2 * tickMs);
    expect(times).toHaveLength(1);
    expect(times[0]).toBeGreaterThanOrEqual(afterMs);
    expect(times[0]).toBeLessThanOrEqual(afterMs + tickMs);
    pass(2 * wholeTurnMs);
    expect(times).toHaveLength(1);
  });

  test.each([
    ["no time", 0],
    ["a time that has passed already", -500],
  ])("%s: on the next tick", (_, afterMs) => {
    wheel.arm(named("a"), afterMs);
    expect(fired).toEqual([]);
    pass(tickMs);
    expect(fired).toEqual(["a"]);
  });

  test("after a long pause everything that is due fires, and nothing else", () => {
    for (const afterMs of [15, 40, wholeTurnMs + 40, 5 * wholeTurnMs, 9 * wholeTurnMs]) {
      wheel.arm(named(String(afterMs)), afterMs);
    }
    freeze(6 * wholeTurnMs);
    expect(fired.toSorted()).toEqual(
      ["15", "40", String(wholeTurnMs + 40), String(5 * wholeTurnMs)].toSorted(),
    );
    pass(3 * wholeTurnMs + tickMs);
    expect(fired).toHaveLength(5);
  });

  test("deadlines that share a slot fire in their own turn of the wheel", () => {
    wheel.arm(named("third"), 3 * wholeTurnMs);
    wheel.arm(named("first"), wholeTurnMs);
    wheel.arm(named("second"), 2 * wholeTurnMs);
    pass(wholeTurnMs + tickMs);
    expect(fired).toEqual(["first"]);
    pass(wholeTurnMs);
    expect(fired).toEqual(["first", "second"]);
    pass(wholeTurnMs);
    expect(fired).toEqual(["first", "second", "third"]);
  });

  test("many deadlines at random times, some cancelled: each once and in time", () => {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const startMs = nowMs;
    const late: number[] = [];
    const kept = Array.from({ length: 500 }, () => {
      const afterMs = random() * 2 * wholeTurnMs;
      const deadline = new Deadline(() => void late.push(nowMs - startMs - afterMs));
      wheel.arm(deadline, afterMs);
      return { deadline, cancelled: random() < 0.3 };
    });
    for (const { deadline, cancelled } of kept) if (cancelled) wheel.cancel(deadline);
    pass(2 * wholeTurnMs + tickMs);
    expect(late).toHaveLength(kept.filter(({ cancelled }) => !cancelled).length);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...late)).toBeLessThanOrEqual(tickMs);
  });
});

describe("cancel and arm again", () => {
  test("a cancelled deadline never fires, however often it is cancelled", () => {
    const deadline = named("a");
    wheel.cancel(deadline);
    wheel.arm(deadline, 20);
    wheel.cancel(deadline);
    wheel.cancel(deadline);
    pass(2 * wholeTurnMs);
    expect(fired).toEqual([]);
  });

  test.each([
    ["later", 20, 100],
    ["sooner", 100, 20],
    ["into the same slot", 20, 20 + wholeTurnMs],
  ])("armed again %s: only the last time counts", (_, firstMs, secondMs) => {
    const deadline = named("a");
    wheel.arm(deadline, firstMs);
    wheel.arm(deadline, secondMs);
    pass(secondMs - 1);
    expect(fired).toEqual([]);
    pass(tickMs + 1);
    expect(fired).toEqual(["a"]);
    pass(2 * wholeTurnMs);
    expect(fired).toEqual(["a"]);
  });

  test("any of three neighbours in a slot can be taken out", () => {
    for (const gone of ["a", "b", "c"]) {
      fired = [];
      const deadlines = new Map(["a", "b", "c"].map((name) => [name, named(name)]));
      for (const deadline of deadlines.values()) wheel.arm(deadline, 30);
      const taken = deadlines.get(gone);
      if (taken !== undefined) wheel.cancel(taken);
      pass(30 + tickMs);
      expect(fired.toSorted()).toEqual(["a", "b", "c"].filter((name) => name !== gone));
    }
  });

  test("one expiry may cancel another that is due in the same tick", () => {
    const pair: Deadline[] = [];
    const cancelOthers = (name: string) => (): void => {
      fired.push(name);
      for (const other of pair) wheel.cancel(other);
    };
    pair.push(new Deadline(cancelOthers("a")), new Deadline(cancelOthers("b")));
    for (const deadline of pair) wheel.arm(deadline, 20);
    pass(wholeTurnMs);
    expect(fired).toHaveLength(1);
  });

  test("one expiry may put off another that is due in the same tick", () => {
    const pair: Deadline[] = [];
    const putOff = (own: number) => (): void => {
      fired.push(`${own}`);
      const other = pair[1 - own];
      if (fired.length === 1 && other !== undefined) wheel.arm(other, 100);
    };
    pair.push(new Deadline(putOff(0)), new Deadline(putOff(1)));
    for (const deadline of pair) wheel.arm(deadline, 20);
    pass(30);
    expect(fired).toHaveLength(1);
    pass(100);
    expect(fired).toHaveLength(2);
  });

  test("a deadline may arm itself when it expires", () => {
    const deadline: Deadline = new Deadline(() => {
      fired.push("a");
      if (fired.length < 3) wheel.arm(deadline, 25);
    });
    wheel.arm(deadline, 25);
    pass(3 * (25 + tickMs));
    expect(fired).toEqual(["a", "a", "a"]);
  });

  test.each([
    ["no time, from the present slot", 100, 0],
    ["a passed time, into a slot still to come", 20, -35],
    ["a passed time, into its own slot", 20, -80],
    ["a passed time, into a slot looked at before", 50, -80],
  ])("armed by another's expiry for %s: soon, not a turn later", (_, firstMs, afterMs) => {
    wheel.arm(named("far away"), 10 * wholeTurnMs);
    wheel.arm(new Deadline(() => wheel.arm(named("b"), afterMs)), firstMs);
    // The pause leaves ten ticks to one turn.
    freeze(100);
    pass(tickMs);
    expect(fired).toEqual(["b"]);
  });
});

describe("the system timer", () => {
  test("runs only while something is armed", () => {
    expect(vi.getTimerCount()).toBe(0);
    wheel.arm(named("a"), 30);
    wheel.arm(named("b"), 30);
    expect(vi.getTimerCount()).toBe(1);
    pass(30 + 2 * tickMs);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("stops after a cancellation and starts again", () => {
    const deadline = named("a");
    wheel.arm(deadline, 30);
    wheel.cancel(deadline);
    pass(2 * tickMs);
    expect(vi.getTimerCount()).toBe(0);
    pass(3 * wholeTurnMs + 3);
    wheel.arm(deadline, 30);
    pass(29);
    expect(fired).toEqual([]);
    pass(tickMs + 1);
    expect(fired).toEqual(["a"]);
  });
});
