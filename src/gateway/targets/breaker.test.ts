import { describe, expect, test } from "vitest";
import { SharedCells } from "../../lib/shared-cells.ts";
import { SharedRows } from "../../lib/shared-rows.ts";
import type { SharedState } from "./shared-state.ts";
import { TargetState, type Observation } from "./target-state.ts";

const plain = { promptTokens: 100, stream: false, trial: false };
const stream = { ...plain, stream: true };
const startMs = 5_000;

/** The views that two threads have of one memory. */
function twoThreads(): [SharedState, SharedState] {
  const cells = SharedCells.allocate(2, 4, 4);
  const rows = SharedRows.allocate(4);
  const view = (column: number): SharedState => ({
    cells: new SharedCells(cells, 2, column),
    rows: new SharedRows(rows),
    rowOf: () => 1,
  });
  return [view(0), view(1)];
}

function target(random = 0.5): TargetState {
  return new TargetState(twoThreads()[0], 1, () => random);
}

/** Sends and ends at once: F fails, S succeeds, R is refused with 429, A is aborted, B breaks after its first data. */
function play(state: TargetState, script: string, atMs = startMs): void {
  for (const what of script) {
    const seen = state.observe(atMs, what === "B" ? stream : plain);
    if (what === "F") seen.failed(atMs, "upstream-5xx");
    else if (what === "S") seen.succeeded(atMs, null);
    else if (what === "R") seen.rateLimited(atMs, 1_000);
    else if (what === "A") seen.released();
    else {
      seen.firstData(atMs);
      seen.failed(atMs, "network-error");
    }
  }
}

/** The first millisecond at which a trial is due. */
function dueAfterMs(state: TargetState, fromMs: number): number {
  for (let ms = 0; ms < 40_000; ms += 1) if (state.breaker(fromMs + ms) === "due") return ms;
  return Infinity;
}

/** Ejects, then lets it back by a trial that succeeds. @returns when it was let back */
function ejectAndClose(state: TargetState, atMs: number): number {
  play(state, "FFFFF", atMs);
  const dueMs = atMs + dueAfterMs(state, atMs);
  expect(state.claimTrial(dueMs)).toBe(true);
  state.observe(dueMs, { ...plain, trial: true }).succeeded(dueMs + 10, null);
  return dueMs + 10;
}

describe("ejection", () => {
  test.each([
    ["five failures in a row eject", "FFFFF", "open"],
    ["four do not", "FFFF", "closed"],
    ["a success in between starts the row anew", "FFFSSSFFFSS", "closed"],
    ["more than half of six", "SFSFFF", "open"],
    ["half of six is not more", "SFSFSF", "closed"],
    ["three of five are too few to judge", "SFSFF", "closed"],
    ["429s count as nothing", "RRRRRRRRRR", "closed"],
    ["429s between failures do not excuse them", "FRFRFRFRF", "open"],
    ["aborted requests count as nothing", "AAAAAAAAAA", "closed"],
    ["streams that break after their first data", "BBBBB", "open"],
    ["four of them do not", "BBBB", "closed"],
    ["a broken stream among whole ones does not", "SBSBSBSBS", "closed"],
  ])("%s: %s", (_, script, expected) => {
    const state = target();
    play(state, script);
    expect(state.breaker(startMs)).toBe(expected);
    expect(state.ejectedFor === "").toBe(expected === "closed");
  });

  test("failures that are spread over more than the window are not added up", () => {
    const state = target();
    for (let turn = 0; turn < 10; turn += 1) play(state, turn % 3 === 2 ? "S" : "F", startMs + turn * 4_000);
    expect(state.breaker(startMs + 40_000)).toBe("closed");
  });

  test("more than half of six spread over seven seconds", () => {
    const state = target();
    for (let turn = 0; turn < 6; turn += 1) play(state, "FFSFFS".charAt(turn), startMs + turn * 1_200);
    expect(state.breaker(startMs + 6_000)).toBe("closed");
    play(state, "F", startMs + 6_900);
    expect(state.breaker(startMs + 6_900)).toBe("open");
  });

  test("the failure that ejected it is told", () => {
    const state = target();
    play(state, "FFFF");
    state.observe(startMs, plain).failed(startMs, "timeout");
    expect(state.ejectedFor).toBe("timeout");
  });
});

