import { describe, expect, test } from "vitest";

import { readLabOptions } from "./options.ts";

describe("flags of the laboratory", () => {
  test("without any, everything is run, and the results may stand", () => {
    const options = readLabOptions([]);
    expect(options).toMatchObject({
      seeds: [11, 12, 13],
      only: [],
      goal: "lowest-ttft",
      adaptive: true,
      complete: true,
    });
    expect(options.setups.map(({ nodes, fallback }) => [nodes, fallback])).toEqual([
      [1, false],
      [1, true],
      [4, false],
    ]);
  });

  test.each([
    [["--quick"], { seeds: [11], complete: false }],
    [["--seeds", "1,2"], { seeds: [1, 2], complete: false }],
    [["--only", "steady, hang"], { only: ["steady", "hang"], complete: false }],
    [["--policies", "oracle,thompson"], { policies: ["thompson", "oracle"], complete: false }],
    [["--goal", "balanced"], { goal: "balanced", complete: false }],
    [
      ["--scenarios", "f", "--traces", "d", "--out", "o"],
      { scenarios: "f", traces: "d", out: "o", complete: false },
    ],
    [["--fixed-timeout"], { adaptive: false, complete: false }],
    [["--timeline", "30"], { timelineS: 30, complete: true }],
  ])("%j", (words, expected) => {
    expect(readLabOptions(words)).toMatchObject(expected);
  });

  test("nodes and a fallback take the place of the standard setups", () => {
    expect(readLabOptions(["--nodes", "3", "--fallback"]).setups).toMatchObject([
      { name: "3 nodes, one fallback", nodes: 3, fallback: true },
    ]);
  });

  test.each([
    [["--policies", "psychic"], /"psychic" is none of by-metrics/],
    [["--goal", "win"], /"win" is none of lowest-ttft/],
    [["--nodes", "0"], /--nodes: "0" is no whole number above 0/],
    [["--seeds", "1,x"], /--seeds: "x"/],
    [["--fast"], /--fast/],
  ])("%j is wrong usage", (words, message) => {
    expect(() => readLabOptions(words)).toThrow(message);
  });
});
