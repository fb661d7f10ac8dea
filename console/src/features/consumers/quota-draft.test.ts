import { describe, expect, test } from "vitest";
import {
  draftOf,
  newDraft,
  problemsOf,
  quotaOf,
  toggledShare,
  withQuota,
  type QuotaDraft,
} from "./quota-draft.ts";

const stored = {
  name: "monthly",
  enabled: true,
  metric: "cost" as const,
  limit: 20.5,
  period: { days: 30, from: "2026-03-10" },
  timeZone: "Asia/Shanghai",
  dryRun: true,
  warnAt: [0.07, 0.8],
  notify: [{ webhook: "https://hooks.example.com/q", secret: undefined }],
};

describe("a draft", () => {
  test("of what is stored is written as it was", () => {
    expect(quotaOf(draftOf(stored))).toEqual({
      ...stored,
      notify: [{ webhook: "https://hooks.example.com/q" }],
    });
  });

  test("keeps a masked secret until another one is typed", () => {
    const masked = { set: true, hint: null };
    const hook = { id: 0, webhook: "https://a.example", kept: masked as never, secret: "" };
    const draft = { ...newDraft("a"), notify: [hook] };
    expect(quotaOf(draft)).toMatchObject({ notify: [{ secret: masked }] });
    expect(quotaOf({ ...draft, notify: [{ ...hook, secret: "typed" }] })).toMatchObject({
      notify: [{ secret: "typed" }],
    });
  });

  test.each<[string, Partial<QuotaDraft>, string[]]>([
    ["as it begins", {}, []],
    ["without a name", { name: "" }, ["name"]],
    ["with the name of another", { name: "weekly" }, ["taken"]],
    ["without a limit", { limit: "" }, ["limit"]],
    ["with a limit of nothing, which refuses everything", { limit: 0 }, []],
    ["of no days", { period: "days", days: "" }, ["days"]],
    ["of too many days", { period: "days", days: 3651 }, ["days"]],
    ["of days that count from no day", { period: "days", from: "" }, ["from"]],
    ["of a month, whatever its days say", { period: "month", days: "" }, []],
    [
      "with a webhook that is no address",
      { notify: [{ id: 3, webhook: "ftp://a", kept: undefined, secret: "" }] },
      ["webhook3"],
    ],
  ])("%s has its problems named", (_name, values, problems) => {
    expect([...problemsOf({ ...newDraft("monthly"), ...values }, ["weekly"])]).toEqual(problems);
  });
});

test("shares stand lowest first, and a second press takes one away", () => {
  expect(toggledShare([80], 50)).toEqual([50, 80]);
  expect(toggledShare([50, 80], 80)).toEqual([50]);
});

test("a quota takes the place of the one it was, a new one stands last", () => {
  const quotas = [{ name: "a" }, { name: "b" }];
  expect(withQuota(quotas, "a", { name: "c" })).toEqual([{ name: "c" }, { name: "b" }]);
  expect(withQuota(quotas, undefined, { name: "c" })).toEqual([...quotas, { name: "c" }]);
});