describe("back-off", () => {
  test.each([
    ["first", 0, 2_000],
    ["after one failed trial", 1, 4_000],
    ["after two", 2, 8_000],
    ["after three", 3, 16_000],
    ["after four", 4, 30_000],
    ["and no longer than that", 7, 30_000],
  ])("%s", (_, failedTrials, expectedMs) => {
    const state = target();
    let nowMs = startMs;
    play(state, "FFFFF", nowMs);
    for (let trial = 0; trial < failedTrials; trial += 1) {
      nowMs += dueAfterMs(state, nowMs);
      state.claimTrial(nowMs);
      state.observe(nowMs, { ...plain, trial: true }).failed(nowMs, "upstream-5xx");
    }
    // Random numbers of a half make no jitter, but for the longest, which is only ever made shorter.
    expect(dueAfterMs(state, nowMs)).toBe(expectedMs === 30_000 ? 27_000 : expectedMs);
  });

  test.each([
    ["short", 0, 1_600],
    ["long", 0.999_999, 2_400],
  ])("jitter makes it %s", (_, random, expectedMs) => {
    const state = target(random);
    play(state, "FFFFF");
    expect(dueAfterMs(state, startMs)).toBe(expectedMs);
  });

  test("jitter never goes beyond the longest", () => {
    for (const random of [0, 0.3, 0.999_999]) {
      const state = target(random);
      let nowMs = startMs;
      play(state, "FFFFF", nowMs);
      for (let trial = 0; trial < 6; trial += 1) {
        const waitedMs = dueAfterMs(state, nowMs);
        expect(waitedMs).toBeLessThanOrEqual(30_000);
        nowMs += waitedMs;
        state.claimTrial(nowMs);
        state.observe(nowMs, { ...plain, trial: true }).failed(nowMs, "upstream-5xx");
      }
    }
  });

  test.each([
    ["within a minute of coming back it doubles", 50_000, 4_000],
    ["later it starts anew", 61_000, 2_000],
  ])("ejected again: %s", (_, afterMs, expectedMs) => {
    const state = target();
    const backMs = ejectAndClose(state, startMs);
    play(state, "FFFFF", backMs + afterMs);
    expect(dueAfterMs(state, backMs + afterMs)).toBe(expectedMs);
  });
});

describe("way back", () => {
  function ejected(): { state: TargetState; early: Observation; dueMs: number } {
    const state = target();
    const early = state.observe(startMs - 10, stream);
    play(state, "FFFFF");
    return { state, early, dueMs: startMs + 2_000 };
  }

  test("the first data of a stream on trial lets it back", () => {
    const { state, dueMs } = ejected();
    state.claimTrial(dueMs);
    const trial = state.observe(dueMs, { ...stream, trial: true });
    expect(state.breaker(dueMs + 400)).toBe("open");
    trial.firstData(dueMs + 500);
    expect(state.breaker(dueMs + 500)).toBe("closed");
    expect(state.ejectedFor).toBe("");
  });

  test("so does the answer to a request that was sent for want of anything better", () => {
    const { state } = ejected();
    play(state, "S", startMs + 500);
    expect(state.breaker(startMs + 500)).toBe("closed");
  });

  test("an answer to a request sent before the ejection does not", () => {
    const { state, early } = ejected();
    early.firstData(startMs + 500);
    early.succeeded(startMs + 900, null);
    expect(state.breaker(startMs + 900)).toBe("open");
  });

  test("failures while it is ejected do not prolong that", () => {
    const { state, dueMs } = ejected();
    play(state, "FFFFFFFFFF", startMs + 1_000);
    expect(state.breaker(dueMs)).toBe("due");
  });

  test("timeouts of what was sent before it came back do not eject it again", () => {
    const state = target();
    const slow = Array.from({ length: 20 }, () => state.observe(startMs, stream));
    const backMs = ejectAndClose(state, startMs + 10);
    for (const seen of slow) seen.failed(backMs + 100, "first-packet-timeout");
    expect(state.breaker(backMs + 100)).toBe("closed");
    play(state, "FFFF", backMs + 200);
    expect(state.breaker(backMs + 200)).toBe("closed");
    play(state, "F", backMs + 200);
    expect(state.breaker(backMs + 200)).toBe("open");
  });
});

