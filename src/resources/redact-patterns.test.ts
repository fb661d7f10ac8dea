// Patterns of what is masked in recorded content: which may be saved, and what is said of the others.
import { expect, test } from "vitest";
import { parseResource } from "./registry.ts";

const api = {
  name: "chat",
  useCase: "text-generation",
  protocols: ["openai"],
  modelService: { mode: "single", target: { service: "a" } },
};
const parsed = (redact: object) => parseResource("model-apis", { ...api, monitoring: { redact } });

test.each([
  ["none", []],
  ["sixteen", Array.from({ length: 16 }, (_, index) => `a${index}`)],
  ["what would make JavaScript's matcher explode", ["(a+)+b", "(x|x)*y"]],
  ["either case, edges and classes", [String.raw`(?i)\border[ -]?\d{4,}\b`]],
])("%s may be saved", (_name, patterns) => {
  expect(parsed({ patterns }).ok).toBe(true);
});

test.each([
  ["a back-reference", [String.raw`(a)\1`], "0", /not a pattern that can be used: `\\1` is not known/],
  ["looking ahead", ["a", "a(?=b)"], "1", /not a pattern that can be used: of groups/],
  ["a match of nothing", ["a*"], "0", /nothing stands/],
  ["one that is too large", ["(a{100}){100}"], "0", /too long, repetitions counted/],
  ["one that is too long", ["a".repeat(257)], "0", /256/],
  ["seventeen", Array.from({ length: 17 }, () => "a"), "", /16/],
])("%s is refused by its place", (_name, patterns, index, message) => {
  const path = `monitoring.redact.patterns${index === "" ? "" : `[${index}]`}`;
  expect(parsed({ patterns })).toMatchObject({
    ok: false,
    issues: [{ path, message: expect.stringMatching(message) }],
  });
});

test("more than a mebibyte of each body is not recorded", () => {
  const result = parseResource("model-apis", { ...api, monitoring: { recordMaxBytes: 1_048_577 } });
  expect(result).toMatchObject({ ok: false, issues: [{ path: "monitoring.recordMaxBytes" }] });
});
