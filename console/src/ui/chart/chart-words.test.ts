// What charts say to those who do not see them, in both languages.
import { describe, expect, it } from "vitest";
import { createTranslate, type Language } from "../../i18n/messages.ts";
import { chartMessages } from "./chart-messages.ts";
import { chartSentence, columnWords, stepWord, type WordsContext } from "./chart-words.ts";
import type { ChartPicture } from "./picture.ts";

const context = (language: Language): WordsContext => ({
  t: createTranslate(chartMessages, language),
  language,
  isUtc: true,
});

const noon = Date.UTC(2026, 10, 22, 12);
const picture: ChartPicture = {
  kind: "lines",
  unit: "ms",
  startMs: noon,
  stepMs: 60_000,
  columns: 3,
  series: [
    { key: "p50", name: "p50", colour: "c1", values: [300, null, 410] },
    { key: "p99", name: "p99", colour: "c3", values: [1_400, null, 1_400] },
  ],
};

describe("a chart", () => {
  it.each([
    ["en", "TTFT, 12:00 to 12:03. p50 300 ms to 410 ms, p99 1.40 s."],
    ["zh", "TTFT，12:00 至 12:03。p50 300 ms 至 410 ms，p99 1.40 s。"],
  ] as const)("is told in %s", (language, text) => {
    expect(chartSentence("TTFT", picture, context(language))).toBe(text);
  });

  it("says when nothing was measured", () => {
    expect(chartSentence("TTFT", { ...picture, series: [] }, context("en"))).toContain("nothing measured");
  });

  it("reads a column, gaps too", () => {
    expect(columnWords(picture, noon + 61_000, context("en"))).toBe("12:01: p50 —, p99 —");
    expect(columnWords(picture, noon + 200_000, context("en"))).toBe("");
  });

  it("reads a heat map by where most are", () => {
    const heat = [
      { upperMs: 100, values: [1, 0, 2] },
      { upperMs: 200, values: [2, 0, 0] },
    ];
    expect(chartSentence("Heat", { ...picture, heat }, context("en"))).toContain(
      "5 in total, most at 100 ms",
    );
    expect(columnWords({ ...picture, heat }, noon, context("en"))).toBe("12:00: 3, most at 200 ms");
  });
});

it.each([
  [30_000, "30 s"],
  [300_000, "5 min"],
  [7_200_000, "2 h"],
  [86_400_000, "1 d"],
])("a column of %i ms is %s long", (ms, text) => {
  expect(stepWord(ms, context("en").t)).toBe(text);
});
