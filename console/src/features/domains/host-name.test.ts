// Host names as people type them.
import { describe, expect, test } from "vitest";
import { normaliseHostName } from "../../../../src/lib/host-name.ts";
import { readHostName } from "./host-name.ts";

const cases: readonly [typed: string, expected: string][] = [
  ["api.example.com", "api.example.com"],
  ["  API.Example.com ", "api.example.com"],
  ["api.example.com.", "api.example.com"],
  ["*", "*"],
  ["*.example.com", "*.example.com"],
  ["例子.中国", "xn--fsqu00a.xn--fiqs8s"],
  ["192.168.1.10", "192.168.1.10"],
  ["localhost", "localhost"],
  ["", "required"],
  ["https://api.example.com", "scheme"],
  ["api.example.com/v1", "path"],
  ["api.example.com:8080", "port"],
  ["api example.com", "character"],
  ["api.*.com", "wildcard"],
  ["1.2", "invalid"],
  ["*.10.0.0.1", "invalid"],
  ["-a.example.com", "labels"],
  [`${"a".repeat(64)}.com`, "labels"],
  [`${`${"a".repeat(60)}.`.repeat(5)}com`, "long"],
];

describe("a host name as typed", () => {
  test.each(cases)("%s reads as %s", (typed, expected) => {
    const result = readHostName(typed);
    expect(result.ok ? result.host : result.problem).toBe(expected);
  });

  test.each(cases)("%s is judged as the control plane judges it", (typed) => {
    const here = readHostName(typed);
    const there = normaliseHostName(typed.trim());
    expect(here.ok ? here.host : undefined).toBe(there.ok ? there.host : undefined);
  });
});
