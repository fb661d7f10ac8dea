// Rules as sentences in both languages.
import { expect, it } from "vitest";
import { createTranslate } from "../../i18n/messages.ts";
import type { AlertRule } from "./alert-draft.ts";
import { alertMessages } from "./alert-messages.ts";
import { ruleSentence } from "./alert-words.ts";

const rate: AlertRule = {
  metric: "fallback_rate",
  filter: { api: "chat", stream: "true" },
  op: ">",
  threshold: 0.05,
  forSeconds: 300,
};

it.each([
  ["a share", rate, "Fallback rate of Model API chat, Stream true > 5.00 % for 5 min"],
  [
    "a sum",
    { ...rate, metric: "cost_usd", filter: {}, op: ">=", threshold: 20, forSeconds: 3_600 },
    "Cost ≥ $ 20.00 within 60 min",
  ],
  [
    "a duration at once",
    { ...rate, metric: "ttft_p95", filter: {}, op: "<", threshold: 1_500, forSeconds: 0 },
    "Time to first token p95 < 1.50 s within 1 min",
  ],
] satisfies [string, AlertRule, string][])("%s", (_name, rule, sentence) => {
  expect(ruleSentence(rule, createTranslate(alertMessages, "en"))).toBe(sentence);
});

it("in Chinese", () => {
  expect(ruleSentence(rate, createTranslate(alertMessages, "zh"))).toBe(
    "模型 API chat, 流式 true 的回退率 > 5.00 %，持续 5 分钟",
  );
});
