import { expect, test } from "vitest";
import { createTranslate } from "../../i18n/messages.ts";
import { panelMessages } from "./panel-messages.ts";
import { warningWords } from "./warning-words.ts";

const t = createTranslate(panelMessages, "en");
const zh = createTranslate(panelMessages, "zh");

test.each<[string, string, string]>([
  ["dropped", "dropped", "Left out: the service has no way to say it."],
  ["clamped", "clamped", "Sent with the nearest value that is allowed."],
  ["rewritten", "rewritten", "Said in another way, which the service understands."],
  ["not-compared", "not compared", "The cache could not look for questions that mean the same."],
  ["something newer", "something newer", "—"],
  ["toString", "toString", "—"],
])("a field that was %s", (action, word, sentence) => {
  expect(warningWords(t, action)).toEqual({ word, sentence });
});

test("in Chinese too", () => {
  expect(warningWords(zh, "rewritten")).toEqual({
    word: "已改写",
    sentence: "换成该服务能理解的方式表达。",
  });
});
