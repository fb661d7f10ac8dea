import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { advisedPauseMs, durationMs } from "./duration-text.ts";

describe("durationMs", () => {
  test.each([
    ["20ms", 20],
    ["1s", 1_000],
    ["34.074824224s", 34_075],
    ["6m0s", 360_000],
    ["2m59.56s", 179_560],
    ["1h2m3s", 3_723_000],
    ["1d", 86_400_000],
    ["1.5 seconds", 1_500],
    ["250 milliseconds", 250],
    ["1 minute", 60_000],
    ["8 hours 24 minutes", 30_240_000],
    ["1 hour, 2 minutes and 3 secs", 3_723_000],
    ["5 MINS", 300_000],
  ])("reads %s", (text, expected) => {
    expect(durationMs(text)).toBe(expected);
  });

  test.each(["", "20", "s", "-5s", "0s", "0m0s", "1e3s", "5 parsecs", "5sx", "soon", "1s tomorrow", "1 2s"])(
    "makes nothing of %j",
    (text) => {
      expect(durationMs(text)).toBeUndefined();
    },
  );
});

describe("advisedPauseMs", () => {
  // As services write them: OpenAI, Groq, Azure OpenAI, Gemini, GitHub Copilot.
  test.each([
    [
      "Rate limit reached for m on requests per min. Limit: 3 / min. Please try again in 20s. Contact us.",
      20_000,
    ],
    ["Limit 300000, Used 286751, Requested 16144. Please try again in 579ms. Visit https://x.test", 579],
    ["Limit 1500000, Used 1484072, Requested 16144. Please try again in 1m9.696s. Visit", 69_696],
    ["have exceeded call rate limit of your current S0 pricing tier. Please retry after 6 seconds.", 6_000],
    ["Please retry after 1 second.", 1_000],
    ["Rate limit is exceeded. Try again in 30 seconds.", 30_000],
    ["* Quota exceeded for metric: x, limit: 15\nPlease retry in 58.934310785s.", 58_935],
    ["Sorry, your request was rate-limited. Please wait 17 seconds before trying again.", 17_000],
    ["Please wait 8 hours 24 minutes and try again", 30_240_000],
    ["TRY AGAIN IN 1.2 SECONDS", 1_200],
  ])("reads %s", (sentence, expected) => {
    expect(advisedPauseMs(sentence)).toBe(expected);
  });

  test.each([
    ["no time", "Please try again later."],
    ["a number without a unit", "Please retry after 5."],
    ["a time that is none to wait", "You used 20s of your 60s."],
    ["another word that ends so", "We await 5s."],
    ["a pause of nothing", "Please try again in 0s."],
  ])("makes nothing of %s", (_, sentence) => {
    expect(advisedPauseMs(sentence)).toBeUndefined();
  });
});

test("a number of days that no counter holds is a long time", () => {
  expect(durationMs("999999999d 999999999d")).toBe(1e12);
});

test("whatever the text, the answer is nothing or a positive whole number", () => {
  const pieces = fc.constantFrom(
    "try again in ",
    "retry ",
    "wait ",
    "9",
    "999999999",
    ".",
    " ",
    "ms",
    "s",
    "m",
    "h",
    "d",
    "and ",
    "-",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (list) => {
      const text = list.join("");
      for (const found of [durationMs(text), advisedPauseMs(text)]) {
        if (found !== undefined) expect(Number.isSafeInteger(found) && found > 0).toBe(true);
      }
    }),
  );
});
