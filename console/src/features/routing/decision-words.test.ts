import { expect, test } from "vitest";
import { comparisonReasons } from "../../../../src/routing/decision/choose-model.ts";
import { filterReasons } from "../../../../src/routing/decision/filter-reasons.ts";
import { builtInDomains as told } from "../../../../src/routing/domains/built-in/built-in-domains.ts";
import { createTranslate } from "../../i18n/messages.ts";
import { decisionMessages } from "./decision-messages.ts";
import { comparedSentences, excludedText, modelRows, type Decided } from "./decision-words.ts";
import { builtInDomains, domainLabel, domainMessages } from "./domain-words.ts";

const t = createTranslate(decisionMessages, "zh");

test.each([...Object.keys(filterReasons), ...Object.keys(comparisonReasons)])(
  "why a model was left out is told in words: %s",
  (word) => {
    expect(excludedText(word, t)).toMatch(/\p{Script=Han}/u);
  },
);

test("what is said of models that were not compared is known by its sentence", () => {
  expect(comparedSentences).toEqual(
    Object.fromEntries(Object.entries(comparisonReasons).map(([word, sentence]) => [sentence, word])),
  );
});

test("a reason of a newer gateway stands as it is", () => {
  expect(excludedText("too-lazy", t)).toBe("too-lazy");
});

test("the built-in domains are those that the gateway tells apart, in its words", () => {
  for (const language of ["en", "zh"] as const) {
    const words = createTranslate(domainMessages, language);
    expect(builtInDomains.map((name) => [name, words(name), words(`${name}-about`)])).toEqual(
      told.map(({ name, label, description }) => [name, label[language], description[language]]),
    );
  }
  expect(domainLabel("my-own", createTranslate(domainMessages, "en"))).toBe("my-own");
});

const models = [
  { model: "blind", excluded: "takes-no-image", declared: 0.9, general: 0.9, costUsd: 0.02, latencyMs: 900 },
  { model: "large", excluded: "", declared: 0.8, general: 0.8, costUsd: 0.02, latencyMs: 900 },
  { model: "tiny", excluded: "", declared: 0.3, general: 0.3, costUsd: 0.001, latencyMs: 200 },
  { model: "small", excluded: "", declared: 0.7, general: 0.7, costUsd: 0.002, latencyMs: 300 },
];
const decided: Decided = {
  candidates: [
    { service: "a", model: "large", reason: "", quality: 0.8, utility: 0.66 },
    { service: "b", model: "small", reason: "", quality: 0.7, utility: 0.68 },
    { service: "b", model: "tiny", reason: comparisonReasons["quality-drop"], quality: 0.3, utility: 0.29 },
  ],
  routing: {
    router: "1.0.0",
    evidence: {
      profile: "balanced",
      costWeight: 0.15,
      latencyWeight: 0.05,
      maxQualityDrop: 0.06,
      prompt: { language: "en", complexity: 0.2, domains: [], source: "engine", familiarity: 0 },
      models,
      defaultModel: "large",
      preferred: [],
      inToolLoop: false,
    },
    choice: { model: "small", reason: "best", margin: 0.02, propensity: 1 },
  },
};

test("the chosen model comes first, then the better ones, then those that were left out", () => {
  expect(modelRows(decided).map(({ model, excluded }) => [model, excluded])).toEqual([
    ["small", ""],
    ["large", ""],
    ["tiny", "quality-drop"],
    ["blind", "takes-no-image"],
  ]);
});
