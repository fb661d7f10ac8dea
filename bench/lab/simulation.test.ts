import { describe, expect, test } from "vitest";

import { startAt, type Policy, type PolicyMaker } from "./policy.ts";
import { parseScenarios, type Scenario } from "./scenario.ts";
import { simulate, type Outcome, type Run } from "./simulation.ts";
import type { LabRequest } from "./traces.ts";

/** What a policy is told, as words. */
interface Told {
  readonly policy: PolicyMaker;
  readonly words: string[];
}

/** Sends to the services in the order given, and again from the first. */
function scripted(...services: readonly number[]): Told {
  const words: string[] = [];
  let next = 0;
  const clock = (nowMs: number): string => `${Math.round(nowMs - 1_000_000)}`;
  const policy: Policy = {
    start: () => {
      const service = services[next % services.length] ?? 0;
      const name = `#${next}`;
      next += 1;
      return startAt(service, {
        firstData: (nowMs) => void words.push(`${name} first ${clock(nowMs)}`),
        succeeded: (nowMs, tokens) => void words.push(`${name} end ${clock(nowMs)} ${tokens}`),
        failed: (nowMs, timedOut) =>
          void words.push(`${name} ${timedOut ? "timeout" : "failed"} ${clock(nowMs)}`),
        rateLimited: (nowMs, pauseMs) => void words.push(`${name} 429 ${clock(nowMs)} ${pauseMs}`),
      });
    },
  };
  return { policy: () => policy, words };
}

function scenarioOf(...services: readonly object[]): Scenario {
  const scenarios = parseScenarios(JSON.stringify([{ name: "s", services }]), "s");
  if (scenarios[0] === undefined) throw new Error("no scenario");
  return scenarios[0];
}

function requestsAt(...timesMs: readonly number[]): LabRequest[] {
  return timesMs.map((atMs, index) => ({ index, atMs, promptTokens: 1000, outputTokens: 50 }));
}

function run(
  told: Told,
  scenario: Scenario,
  requests: readonly LabRequest[],
  more: Partial<Run> = {},
): Outcome[] {
  return simulate({ scenario, requests, seed: 1, policy: told.policy, nodes: 1, fallback: false, ...more });
}

const sure = { err: 0, tpot: 0.02 };

describe("a simulated service", () => {
  test("tells of the first data and then of the end, which is the tokens later", () => {
    const told = scripted(0);
    const [outcome] = run(told, scenarioOf({ med: 0.3, ...sure }), requestsAt(500));
    const firstMs = 500 + (outcome?.ttftMs ?? 0);
    expect(told.words).toEqual([
      `#0 first ${Math.round(firstMs)}`,
      `#0 end ${Math.round(firstMs + 1000)} 50`,
    ]);
  });

  test("takes its median and 40 ms per thousand prompt tokens, times what makes it slow", () => {
    const times = Array.from({ length: 4001 }, (_, index) => index * 100);
    const ttftsOf = (service: object): number[] =>
      run(scripted(0), scenarioOf({ ...sure, ...service }), requestsAt(...times)).map(
        ({ ttftMs }) => ttftMs ?? 0,
      );
    const plain = ttftsOf({ med: 0.3 });
    const slow = ttftsOf({ med: 0.3, slow: [{ from: 200, value: 3 }] });
    expect(plain.toSorted((a, b) => a - b)[2000]).toBeCloseTo(340, -1);
    expect(slow[1999]).toBe(plain[1999]);
    expect(slow[2000]).toBeCloseTo(3 * (plain[2000] ?? 0), 6);
  });

  test("fails at the pace that is said, with the probability that is said", () => {
    const told = scripted(0);
    const times = Array.from({ length: 2000 }, (_, index) => index * 1000);
    const outcomes = run(told, scenarioOf({ med: 0.3, err: 0.35, errLat: 0.03 }), requestsAt(...times));
    const failed = outcomes.filter(({ ttftMs }) => ttftMs === null).length;
    expect(failed / 2000).toBeCloseTo(0.35, 1);
    expect(told.words.find((word) => word.includes("failed"))).toMatch(/ failed \d+030$/);
  });

  test("answers 429 to what finds its bucket empty, which fills again", () => {
    const told = scripted(0);
    const limited = scenarioOf({
      med: 0.01,
      ...sure,
      rl: { rate: 2, burst: 3, retryAfter: 4 },
      errLat: 0.001,
    });
    run(told, limited, requestsAt(0, 1, 2, 3, 4, 400, 510, 512));
    const refused = told.words.filter((word) => word.includes("429"));
    expect(refused).toEqual(["#3 429 4 4000", "#4 429 5 4000", "#5 429 401 4000", "#7 429 513 4000"]);
  });

  test("that hangs is given up after 15 s, and answers what comes later", () => {
    const told = scripted(0);
    const outcomes = run(
      told,
      scenarioOf({ med: 0.3, ...sure, hang: [{ from: 1, to: 2, value: 1 }] }),
      requestsAt(900, 1500, 2000),
    );
    expect(told.words).toContain("#1 timeout 16500");
    expect(outcomes.map(({ ttftMs }) => ttftMs === null)).toEqual([false, true, false]);
  });

  test("without a free slot lets requests wait in their order", () => {
    const told = scripted(0);
    run(told, scenarioOf({ med: 0.1, ...sure, cap: 1 }), requestsAt(0, 1, 2));
    const order = told.words.map((word) => word.split(" ").slice(0, 2).join(" "));
    expect(order).toEqual(["#0 first", "#0 end", "#1 first", "#1 end", "#2 first", "#2 end"]);
  });

  test("is slower the more of its slots are taken", () => {
    const ttft = (times: number[]): number =>
      run(scripted(0), scenarioOf({ med: 0.3, ...sure, cap: 2 }), requestsAt(...times))[1]?.ttftMs ?? 0;
    expect(ttft([0, 0]) / ttft([0, 60_000])).toBeCloseTo(1.25, 6);
  });

  test("loses slots", () => {
    const told = scripted(0);
    const losing = scenarioOf({ med: 0.1, ...sure, cap: 4, slots: [{ from: 10, value: 0.1 }] });
    run(told, losing, requestsAt(0, 0, 20_000, 20_000));
    const order = told.words.map((word) => word.split(" ")[0]);
    expect(new Set(order.slice(0, 4))).toEqual(new Set(["#0", "#1"]));
    expect(order.slice(4)).toEqual(["#2", "#2", "#3", "#3"]);
  });

  test("frees the slot, and the place in the queue, of what was given up", () => {
    const told = scripted(0);
    // One that takes 20 s to first data, one that waits for it, and one much later.
    const slow = scenarioOf({ med: 0.1, ...sure, cap: 1, slow: [{ from: 0, to: 1, value: 1000 }] });
    run(told, slow, requestsAt(0, 1_000, 15_050));
    expect(told.words.filter((word) => word.includes("timeout"))).toEqual(["#0 timeout 15000"]);
    expect(told.words.map((word) => word.split(" ").slice(0, 2).join(" "))).toEqual([
      "#0 timeout",
      "#1 first",
      "#1 end",
      "#2 first",
      "#2 end",
    ]);
  });

  test("gives up what waits too long for a slot", () => {
    const told = scripted(0);
    // Fifty tokens of half a second each keep the only slot for 25 s.
    run(told, scenarioOf({ med: 0.1, err: 0, tpot: 0.5, cap: 1 }), requestsAt(0, 100));
    expect(told.words[1]).toBe("#1 timeout 15100");
    expect(told.words).toHaveLength(3);
  });

  test("has a tail of answers that take many times longer", () => {
    const times = Array.from({ length: 2000 }, (_, index) => index * 1000);
    const service = { med: 0.01, ...sure };
    const ttftsOf = (tailed: object): number[] =>
      run(scripted(0), scenarioOf(tailed), requestsAt(...times)).map(({ ttftMs }) => ttftMs ?? Infinity);
    const plain = ttftsOf(service);
    const factors = ttftsOf({ ...service, tail: { p: 0.1, lo: 8, alpha: 1.3 } }).map(
      (ttftMs, index) => ttftMs / (plain[index] ?? 1),
    );
    const long = factors.filter((factor) => factor > 1.001);
    expect(long.length / 2000).toBeCloseTo(0.1, 1);
    expect(Math.min(...long)).toBeGreaterThanOrEqual(8);
  });
});

