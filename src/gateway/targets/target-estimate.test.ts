import { describe, expect, test } from "vitest";
import { testMemory } from "../runtime-fixture.ts";
import { TargetState, type Observation } from "./target-state.ts";
import { field } from "./target-fields.ts";

const startMs = 5_000;

/** One target and the time, with short words for what happens to it. */
class Trial {
  nowMs = startMs;
  readonly state = new TargetState(testMemory(), 1, () => 0.5);
  readonly estimate = this.state.estimate;

  send(promptTokens = 0, stream = true): Observation {
    return this.state.observe(this.nowMs, { promptTokens, stream, trial: false });
  }

  /** One stream after the other, each with its first data after so many ms. */
  streams(count: number, ttftMs: number, promptTokens = 0): void {
    for (let sent = 0; sent < count; sent += 1) {
      const seen = this.send(promptTokens);
      this.nowMs += ttftMs;
      seen.firstData(this.nowMs);
      seen.succeeded(this.nowMs, null);
    }
  }

  /** Rounded ms to first data of a request without length. */
  get ttftMs(): number {
    return Math.round(Math.exp(this.estimate.get(field.latency)));
  }
}

function usage(outputTokens: number) {
  const rest = { inputTokens: 0, cachedInputTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
  return { ...rest, outputTokens, estimated: false };
}

describe("time to first data", () => {
  test("is not learnt from answers that are no model's", () => {
    const trial = new Trial();
    const measure = { promptTokens: 0, stream: false, trial: false, untimed: true };
    const seen = trial.state.observe(trial.nowMs, measure);
    trial.nowMs += 3;
    seen.succeeded(trial.nowMs, null);
    expect(trial.estimate.get(field.sampledMs)).toBe(0);
    trial.streams(1, 400);
    expect(trial.ttftMs).toBe(400);
  });

  test("is that of the first answer at first", () => {
    const trial = new Trial();
    trial.streams(1, 400);
    expect(trial.ttftMs).toBe(400);
  });

  test("rises faster than it falls", () => {
    const risen = new Trial();
    risen.streams(20, 400);
    risen.streams(3, 800);
    const fallen = new Trial();
    fallen.streams(20, 800);
    fallen.streams(3, 400);
    const rise = Math.log(risen.ttftMs / 400);
    const fall = Math.log(800 / fallen.ttftMs);
    expect(fall).toBeGreaterThan(0);
    expect(rise).toBeGreaterThan(2 * fall);
  });

  test("is hardly moved by one outlier of a minute", () => {
    const trial = new Trial();
    trial.streams(20, 400);
    const seen = trial.send();
    trial.streams(150, 400);
    seen.firstData(trial.nowMs);
    expect(trial.ttftMs).toBeLessThan(520);
  });

  test("is measured against the length of the prompt", () => {
    const trial = new Trial();
    trial.streams(10, 800, 12_000);
    expect(trial.ttftMs).toBe(400);
  });

  test("a first-packet timeout raises it, by no more than was waited", () => {
    const trial = new Trial();
    trial.streams(10, 400);
    const waiting = Array.from({ length: 20 }, () => trial.send());
    trial.nowMs += 3_000;
    waiting[0]?.failed(trial.nowMs, "first-packet-timeout");
    expect(trial.ttftMs).toBe(Math.round(400 * Math.exp(0.7)));
    for (const seen of waiting.slice(1)) seen.failed(trial.nowMs, "first-packet-timeout");
    expect(trial.ttftMs).toBeLessThanOrEqual(3_000);
  });

  test("another failure does not", () => {
    const trial = new Trial();
    trial.streams(10, 400);
    trial.send().failed(trial.nowMs + 5_000, "upstream-5xx");
    expect(trial.ttftMs).toBe(400);
  });
});

describe("plain answers", () => {
  test("tell the time to first data once the time of a token is known from streams", () => {
    const trial = new Trial();
    for (let sent = 0; sent < 10; sent += 1) {
      const seen = trial.send();
      seen.firstData(trial.nowMs + 400);
      seen.succeeded(trial.nowMs + 400 + 2_000, usage(101));
      trial.nowMs += 3_000;
    }
    expect(trial.estimate.get(field.tokenMs)).toBeCloseTo(20);
    for (const tokens of [50, 300, 1000]) {
      trial.send(0, false).succeeded(trial.nowMs + 400 + tokens * 20, usage(tokens));
      expect(trial.ttftMs).toBeCloseTo(400, -1);
    }
  });

  test("of any length say the same about a target that is only ever asked for such", () => {
    const trial = new Trial();
    for (const tokens of [50, 300, 1000]) {
      trial.send(0, false).succeeded(trial.nowMs + 500 + tokens * 20, usage(tokens));
      trial.nowMs += 10_000;
    }
    expect(trial.ttftMs).toBe(500);
  });
});

describe("probability of a failure", () => {
  test("rises at once and is forgotten with time", () => {
    const trial = new Trial();
    trial.streams(20, 100);
    const before = trial.estimate.failure(trial.nowMs);
    for (let failures = 0; failures < 4; failures += 1) trial.send().failed(trial.nowMs, "upstream-5xx");
    const after = trial.estimate.failure(trial.nowMs);
    expect(before).toBeLessThan(0.01);
    expect(after).toBeGreaterThan(0.15);
    expect(trial.estimate.failure(trial.nowMs + 300_000)).toBeLessThan(0.05);
  });

  test.each([
    ["429s", (seen: Observation) => seen.rateLimited(startMs, undefined)],
    ["requests that the client gave up", (seen: Observation) => seen.released()],
  ])("%s are no failures", (_, end) => {
    const trial = new Trial();
    const before = trial.estimate.failure(startMs);
    for (let sends = 0; sends < 10; sends += 1) end(trial.send());
    expect(trial.estimate.failure(startMs)).toBe(before);
  });

  test("what is unusually late counts half a failure, until it comes", () => {
    const trial = new Trial();
    trial.streams(20, 400);
    const waiting = Array.from({ length: 10 }, () => trial.send());
    const before = trial.estimate.failure(trial.nowMs);
    trial.nowMs += 500;
    trial.state.countLate(trial.nowMs);
    expect(trial.estimate.failure(trial.nowMs)).toBeCloseTo(before, 2);
    trial.nowMs += 20_000;
    trial.state.countLate(trial.nowMs);
    const late = trial.estimate.failure(trial.nowMs);
    expect(late).toBeGreaterThan(0.3);
    trial.state.countLate(trial.nowMs);
    expect(trial.estimate.failure(trial.nowMs)).toBe(late);
    for (const seen of waiting) seen.firstData(trial.nowMs);
    expect(trial.estimate.failure(trial.nowMs)).toBeLessThan(0.01);
  });

  test("and the other half when it fails", () => {
    const [late, known] = [new Trial(), new Trial()];
    for (const trial of [late, known]) {
      trial.streams(20, 400);
      const seen = trial.send();
      trial.nowMs += 20_000;
      if (trial === late) trial.state.countLate(trial.nowMs);
      seen.failed(trial.nowMs, "timeout");
    }
    expect(late.estimate.failure(late.nowMs)).toBeCloseTo(known.estimate.failure(known.nowMs), 6);
  });

  test("is low again after an ejection, for which what was before counts a tenth", () => {
    const trial = new Trial();
    for (let failures = 0; failures < 5; failures += 1) trial.send().failed(trial.nowMs, "upstream-5xx");
    expect(trial.estimate.failure(trial.nowMs)).toBeGreaterThan(0.8);
    trial.nowMs += 2_500;
    trial.state.claimTrial(trial.nowMs);
    trial.state
      .observe(trial.nowMs, { promptTokens: 0, stream: true, trial: true })
      .firstData(trial.nowMs + 300);
    expect(trial.estimate.failure(trial.nowMs + 300)).toBeLessThan(0.1);
  });
});

describe("load", () => {
  /** Rounds of requests sent together, from few to many; a request's first data comes after `msOf` those before it. */
  function rounds(msOf: (waited: number) => number): Trial {
    const trial = new Trial();
    for (let round = 0; round < 60; round += 1) {
      const sends = Array.from({ length: 1 + (round % 12) }, () => trial.send());
      sends.forEach((seen, waited) => seen.firstData(trial.nowMs + msOf(waited)));
      trial.nowMs += 2_000;
    }
    return trial;
  }

  test("an elastic target is expected to take as long with many waiting as with few", () => {
    const { load } = rounds(() => 400).estimate;
    expect(load.queueMs(10)).toBeLessThan(40);
    expect(load.capacity).toBeGreaterThan(20);
  });

  test("one with a queue takes longer by what the queue adds, and its own time is told apart", () => {
    const trial = rounds((waited) => 400 + 100 * waited);
    const { load } = trial.estimate;
    expect(load.queueMs(10)).toBeGreaterThan(900);
    expect(load.queueMs(10)).toBeLessThan(1_100);
    expect(trial.ttftMs).toBeGreaterThan(350);
    expect(trial.ttftMs).toBeLessThan(500);
  });
});

describe("rate limit", () => {
  /** Ten requests a second, answered at once, then one that gets 429. */
  function limited(): Trial {
    const trial = new Trial();
    for (let sends = 0; sends < 600; sends += 1) {
      trial.streams(1, 0);
      trial.nowMs += 100;
    }
    trial.send().rateLimited(trial.nowMs, undefined);
    return trial;
  }

  test("none is known without a 429", () => {
    const trial = new Trial();
    trial.streams(100, 1);
    expect(trial.estimate.rate.perSecond).toBe(0);
    expect(trial.estimate.rate.allows(trial.nowMs)).toBe(true);
  });

  test("is nine tenths of what was admitted", () => {
    expect(limited().estimate.rate.perSecond).toBeCloseTo(9, 0);
  });

  test("further 429s of requests sent before that lower it no more, later ones by no more than three tenths", () => {
    const trial = limited();
    const before = trial.estimate.rate.perSecond;
    const early = { promptTokens: 0, stream: true, trial: false };
    const seen = trial.state.observe(trial.nowMs - 50, early);
    trial.nowMs += 20_000;
    seen.rateLimited(trial.nowMs, undefined);
    expect(trial.estimate.rate.perSecond).toBeGreaterThan(0.99 * before);
    trial.nowMs += 60_000;
    trial.send().rateLimited(trial.nowMs, undefined);
    expect(trial.estimate.rate.perSecond).toBeGreaterThan(0.69 * before);
    expect(trial.estimate.rate.perSecond).toBeLessThan(before);
  });

  test("lets through as many as it says", () => {
    const trial = limited();
    expect(trial.estimate.rate.allows(trial.nowMs)).toBe(false);
    let sent = 0;
    for (let tick = 0; tick < 1_000; tick += 1) {
      trial.nowMs += 10;
      if (!trial.estimate.rate.allows(trial.nowMs)) continue;
      trial.streams(1, 0);
      sent += 1;
    }
    expect(sent).toBeGreaterThan(80);
    expect(sent).toBeLessThan(100);
  });

  test("grows while it holds requests back, not while few come, and is forgotten without further 429s", () => {
    const [busy, idle] = [limited(), limited()];
    const before = busy.estimate.rate.perSecond;
    for (let tick = 0; tick < 300; tick += 1) {
      busy.nowMs += 100;
      if (busy.estimate.rate.allows(busy.nowMs)) busy.streams(1, 0);
    }
    idle.nowMs += 30_000;
    idle.streams(1, 0);
    expect(busy.estimate.rate.perSecond / before).toBeGreaterThan(1.05);
    expect(busy.estimate.rate.perSecond / before).toBeLessThan(1.15);
    expect(idle.estimate.rate.perSecond / before).toBeLessThan(1.02);
    idle.nowMs += 700_000;
    idle.streams(1, 0);
    expect(idle.estimate.rate.perSecond).toBe(0);
  });
});
