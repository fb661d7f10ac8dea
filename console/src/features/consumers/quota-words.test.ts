import { describe, expect, test } from "vitest";
import { createTranslate } from "../../i18n/messages.ts";
import { quotaMessages } from "./quota-messages.ts";
import {
  amountText,
  attentionSentence,
  periodText,
  quotaPhase,
  reservedShare,
  usedShare,
  zonedTime,
} from "./quota-words.ts";

const t = createTranslate(quotaMessages, "en");

test.each([
  ["nothing", { used: 0, reserved: 0, limit: 10 }, [0, 0]],
  ["a part", { used: 5, reserved: 2, limit: 10 }, [0.5, 0.2]],
  [
    "more than all, as an answer may be longer than was reserved",
    { used: 12, reserved: 2, limit: 10 },
    [1, 0],
  ],
  ["a reservation that goes beyond the limit", { used: 9, reserved: 5, limit: 10 }, [0.9, 0.1]],
  ["of a limit of nothing", { used: 0, reserved: 3, limit: 0 }, [1, 0]],
])("the bar of %s", (_name, quota, [used, reserved]) => {
  expect(usedShare(quota)).toBe(used);
  expect(reservedShare(quota)).toBeCloseTo(reserved ?? 0);
});

test("a reset is told by the clocks of the quota's zone", () => {
  expect(zonedTime("2026-11-30T16:00:00.000Z", "Asia/Shanghai", "en")).toBe("1 Dec 00:00");
  expect(zonedTime("2026-11-30T16:00:00.000Z", "UTC", "en")).toBe("30 Nov 16:00");
  expect(zonedTime("2026-11-30T16:00:00.000Z", "Asia/Shanghai", "zh")).toBe("12 月 1 日 00:00");
});

test("amounts have their unit's form", () => {
  expect(amountText("tokens", 1234.4)).toBe("1,234");
  expect(amountText("cost", 20)).toBe("$ 20.00");
  expect(amountText("cost", 5.1)).toBe("$ 5.10");
  expect(amountText("cost", 0.00412)).toBe("$ 0.0041");
});

test("only a quota that refuses is struck out", () => {
  expect(quotaPhase({ state: "exhausted", dryRun: false })).toBe("struck");
  expect(quotaPhase({ state: "exhausted", dryRun: true })).toBe("half");
});

test("periods", () => {
  expect(periodText("month", t)).toBe("per month");
  expect(periodText({ days: 1, from: "2026-01-01" }, t)).toBe("every 1 day");
});

describe("what needs attention", () => {
  const quota = {
    name: "monthly",
    metric: "tokens" as const,
    used: 900,
    reserved: 0,
    limit: 1000,
    period: "month" as const,
    timeZone: "UTC",
    dryRun: false,
    startsAt: "2026-11-01T00:00:00.000Z",
    resetsAt: "2026-12-01T00:00:00.000Z",
    state: "warned" as const,
  };
  test.each([
    ["near its end", quota, "Quota monthly is near its end: 900 of 1,000. Resets 1 Dec 00:00 UTC."],
    [
      "used up",
      { ...quota, state: "exhausted" as const },
      "Quota monthly is used up: 1,000. Requests get 429 until 1 Dec 00:00 UTC.",
    ],
    [
      "used up in a dry run",
      { ...quota, state: "exhausted" as const, dryRun: true },
      "Quota monthly is used up: 1,000. Dry run: nothing is refused. Resets 1 Dec 00:00 UTC.",
    ],
  ])("%s", (_name, each, sentence) => {
    expect(attentionSentence(each, t, "en")).toBe(sentence);
  });
});
