import { describe, expect, test } from "vitest";
import type { ModelEvidence } from "../../core/routing-record.ts";
import { testModel } from "./decision-fixture.ts";
import { expectedQualities } from "./quality.ts";

function qualityOf(models: readonly ModelEvidence[], familiarity: number, model = "a"): number {
  return expectedQualities(models, familiarity).get(model)?.quality ?? Number.NaN;
}

const learnt = (near: number, mean: number, count: number) => ({ learnt: { near, mean, count } });

describe("expected quality", () => {
  test.each<readonly [string, readonly ModelEvidence[], number, number]>([
    ["without labels what is declared", [testModel("a", { declared: 0.62 })], 1, 0.62],
    [
      "of a familiar prompt 70 % near labels and 30 % all",
      [testModel("a", { declared: 0.5, ...learnt(0.9, 0.6, 1_000) })],
      1,
      0.7 * 0.9 + 0.3 * 0.6,
    ],
    [
      "of a prompt that is like nothing: ten labels weigh as much as what is declared",
      [testModel("a", { declared: 0.5, ...learnt(0.9, 0.7, 10) })],
      0,
      0.6,
    ],
    [
      "of a prompt that is like nothing, with many labels: how good the model was in all",
      [testModel("a", { declared: 0.5, ...learnt(0.9, 0.7, 1_000_000) })],
      0,
      0.7,
    ],
    [
      "between the two in proportion",
      [testModel("a", { declared: 0.5, ...learnt(0.9, 0.7, 1_000_000) })],
      0.5,
      0.5 * (0.7 * 0.9 + 0.3 * 0.7) + 0.5 * 0.7,
    ],
    [
      "keeps what a model is worth in a domain beside what labels say in general",
      [testModel("a", { declared: 0.8, general: 0.6, ...learnt(0.5, 0.5, 1_000_000) })],
      0,
      0.7,
    ],
    [
      "never leaves 0 to 1",
      [testModel("a", { declared: 1, general: 0.3, ...learnt(1, 1, 1_000_000) })],
      0,
      1,
    ],
    ["does not count labels without weight", [testModel("a", { declared: 0.5, ...learnt(1, 1, 0) })], 1, 0.5],
  ])("%s", (_, models, familiarity, expected) => {
    expect(qualityOf(models, familiarity)).toBeCloseTo(expected, 4);
  });

  test("a model without labels is put on the scale of labels, so that it neither wins nor loses by that", () => {
    const labelled = ["a", "b", "c", "d"].map((name) =>
      testModel(name, { declared: 0.6, ...learnt(0.9, 0.9, 1_000) }),
    );
    const models = [...labelled, testModel("newer", { declared: 0.65 })];
    // Three quarters of the .3 between the scales.
    expect(qualityOf(models, 1, "newer")).toBeCloseTo(0.65 + 0.225, 2);
  });

  test("a single model with bad labels draws no other down", () => {
    const models = [testModel("bad", { declared: 0.7, ...learnt(0.1, 0.1, 1_000) }), testModel("other")];
    expect(qualityOf(models, 0, "other")).toBe(0.7);
    expect(qualityOf(models, 0, "bad")).toBeLessThan(0.15);
  });

  test("a better label never makes a model worse", () => {
    const worth = (mean: number) => qualityOf([testModel("a", learnt(mean, mean, 40)), testModel("b")], 0.4);
    expect(worth(0.5)).toBeGreaterThan(worth(0.2));
    expect(worth(0.8)).toBeGreaterThan(worth(0.5));
  });
});