describe("a request", () => {
  test("goes to a second service when the first fails, and its time counts from the start", () => {
    const services = [
      { med: 0.3, err: 1, errLat: 0.5 },
      { med: 0.3, ...sure },
    ];
    const told = scripted(0, 1);
    const [outcome] = run(told, scenarioOf(...services), requestsAt(0), { fallback: true });
    expect(outcome).toMatchObject({ service: 0, attempts: 2 });
    const firstMs = outcome?.ttftMs ?? 0;
    expect(firstMs).toBeGreaterThan(500);
    expect(told.words[1]).toBe(`#1 first ${Math.round(firstMs)}`);
  });

  test("is not sent a third time", () => {
    const failing = { med: 0.3, err: 1 };
    const [outcome] = run(scripted(0, 1, 2), scenarioOf(failing, failing, failing), requestsAt(0), {
      fallback: true,
    });
    expect(outcome).toMatchObject({ ttftMs: null, attempts: 2 });
  });

  test("fails without an attempt at a service when the policy knows of none", () => {
    const policy = (): Policy => ({
      start: () => ({ service: 0, firstPacketTimeoutMs: undefined, watch: undefined }),
    });
    const [outcome] = run({ policy, words: [] }, scenarioOf({ med: 0.3 }), requestsAt(0));
    expect(outcome?.ttftMs).toBeNull();
  });

  test("meets the same luck whatever became of those before it", () => {
    const scenario = scenarioOf({ med: 0.3 }, { med: 0.3 });
    const requests = requestsAt(...Array.from({ length: 50 }, (_, index) => index * 100));
    const always = run(scripted(0), scenario, requests);
    const turns = run(scripted(1, 0), scenario, requests);
    for (let index = 1; index < 50; index += 2) expect(turns[index]?.ttftMs).toBe(always[index]?.ttftMs);
    expect(turns[0]?.ttftMs).not.toBe(always[0]?.ttftMs);
  });

  test("goes to the gateway nodes in turn", () => {
    const words: number[] = [];
    let made = 0;
    const policy: PolicyMaker = () => {
      const node = made++;
      return {
        start: () => {
          words.push(node);
          return { service: 0, firstPacketTimeoutMs: undefined, watch: undefined };
        },
      };
    };
    run({ policy, words: [] }, scenarioOf({ med: 0.3 }), requestsAt(0, 1, 2, 3), { nodes: 3 });
    expect(words).toEqual([0, 1, 2, 0]);
  });
});
