import { expect, test } from "vitest";
import { createTranslate } from "../../../i18n/messages.ts";
import { limitMessages } from "./limit-messages.ts";
import { limitSentence } from "./limit-words.ts";
import { changedLimit } from "./limits-body.tsx";
import type { LimitDraft } from "./policy-draft.ts";

type Limit = LimitDraft["limit"];

const plain: Limit = {
  name: "a",
  by: "consumer",
  match: { type: "any" },
  metric: "tokens",
  limit: 100_000,
  window: "minute",
  dryRun: false,
};

test.each<[string, Partial<Limit>, string, string]>([
  [
    "tokens of each consumer",
    {},
    "Each consumer may use 100,000 tokens a minute.",
    "每个消费者每分钟最多使用 100,000 个 Token。",
  ],
  [
    "one request",
    { metric: "requests", limit: 1, window: "day", by: "ip" },
    "Each address may send 1 request a day.",
    "每个来源地址每天最多发送 1 个请求。",
  ],
  [
    "what runs at once",
    { metric: "concurrency", limit: 20, by: "api" },
    "All callers together may have 20 requests running at once.",
    "所有调用方合计最多同时运行 20 个请求。",
  ],
  [
    "some values of a header",
    { by: "header", key: "x-plan", match: { type: "prefix", value: "trial" } },
    "Each value of header x-plan that starts with trial may use 100,000 tokens a minute.",
    "请求头 x-plan 的每个值（以 trial 开头）每分钟最多使用 100,000 个 Token。",
  ],
  [
    "one that only counts",
    { dryRun: true },
    "Each consumer may use 100,000 tokens a minute. Only recorded, nothing is refused.",
    "每个消费者每分钟最多使用 100,000 个 Token。仅记录，不拒绝。",
  ],
  ["one without a number", { limit: undefined }, "Say how much it allows.", "请填写上限。"],
])("%s", (_name, change, en, zh) => {
  const limit = { ...plain, ...change };
  expect(limitSentence(limit, createTranslate(limitMessages, "en"))).toBe(en);
  expect(limitSentence(limit, createTranslate(limitMessages, "zh"))).toBe(zh);
});

test("what a limit counts decides which fields it has", () => {
  const byHeader = changedLimit(plain, { by: "header" });
  expect(byHeader.key).toBe("");
  expect("key" in changedLimit({ ...byHeader, key: "x-plan" }, { by: "ip" })).toBe(false);
  const atOnce = changedLimit(plain, { metric: "concurrency" });
  expect("window" in atOnce).toBe(false);
  expect(changedLimit(atOnce, { metric: "tokens" }).window).toBe("minute");
});
