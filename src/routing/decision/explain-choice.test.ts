import { describe, expect, test } from "vitest";
import { modalities } from "../../core/known-model.ts";
import type { ModelEvidence, RoutingRecord } from "../../core/routing-record.ts";
import { chooseModel } from "./choose-model.ts";
import { testEvidence, testModel } from "./decision-fixture.ts";
import { excludedWords, explainChoice, nothingFits } from "./explain-choice.ts";
import { filterReasons } from "./filter-reasons.ts";
import { reproduce } from "./reproduce.ts";

const flash = testModel("flash", { declared: 0.71, costUsd: 0.000_41, latencyMs: 412.6 });
const large = testModel("large", { declared: 0.75, costUsd: 0.02, latencyMs: 1_200 });
const blind = testModel("blind", { excluded: "takes-no-image" });
const evidence = testEvidence([large, flash, blind], {
  defaultModel: "large",
  prompt: {
    domains: [
      { name: "code", probability: 0.812 },
      { name: "data", probability: 0.1 },
    ],
    complexity: 0.05,
  },
});

describe("a choice in sentences", () => {
  test("tells what was chosen, what the prompt is like and what speaks for each model", () => {
    expect(explainChoice(evidence)).toEqual({
      summary: "flash was chosen: it has the highest utility by profile balanced, 0.1109 above the next.",
      prompt:
        "Domain code (code 0.812, data 0.1); language en; complexity 0.05; likeness to labelled prompts 0",
      models: [
        "flash: quality 0.71, costs $0.00041, first data after 413 ms, utility 0.7049",
        "blind: left out, takes no images",
        "large: quality 0.75, costs $0.02, first data after 1200 ms, utility 0.594",
      ],
    });
  });

  test.each<readonly [string, Parameters<typeof testEvidence>[1], string]>([
    ["named", { named: "large" }, "large was chosen: the client named it."],
    ["by a rule", { rule: { name: "gold", model: "large" } }, "large was chosen: rule gold says so."],
    [
      "of a conversation",
      { previous: "flash", defaultModel: "large" },
      "flash was chosen: the conversation had it",
    ],
    [
      "of a loop of tools",
      { previous: "large", inToolLoop: true },
      "large was chosen: it goes on with the loop of tools",
    ],
    [
      "explored",
      { draw: { random: 0, share: 0.02 }, defaultModel: "large" },
      "large was chosen: it is the second best",
    ],
  ])("%s", (_, fields, beginning) => {
    expect(explainChoice(testEvidence([flash, large], fields)).summary).toContain(beginning);
  });

  test("tells labels, and why a model was not compared", () => {
    const learnt = { near: 0.5, mean: 0.5, count: 120 };
    const { models } = explainChoice(
      testEvidence([large, testModel("bad", { declared: 0.7, learnt })], {
        defaultModel: "large",
        prompt: { domains: [{ name: "code", probability: 1 }], familiarity: 1 },
      }),
    );
    expect(models.find((sentence) => sentence.startsWith("bad"))).toMatch(
      /^bad: quality 0\.5, declared 0\.7 and 120 labels, .*; passed over, is expected to be too much worse than the default$/u,
    );
  });

  test.each([
    [[], "Domain general; "],
    [[{ name: "code", probability: 0.5 }], "Domain general (code 0.5); "],
    [[{ name: "code", probability: 1 }], "Domain code, as a rule says; "],
  ])("%j is: %s", (domains, beginning) => {
    const source = domains[0]?.probability === 1 ? "rule" : "engine";
    expect(explainChoice(testEvidence([flash], { prompt: { domains, source } })).prompt).toContain(beginning);
  });
});

describe("where nothing fits", () => {
  const all = (...words: string[]): ModelEvidence[] =>
    words.map((excluded, index) => testModel(`m${index}`, { excluded }));

  test.each([
    ["for one reason", all("takes-no-image", "takes-no-image"), "no model of this API takes images", true],
    [
      "through no fault of the client",
      all("price-ceiling"),
      "every model of this API costs more than its price ceiling",
      false,
    ],
    [
      "for several reasons",
      all("no-tools", "takes-no-image"),
      "no model of this API can answer: m0 calls no tools, m1 takes no images",
      true,
    ],
    [
      "for reasons of which one is an estimate",
      all("no-tools", "context-window"),
      "no model of this API can answer: m0 calls no tools, m1 has too small a context window",
      false,
    ],
    [
      "for reasons of which one is ours",
      all("no-tools", "unreachable"),
      "no model of this API can answer: m0 calls no tools, m1 has no service that can be sent to",
      false,
    ],
  ])("%s", (_, models, words, refuses) => {
    expect(nothingFits({ models })).toEqual({ words, refuses });
    const { summary } = explainChoice(testEvidence(models));
    expect(summary).toBe(`m0 was chosen: ${words}, so it is tried all the same.`);
  });

  test("and nothing may be used", () => {
    const { summary } = explainChoice(testEvidence(all("not-permitted")));
    expect(summary).toBe("Nothing was chosen: the consumer may use no model of this API.");
  });

  test("something does", () => {
    expect(nothingFits({ models: all("", "no-tools") })).toBeUndefined();
  });
});

test("every word for what speaks against a model has its sentences", () => {
  const words = Object.keys(filterReasons);
  expect(words).toEqual(expect.arrayContaining(modalities.map((modality) => `takes-no-${modality}`)));
  for (const word of [...words, "quality-drop", "not-preferred"]) {
    expect(excludedWords(word)).not.toBe(word);
    expect(excludedWords(word)).not.toBe("");
  }
});

describe("a record", () => {
  const { model, reason, margin, propensity } = chooseModel(evidence);
  const record: Pick<RoutingRecord, "evidence" | "choice"> = {
    evidence,
    choice: { model, reason, margin, propensity },
  };

  test("gives its choice again", () => {
    expect(reproduce(record)).toMatchObject({ same: true, differences: [] });
  });

  test("that says something else is told apart, field by field", () => {
    const changed = { ...record, choice: { ...record.choice, model: "large", margin: 0.2 } };
    const { same, differences } = reproduce(changed);
    expect(same).toBe(false);
    expect(differences).toEqual([
      { field: "model", recorded: "large", now: "flash" },
      { field: "margin", recorded: 0.2, now: margin },
    ]);
  });
});
