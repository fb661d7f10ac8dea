import { describe, expect, test } from "vitest";

import { parseScenarios } from "./scenario.ts";
import { parseTrace, readTraces, requestsOf, type Traces } from "./traces.ts";

const heading = "TIMESTAMP,ContextTokens,GeneratedTokens\n";

describe("trace files", () => {
  test("times are seconds since the first arrival", () => {
    const text = `${heading}2023-11-16 18:59:59.5000000,10,1\r\n2023-11-16 19:00:01.2500000,20,2\r\n`;
    expect(parseTrace(text, "t")).toEqual([
      { atS: 0, promptTokens: 10, outputTokens: 1 },
      { atS: 1.75, promptTokens: 20, outputTokens: 2 },
    ]);
  });

  test("a line that is no arrival is named", () => {
    expect(() => parseTrace(`${heading}2023-11-16 18:59:59,10,1\nx,1,2`, "t")).toThrow(
      "t: line 3 is no arrival: x,1,2",
    );
  });

  test("a folder without traces is refused", async () => {
    await expect(readTraces(import.meta.dirname)).rejects.toThrow(
      /must hold one file \*_conv_\*\.csv, not 0/,
    );
  });
});

describe("requests of a scenario", () => {
  // Arrivals at 0, 1 and 4 s; a round of them takes 4 s and a mean gap more.
  const conv = parseTrace(
    `${heading}2023-11-16 00:00:00,10,1\n2023-11-16 00:00:01,11,1\n2023-11-16 00:00:04,14,1`,
    "t",
  );
  const code = parseTrace(`${heading}2023-11-16 00:00:00,100,1\n2023-11-16 00:00:02,102,1`, "t");
  const traces: Traces = { conv, code };

  test.each<[string, object[], number, string]>([
    ["come as recorded", [{}], 4.5, "0:10 1:11 4:14"],
    ["come faster", [{ speed: 2 }], 2.1, "0:10 0.5:11 2:14"],
    ["begin later in the scenario", [{ startS: 3 }], 5, "3:10 4:11"],
    ["begin later in the trace", [{ fromS: 1 }], 3.5, "0:11 3:14"],
    ["begin again when the trace ends", [{}], 7, "0:10 1:11 4:14 5.333:10 6.333:11"],
    ["are every second one", [{ every: 2 }], 10, "0:10 4:14 6.333:11"],
    [
      "of two traces come in the order of time",
      [{}, { trace: "code", startS: 0.5 }],
      3,
      "0:10 0.5:100 1:11 2.5:102",
    ],
  ])("%s", (_, workload, durationS, expected) => {
    const text = JSON.stringify([
      {
        name: "s",
        durationS,
        services: [{ med: 1 }],
        workload: workload.map((part) => ({ trace: "conv", ...part })),
      },
    ]);
    const requests = parseScenarios(text, "s").flatMap((scenario) => requestsOf(scenario, traces, 1));
    const shown = requests.map(
      ({ atMs, promptTokens }) => `${Number((atMs / 1000).toFixed(3))}:${promptTokens}`,
    );
    expect(shown.join(" ")).toBe(expected);
    expect(requests.map(({ index }) => index)).toEqual(requests.map((_request, index) => index));
  });

  test.each([1, 6])("are made with gaps that vary as asked for: %d", (cv) => {
    const text = JSON.stringify([
      {
        name: "s",
        durationS: 9000,
        services: [{ med: 1 }],
        workload: [{ made: { perS: 4, cv }, startS: 1000 }],
      },
    ]);
    const requests = parseScenarios(text, "s").flatMap((scenario) => requestsOf(scenario, traces, 1));
    const gaps = requests.map(({ atMs }, index) => (atMs - (requests[index - 1]?.atMs ?? 1_000_000)) / 1000);
    const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
    const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
    expect(mean).toBeCloseTo(0.25, 1);
    expect(Math.sqrt(variance) / mean / cv).toBeCloseTo(1, 0);
    expect(Math.min(...requests.map(({ promptTokens }) => promptTokens))).toBeGreaterThanOrEqual(20);
    expect(Math.max(...requests.map(({ promptTokens }) => promptTokens))).toBeLessThanOrEqual(8000);
    expect(Math.min(...requests.map(({ outputTokens }) => outputTokens))).toBeGreaterThan(0);
  });
});
