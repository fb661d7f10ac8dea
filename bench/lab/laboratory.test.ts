import { describe, expect, test } from "vitest";

import { checksOf } from "./checks.ts";
import { reportOf, timelineOf } from "./lab-report.ts";
import { runLaboratory, type LabInput, type LabResults, type PolicyResult } from "./laboratory.ts";
import { plain, readLabOptions, withFallback } from "./options.ts";
import { parseScenarios } from "./scenario.ts";
import type { Outcome } from "./simulation.ts";

const services = [{ med: 0.3, err: [{ from: 20, to: 40, value: 1 }] }, { med: 0.5 }];
const scenarios = parseScenarios(
  JSON.stringify([
    { name: "fails", durationS: 60, services, recovery: { service: 0, atS: 40 } },
    { name: "calm", durationS: 60, services: [{ med: 0.3 }, { med: 0.5 }] },
  ]),
  "s",
);
const arrivals = Array.from({ length: 200 }, (_, index) => ({
  atS: index / 2,
  promptTokens: 500,
  outputTokens: 50,
}));

function inputOf(...words: readonly string[]): LabInput & { seen: string[] } {
  const seen: string[] = [];
  return {
    options: readLabOptions(["--seeds", "1,2", ...words]),
    scenarios,
    traces: { conv: arrivals, code: arrivals },
    say: () => undefined,
    look: (outcomes: readonly Outcome[], scenario) => seen.push(`${scenario.name} ${outcomes.length}`),
    seen,
  };
}

describe("the laboratory", () => {
  test("runs every setup, scenario, policy and seed", () => {
    const input = inputOf("--policies", "by-metrics,round-robin");
    const { setups, decisions } = runLaboratory(input);
    expect(
      setups.map(({ setup, scenarios: results }) => [setup.name, ...results.map(({ name }) => name)]),
    ).toEqual([
      [plain, "fails", "calm"],
      [withFallback, "fails", "calm"],
      ["four nodes, no retry", "fails", "calm"],
    ]);
    const policies = setups.map(({ scenarios: results }) =>
      Object.keys(results[0]?.policies ?? {}).join(" "),
    );
    expect(policies).toEqual([
      "by-metrics round-robin oracle",
      "by-metrics round-robin oracle",
      "by-metrics oracle",
    ]);
    for (const { scenarios: results } of setups) {
      for (const { policies: found } of results) {
        expect(found["oracle"]).toMatchObject({ regretS: 0 });
        for (const { seeds } of Object.values(found)) expect(seeds).toHaveLength(2);
      }
    }
    expect(Object.keys(decisions)).toEqual(["by-metrics", "round-robin", "oracle"]);
    // Two seeds, two scenarios, three setups; the requests are one and a half times as fast as recorded.
    expect(input.seen).toHaveLength(12);
    expect(new Set(input.seen)).toEqual(new Set(["fails 180", "calm 180"]));
  });

  test("runs the scenarios that are asked for, and refuses others", () => {
    const { setups } = runLaboratory(inputOf("--nodes", "2", "--only", "calm", "--policies", "oracle"));
    expect(setups.map(({ scenarios: results }) => results.map(({ name }) => name))).toEqual([["calm"]]);
    expect(() => runLaboratory(inputOf("--only", "storm"))).toThrow(
      '"storm" is none of the scenarios fails, calm',
    );
  });

  test("prints a table per setup, and one of the numbers to reach", () => {
    const results = runLaboratory(inputOf("--policies", "by-metrics,round-robin"));
    const report = reportOf(results, checksOf(results));
    for (const words of ["### One node, no retry", "### One node, one fallback", "### Four nodes, no retry"])
      expect(report).toContain(words);
    expect(report).toContain("| scenario | by-metrics | round-robin |\n|---|--:|--:|\n| fails | ");
    expect(report).toContain("attempts per request");
    expect(report).toMatch(/\| mean regret at most 0\.06 s \| (not )?met \| \d/);
  });

  test("shows where requests went over time", () => {
    const outcome = { attempts: 1, policyUs: 0 };
    const outcomes: Outcome[] = [
      { ...outcome, atMs: 0, service: 0, ttftMs: 500 },
      { ...outcome, atMs: 900, service: 1, ttftMs: null },
      { ...outcome, atMs: 11_000, service: 1, ttftMs: 700 },
    ];
    const scenario = scenarios[0];
    if (scenario === undefined) throw new Error("no scenario");
    expect(timelineOf(outcomes, scenario, 10).split("\n")).toEqual([
      "fails",
      "    0 s  ttft 0.50  failed   1  to    1   1",
      "   10 s  ttft 0.70  failed   0  to    0   1",
    ]);
  });
});

describe("the numbers to reach", () => {
  const good: PolicyResult = {
    requests: 1000,
    costS: 0.5,
    success: 0.9999,
    p50S: 0.4,
    p95S: 1,
    p99S: 1,
    attempts: 1.004,
    recoveryS: 30,
    shares: [],
    policyP50Us: 3,
    policyP99Us: 9,
    regretS: 0.01,
    seeds: [],
  };

  function resultsWith(own: Partial<PolicyResult>, p99Us = 9): LabResults {
    const result = (more: Partial<PolicyResult>) => ({ ...good, ...more });
    const policies = {
      "by-metrics": result(own),
      thompson: result({ regretS: 0.2 }),
      oracle: result({ regretS: 0 }),
    };
    const setupOf = (name: string, fallback: boolean) => ({
      setup: { name, nodes: 1, fallback, oursOnly: false },
      scenarios: [{ name: "s", policies }],
    });
    return {
      setups: [setupOf(plain, false), setupOf(withFallback, true)],
      decisions: { "by-metrics": { p50Us: 3, p99Us } },
    };
  }

  test("are all met by what is good", () => {
    const checks = checksOf(resultsWith({}));
    expect(checks).toHaveLength(10);
    expect(checks.filter(({ met }) => !met)).toEqual([]);
  });

  test.each<[string, Partial<PolicyResult>, RegExp[]]>([
    ["regret", { regretS: 0.1 }, [/mean regret/]],
    [
      "much regret",
      { regretS: 0.5 },
      [/mean regret/, /worst regret/, /every baseline on the mean/, /on the worst/],
    ],
    ["failures", { success: 0.995 }, [/99\.9 %.*with one fallback/]],
    ["many failures", { success: 0.98 }, [/99\.2 %.*without retry/, /99\.9 %.*with one fallback/]],
    ["a long tail", { p95S: 1.3 }, [/p95/]],
    ["a slow return", { recoveryS: 101 }, [/recovered service/]],
    ["too many attempts", { attempts: 1.02 }, [/1\.01 attempts/]],
  ])("are missed by %s", (_, own, missed) => {
    const names = checksOf(resultsWith(own)).flatMap(({ name, met }) => (met ? [] : [name]));
    expect(names).toHaveLength(missed.length);
    for (const [index, name] of names.entries()) expect(name).toMatch(missed[index] ?? /nothing/);
  });

  test("are missed by slow decisions", () => {
    const missed = checksOf(resultsWith({}, 25)).filter(({ met }) => !met);
    expect(missed.map(({ found }) => found)).toEqual(["p50 3.0, p99 25.0"]);
  });
});
