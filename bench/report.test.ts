// Results and table from samples.

import { expect, test } from "vitest";

import type { MeasureName, Sample } from "./measures.ts";
import type { CandidateName } from "./peers/candidate.ts";
import { disturbanceOf, resultsOf, type RunInfo, tableOf } from "./report.ts";

const run: RunInfo = {
  date: "2026-11-21T00:00:00.000Z",
  complete: true,
  floor: "nginx",
  settings: {},
  machine: {},
  candidates: { portkey: { version: "1", note: "with a shim" } },
  remarks: ["noisy"],
};

const plain = (value: number, problem?: string): Sample => ({
  figures: { "plain-1k": value },
  details: { perSecond: 1 },
  ...(problem === undefined ? {} : { problem }),
});

function samples(entries: Partial<Record<CandidateName, Sample[]>>) {
  return new Map(
    Object.entries(entries).map(([name, taken]) => [
      // Object.entries forgets that the keys are candidate names.
      name as CandidateName,
      new Map<MeasureName, Sample[]>([["plain-1k", taken]]),
    ]),
  );
}

const three = samples({
  nginx: [plain(10), plain(20), plain(20)],
  moongate: [plain(20), plain(30), plain(50)],
  portkey: [plain(400), plain(300), plain(9, "2 wrong answers")],
});

test("ratios are taken inside a round, and failed rounds do not count", () => {
  const { candidates } = resultsOf(run, three).measures["plain-1k"] ?? {};
  expect(candidates?.nginx?.ratioToNginx).toEqual({ median: 1, min: 1, max: 1 });
  expect(candidates?.moongate?.ratioToNginx).toEqual({ median: 2, min: 1.5, max: 2.5 });
  expect(candidates?.moongate?.timesLessThanPortkey).toEqual({ median: 15, min: 10, max: 20 });
  expect(candidates?.portkey).toMatchObject({
    rounds: [400, 300, null],
    problems: ["2 wrong answers"],
    ratioToNginx: { median: 27.5, min: 15, max: 40 },
  });
});

test("without nginx no ratio is called one to nginx", () => {
  const relayed = samples({ relay: [plain(10)], moongate: [plain(20)] });
  const result = resultsOf({ ...run, floor: "relay" }, relayed).measures["plain-1k"]?.candidates.moongate;
  expect(result).toMatchObject({ ratioToRelay: { median: 2, min: 2, max: 2 } });
  expect(result).not.toHaveProperty("ratioToNginx");
  expect(result).not.toHaveProperty("timesLessThanPortkey");
});

test("measures that were not taken are absent", () => {
  expect(Object.keys(resultsOf(run, three).measures)).toEqual(["plain-1k"]);
});

test("the table shows spread, ratio, peer, failures, remarks and notes", () => {
  const failed = samples({ nginx: [plain(10)], moongate: [plain(25)], portkey: [plain(1, "status 500")] });
  const lines = tableOf(resultsOf(run, failed)).split("\n");
  const line = (start: string): string => lines.find((text) => text.trim().startsWith(start)) ?? "";
  expect(line("moongate")).toContain("25.0 (25.0-25.0)");
  expect(line("moongate")).toContain("2.50x (2.50-2.50)");
  expect(line("portkey")).toContain("failed");
  expect(line("portkey")).toContain("status 500");
  expect(lines).toContain("! noisy");
  expect(lines).toContain("! portkey: with a shim");
  expect(line("chat completion")).toBe("chat completion, 1 KB request, CPU us per request");
});

test.each([
  { name: "a quiet machine", others: [0, 3, 90], expected: undefined },
  { name: "a busy machine", others: [5, 40, 90], expected: "other programs used 40.0 %" },
])("$name", ({ others, expected }) => {
  const taken = others.map((othersBusyPercent): Sample => ({ figures: {}, details: { othersBusyPercent } }));
  const remark = disturbanceOf(samples({ nginx: taken }));
  if (expected === undefined) expect(remark).toBeUndefined();
  else expect(remark).toContain(expected);
});
