// That what a check calls closed is closed: whatever follows, finds that end before stay, and none begins there.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Readings } from "../../../lib/text-folding/readings.ts";
import type { CheckQuestion, ModerationCheck } from "../check.ts";
import { keywordsFinder } from "./keywords-check.ts";
import { localCheck } from "./local-check.ts";
import { personalDataFinder } from "./personal-data-check.ts";
import { promptAttackFinder } from "./prompt-attack-check.ts";
import { regexFinder } from "./regex-check.ts";
import { personalDataKinds } from "../../../resources/moderation.ts";

const question: CheckQuestion = {
  direction: "response",
  consumer: "c",
  requestId: "r",
  api: "chat",
  signal: new AbortController().signal,
};
const common = { name: "c", on: ["response"], action: "mask" } as const;
const words = {
  ...common,
  type: "keywords",
  keywords: ["bluebird", "red falcon", "ox", "c++", "法轮"],
  wholeWords: true,
} as const;
const data = { ...common, type: "personal-data", kinds: personalDataKinds } as const;
const pattern = {
  ...common,
  type: "regex",
  pattern: String.raw`\b[a-z]{2,9}@[a-z]{2,12}\.com|b-?l-?u.{0,9}d\b|the(?: and)+ `,
} as const;
const attacks = { ...common, type: "prompt-attack" } as const;
const checks: readonly [string, ModerationCheck][] = [
  ["words", localCheck(words, keywordsFinder(words), new Readings())],
  ["personal data", localCheck(data, personalDataFinder(data), new Readings())],
  ["a pattern", localCheck(pattern, regexFinder(pattern, 200), new Readings())],
  ["attacks", localCheck(attacks, promptAttackFinder(attacks), new Readings())],
];

function spans(check: ModerationCheck, text: string): string[] {
  const finds = check.text(text, question);
  if (finds instanceof Promise) throw new Error("a local check answers at once");
  return finds.map(({ start, end }) => `${start}-${end}`);
}

const part = fc.constantFrom(
  "bluebird",
  "b-l-u-e-b-i-r-d",
  "blue",
  "bird",
  "red",
  " falcon",
  "ox",
  "c++",
  "法",
  "轮",
  " ",
  ". ",
  ", ",
  "\n",
  "the ",
  "Ignore ",
  "all previous ",
  "instructions",
  "忽略之前的",
  "指令",
  "and",
  "中文",
  "%62lue",
  "%72ed",
  "%69gnore ",
  "\\u0062",
  "\u200b",
  "é",
  "4111 1111 1111 1111",
  "13812345678",
  "ann@example.com",
  "+44 20 7946 0958",
  "GB82 WEST 1234 5698 7654 32",
  "京A·12345",
  "203.0.113.77",
  "password=",
  "hunter22",
  "2",
  "s",
  "-",
  Buffer.from("see the bluebird").toString("base64"),
  Buffer.from("bluebird").toString("hex"),
  "62 6c 75 65 62 69 72 64 73 20 21 21 ",
);

describe.each(checks)("%s:", (_name, check) => {
  test("what is closed stays as it is, wherever a text is cut", () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 9 }), fc.nat(), (parts, seed) => {
        const text = parts.join("");
        const cut = seed % (text.length + 1);
        const begin = text.slice(0, cut);
        const firm = cut - (check.open?.(begin) ?? check.reach);
        const ends = (span: string): number => Number(span.split("-")[1]);
        const starts = (span: string): number => Number(span.split("-")[0]);
        const whole = spans(check, text);
        const early = spans(check, begin);
        const clear = Math.min(firm, ...early.filter((span) => ends(span) > firm).map(starts));
        expect(early.filter((span) => ends(span) <= clear)).toEqual(
          whole.filter((span) => ends(span) <= clear),
        );
        expect(whole.filter((span) => starts(span) < clear && ends(span) > clear)).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
  });

  test("prose waits for little more than a word", () => {
    const prose =
      "The committee met on Tuesday to look at the plans, and asked what it would cost to heat the hall. ";
    for (let end = 1; end < prose.length; end += 1)
      expect(check.open?.(prose.slice(0, end)) ?? check.reach).toBeLessThan(24);
  });
});
