import { fileURLToPath } from "node:url";

import { describe, expect, test } from "vitest";

import { parseScenarios, readScenarios } from "./scenario.ts";

const one = { name: "one", services: [{ med: 0.3 }] };

describe("scenario files", () => {
  test("the open scenarios are twelve and well-formed", async () => {
    const scenarios = await readScenarios(fileURLToPath(new URL("scenarios.json", import.meta.url)));
    expect(scenarios).toHaveLength(12);
  });

  test("what is not said has the usual values", () => {
    expect(parseScenarios(JSON.stringify([one]), "f")).toEqual([
      {
        name: "one",
        about: "",
        durationS: 1200,
        workload: [{ trace: "conv", speed: 1.5, fromS: 0, every: 1, startS: 0 }],
        services: [{ med: 0.3, tpot: 0.02, errLat: 0.08 }],
      },
    ]);
  });

  test.each([
    ["is no JSON", "{", /f is no JSON/],
    ["is no list", "{}", /f:\n.*expected array/],
    ["is empty", "[]", /f:\n/],
    [
      "misspells a field",
      [{ ...one, services: [{ med: 0.3, hangs: 1 }] }],
      /Unrecognized key: "hangs".*\[0\]\.services\[0\]/s,
    ],
    ["has no median", [{ ...one, services: [{}] }], /\[0\]\.services\[0\]\.med/],
    ["has two scenarios of one name", [one, one], /two scenarios are called one/],
    [
      "recovers what it does not have",
      [{ ...one, recovery: { service: 1, atS: 9 } }],
      /no index of `services`/,
    ],
    ["ends a window before it begins", [withErr({ from: 9, to: 8, value: 1 })], /`to` must be later/],
    ["has a ramp without an end", [withErr({ from: 9, value: 1, endValue: 2 })], /needs `to`/],
    ["repeats a window without a length", [withErr({ from: 9, every: 3, value: 1 })], /belong together/],
    ["has a part without arrivals", [{ ...one, workload: [{ speed: 2 }] }], /either `trace` or `made`/],
    [
      "names a trace that is none",
      [{ ...one, workload: [{ trace: "chat" }] }],
      /\[0\]\.workload\[0\]\.trace/,
    ],
  ])("is refused with the place when it %s", (_, content, message) => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    expect(() => parseScenarios(text, "f")).toThrow(message);
  });

  test("is refused when it cannot be read", async () => {
    await expect(readScenarios("/nowhere/s.json")).rejects.toThrow(/cannot read scenarios from \/nowhere/);
  });
});

function withErr(piece: object): object {
  return { ...one, services: [{ med: 0.3, err: [piece] }] };
}