describe("trial", () => {
  test("is one over all threads, and every thread sees the ejection and its end", () => {
    const [one, two] = twoThreads().map((shared) => new TargetState(shared, 1, () => 0.5));
    if (one === undefined || two === undefined) throw new Error("two threads");
    play(one, "FFF");
    play(two, "FF");
    expect([one.breaker(startMs), two.breaker(startMs)]).toEqual(["open", "open"]);
    const dueMs = startMs + 2_000;
    expect([one.claimTrial(dueMs), two.claimTrial(dueMs), one.claimTrial(dueMs)]).toEqual([
      true,
      false,
      false,
    ]);
    expect(two.breaker(dueMs)).toBe("open");
    one.observe(dueMs, { ...plain, trial: true }).succeeded(dueMs + 1, null);
    expect(two.breaker(dueMs + 1)).toBe("closed");
  });

  test("is not there before its time", () => {
    const state = target();
    expect(state.claimTrial(startMs)).toBe(false);
    play(state, "FFFFF");
    expect(state.claimTrial(startMs + 1_999)).toBe(false);
  });

  test.each([
    ["nothing was sent", (state: TargetState) => state.releaseTrial()],
    [
      "the client went away",
      (state: TargetState, atMs: number) => state.observe(atMs, { ...plain, trial: true }).released(),
    ],
    [
      "the answer was a 429",
      (state: TargetState, atMs: number) =>
        state.observe(atMs, { ...plain, trial: true }).rateLimited(atMs, undefined),
    ],
  ])("is given back when %s", (_, end) => {
    const state = target();
    play(state, "FFFFF");
    const dueMs = startMs + 2_000;
    state.claimTrial(dueMs);
    end(state, dueMs);
    expect(state.breaker(dueMs)).toBe("due");
  });

  test("lapses when its request vanished, and the late end of that one takes nothing from its successor", () => {
    const state = target();
    play(state, "FFFFF");
    const dueMs = startMs + 2_000;
    state.claimTrial(dueMs);
    const vanished = state.observe(dueMs, { ...plain, trial: true });
    expect(state.breaker(dueMs + 59_000)).toBe("open");
    expect(state.claimTrial(dueMs + 60_000)).toBe(true);
    vanished.released();
    expect(state.breaker(dueMs + 60_001)).toBe("open");
  });
});

describe("requests that wait for their first data", () => {
  test.each<[string, (seen: Observation) => void, number]>([
    ["sent", () => undefined, 1],
    ["first data", (seen) => seen.firstData(startMs), 0],
    ["a stream's success", (seen) => (seen.firstData(startMs), seen.succeeded(startMs, null)), 0],
    ["a plain answer's success", (seen) => seen.succeeded(startMs, null), 0],
    ["failure", (seen) => seen.failed(startMs, "timeout"), 0],
    ["failure after data", (seen) => (seen.firstData(startMs), seen.failed(startMs, "timeout")), 0],
    ["429", (seen) => seen.rateLimited(startMs, undefined), 0],
    ["nothing learnt", (seen) => seen.released(), 0],
    ["two endings", (seen) => (seen.released(), seen.failed(startMs, "timeout")), 0],
  ])("after %s", (_, end, waiting) => {
    const state = target();
    const other = state.observe(startMs, stream);
    end(state.observe(startMs, stream));
    expect(state.waiting).toBe(1 + waiting);
    other.released();
    expect(state.waiting).toBe(waiting);
  });
});
