import { describe, expect, test } from "vitest";
import type { ModerationFinding } from "../../core/exchange-record.ts";
import { CheckFailed, type Find, type ModerationCheck, type Risk } from "./check.ts";
import { judgeFind, maskOf, type Level, type ModerationPolicy, type PolicyRule } from "./policy.ts";
import { testText } from "./test-text.ts";

const policy: ModerationPolicy = {
  dryRun: false,
  request: true,
  response: true,
  images: false,
  onError: "block",
  windowCharacters: 200,
  checks: [],
  rules: [],
};
const find: Find = { dimension: "sensitive-data", risk: "high", label: "email", start: 3, end: 6 };
const check = { name: "c", action: "block" } as const;
const rule = (level: Level, more: Partial<PolicyRule> = {}): PolicyRule => ({
  consumer: () => true,
  dimension: "any",
  level,
  ...more,
});

describe("what follows a find", () => {
  test.each<[Level, Risk, "block" | "observe"]>([
    ["low", "high", "block"],
    ["low", "medium", "observe"],
    ["low", "low", "observe"],
    ["medium", "high", "block"],
    ["medium", "medium", "block"],
    ["medium", "low", "observe"],
    ["high", "high", "block"],
    ["high", "medium", "block"],
    ["high", "low", "block"],
    ["observe", "high", "observe"],
  ])("level %s, risk %s: %s", (level, risk, action) => {
    const judged = judgeFind({ ...policy, rules: [rule(level)] }, "a", check, { ...find, risk });
    expect(judged).toMatchObject({ action, rule: 0 });
  });

  test("without a rule it is level low", () => {
    expect(judgeFind(policy, "a", check, find)).toMatchObject({ action: "block", rule: -1 });
    expect(judgeFind(policy, "a", check, { ...find, risk: "medium" })).toMatchObject({ action: "observe" });
  });

  test("the first rule that fits consumer and dimension decides", () => {
    const rules = [
      rule("observe", { consumer: (name) => name === "b" }),
      rule("observe", { dimension: "malicious-url" }),
      rule("high"),
    ];
    expect(judgeFind({ ...policy, rules }, "a", check, find)).toMatchObject({ action: "block", rule: 2 });
    expect(judgeFind({ ...policy, rules }, "b", check, find)).toMatchObject({ action: "observe", rule: 0 });
  });

  test("a check that masks masks what would be blocked, and a dry run does neither", () => {
    const masking = { ...check, action: "mask" } as const;
    expect(judgeFind(policy, "a", masking, find)).toMatchObject({ action: "mask" });
    expect(judgeFind({ ...policy, dryRun: true }, "a", masking, find)).toMatchObject({ action: "observe" });
  });

  test("a mask holds nothing but a safe label", () => {
    expect(maskOf({ label: 'e"m\\ail\n' })).toBe("[e-m-ail-]");
    expect(maskOf({ label: "" })).toBe("[removed]");
  });
});

describe("a text that is tried", () => {
  const finder = (name: string, more: Partial<ModerationCheck> = {}): ModerationCheck => ({
    name,
    on: ["request"],
    action: "block",
    reach: 3,
    remote: false,
    text: (text) =>
      text.includes("abc") ? [{ ...find, start: text.indexOf("abc"), end: text.indexOf("abc") + 3 }] : [],
    ...more,
  });
  const question = { direction: "request", consumer: "", requestId: "r", api: "chat" } as const;
  const tried = (checks: readonly ModerationCheck[], text: string, more: Partial<ModerationPolicy> = {}) =>
    testText({ ...policy, ...more, checks }, question, { text, left: new AbortController().signal });

  test("passes with nothing found", async () => {
    expect(await tried([finder("c")], "xyz")).toEqual({
      verdict: "pass",
      findings: [],
      errors: [],
      masked: "xyz",
    });
  });

  test("is blocked, with place and rule", async () => {
    const { verdict, findings, masked } = await tried([finder("c")], "xyabc", { rules: [rule("high")] });
    expect([verdict, masked]).toEqual(["block", null]);
    expect(findings).toEqual([
      {
        check: "c",
        dimension: "sensitive-data",
        risk: "high",
        label: "email",
        action: "block",
        start: 2,
        end: 5,
        rule: 0,
      },
    ]);
  });

  test("is shown as it would go on", async () => {
    expect(await tried([finder("c", { action: "mask" })], "xyabcz")).toMatchObject({
      verdict: "mask",
      masked: "xy[email]z",
    });
  });

  test.each<["block" | "pass", string]>([
    ["block", "block"],
    ["pass", "pass"],
  ])("with a check that fails follows onError %s", async (onError, verdict) => {
    const failing = finder("far", {
      remote: true,
      text: () => Promise.reject(new CheckFailed("timeout")),
    });
    expect(await tried([failing], "xyz", { onError })).toMatchObject({
      verdict,
      errors: [{ check: "far", reason: "timeout" }],
    });
  });

  test("is not judged in a direction that is not checked", async () => {
    expect(await tried([finder("c")], "abc", { request: false })).toMatchObject({ verdict: "pass" });
  });

  test("counts the same find once with its number", async () => {
    const findings: ModerationFinding[] = [];
    const { Judge } = await import("./judge.ts");
    const judge = new Judge({ ...policy, checks: [finder("c")] }, question, { moderation: findings });
    for (const each of [...judge.local("abc"), ...judge.local("abc")]) judge.note(each);
    expect(findings).toMatchObject([{ check: "c", count: 2 }]);
  });
});
