import { describe, expect, test } from "vitest";
import type { Choice, ChoiceEvidence, ModelEvidence } from "../../core/routing-record.ts";
import { chooseModel } from "./choose-model.ts";
import { testEvidence, testModel } from "./decision-fixture.ts";

const small = testModel("small", { declared: 0.7, costUsd: 0.0001 });
const large = testModel("large", { declared: 0.74, costUsd: 0.01 });
const sure = (name: string) => ({ prompt: { domains: [{ name, probability: 0.9 }] } });

type Row = readonly [
  name: string,
  models: readonly ModelEvidence[],
  fields: Parameters<typeof testEvidence>[1],
  /** Model and reason. */
  chosen: string,
];

const open = testModel("open");
const shut = (name: string, excluded: string, fields: Partial<ModelEvidence> = {}) =>
  testModel(name, { ...fields, excluded });
const labelled = (name: string, near: number, mean: number) =>
  testModel(name, { learnt: { near, mean, count: 200 } });

const rows: readonly Row[] = [
  [
    "cost decides between models that are nearly as good",
    [small, large],
    { defaultModel: "large" },
    "small best",
  ],
  [
    "a model that is nearly as good for prompts like this one is good enough, however weak it is elsewhere",
    [
      testModel("small", { costUsd: 0, learnt: { near: 0.88, mean: 0.6, count: 200 } }),
      testModel("large", { costUsd: 0.01, learnt: { near: 0.93, mean: 0.93, count: 200 } }),
    ],
    { defaultModel: "large", prompt: { familiarity: 1 } },
    "small best",
  ],
  [
    "profile quality lets cost hardly count",
    [small, large],
    { profile: "quality", defaultModel: "large" },
    "large best",
  ],
  [
    "time decides in profile fast",
    [testModel("slow", { latencyMs: 3_000 }), testModel("quick", { declared: 0.65, latencyMs: 300 })],
    { profile: "fast" },
    "quick best",
  ],
  [
    "more than ten seconds lose no more than ten",
    [
      testModel("never", { declared: 0.9, latencyMs: 600_000 }),
      testModel("late", { declared: 0.85, latencyMs: 10_000 }),
    ],
    { profile: "fast" },
    "never best",
  ],
  ["what the client names", [small, large], { named: "large" }, "large named"],
  [
    "what the client names, before a rule",
    [small, large],
    { named: "large", rule: { name: "r", model: "small" } },
    "large named",
  ],
  [
    "what the client names is not too bad",
    [testModel("bad", { declared: 0.1 }), large],
    { named: "bad", defaultModel: "large" },
    "bad named",
  ],
  [
    "what the client names cannot be chosen",
    [shut("a", "no-tools"), open],
    { named: "a", defaultModel: "open" },
    "open only",
  ],
  ["what a rule says", [small, large], { rule: { name: "r", model: "large" } }, "large rule"],
  [
    "what a rule says, in a conversation",
    [small, large],
    { rule: { name: "r", model: "large" }, previous: "small" },
    "large rule",
  ],
  [
    "a rule's model cannot be chosen",
    [shut("a", "price-ceiling"), small, large],
    { rule: { name: "r", model: "a" }, defaultModel: "large" },
    "small best",
  ],
  [
    "a rule without a model says nothing of models",
    [small, large],
    { rule: { name: "r" }, defaultModel: "large" },
    "small best",
  ],
  ["a loop of tools goes on", [small, large], { inToolLoop: true, previous: "large" }, "large tool-loop"],
  [
    "a loop of tools goes on against a rule",
    [small, large],
    { inToolLoop: true, previous: "large", rule: { name: "r", model: "small" } },
    "large tool-loop",
  ],
  [
    "a loop of tools at a model that cannot go on",
    [small, shut("large", "ejected")],
    { inToolLoop: true, previous: "large" },
    "small only",
  ],
  [
    "a loop of tools of which nobody knows who began it",
    [small, large],
    { inToolLoop: true, defaultModel: "large" },
    "small best",
  ],
  [
    "a conversation keeps its model for .05",
    [testModel("kept", { declared: 0.65 }), testModel("other")],
    { previous: "kept" },
    "kept conversation",
  ],
  [
    "a conversation leaves its model for more",
    [testModel("left", { declared: 0.649 }), testModel("other")],
    { previous: "left" },
    "other best",
  ],
  [
    "a conversation leaves what became too bad",
    [testModel("a", { declared: 0.72, costUsd: 0.01 }), testModel("b", { declared: 0.65, costUsd: 0 })],
    { previous: "b", maxQualityDrop: 0.06 },
    "a best",
  ],
  [
    "a conversation leaves what cannot be chosen",
    [shut("a", "context-window"), open, large],
    { previous: "a" },
    "open best",
  ],
  [
    "a conversation keeps what the domain does not prefer",
    [small, large],
    { previous: "small", preferred: ["large"], ...sure("code") },
    "small conversation",
  ],
  ["what the domain prefers", [small, large], { preferred: ["large"], ...sure("code") }, "large preferred"],
  [
    "what the domain prefers is the best anyway",
    [small, large],
    { preferred: ["small"], defaultModel: "large", ...sure("code") },
    "small best",
  ],
  [
    "what the domain prefers, though it is worse than any choice may be",
    [testModel("bad", { declared: 0.3 }), large],
    { preferred: ["bad"], defaultModel: "large", ...sure("code") },
    "bad preferred",
  ],
  [
    "what the domain prefers cannot be chosen",
    [shut("a", "no-tools"), small, large],
    { preferred: ["a"], defaultModel: "large", ...sure("code") },
    "small best",
  ],
  [
    "never much worse than the default",
    [testModel("free", { declared: 0.6, costUsd: 0 }), testModel("dear", { declared: 0.7, costUsd: 1 })],
    { defaultModel: "dear", maxQualityDrop: 0.06 },
    "dear best",
  ],
  [
    "as much worse as is allowed",
    [testModel("free", { declared: 0.64, costUsd: 0 }), testModel("dear", { declared: 0.7, costUsd: 1 })],
    { defaultModel: "dear", maxQualityDrop: 0.06 },
    "free best",
  ],
  [
    "nothing is as good as the default, and that cannot be chosen",
    [
      testModel("a", { declared: 0.3 }),
      testModel("b", { declared: 0.2 }),
      shut("c", "ejected", { declared: 0.9 }),
    ],
    { defaultModel: "c" },
    "a best",
  ],
  ["only one can be chosen", [shut("a", "takes-no-image"), open], {}, "open only"],
  ["there is only one", [open], {}, "open only"],
  [
    "nothing can be chosen",
    [shut("b", "no-tools"), shut("a", "max-output")],
    { defaultModel: "b" },
    "b none-fits",
  ],
  [
    "nothing can be chosen, and the default may not be used",
    [shut("b", "not-permitted"), shut("a", "max-output")],
    { defaultModel: "b" },
    "a none-fits",
  ],
  ["nothing may be used", [shut("b", "not-permitted"), shut("a", "not-permitted")], {}, " none-fits"],
  [
    "nothing can be chosen, not even what is named",
    [shut("b", "no-tools"), shut("a", "max-output")],
    { named: "a", defaultModel: "b" },
    "b none-fits",
  ],
  [
    "like nothing that is labelled",
    [labelled("a", 0.9, 0.9), labelled("b", 0.5, 0.5)],
    { defaultModel: "b" },
    "b unfamiliar",
  ],
  [
    "like nothing that is labelled, but of a sure domain",
    [labelled("a", 0.9, 0.9), labelled("b", 0.5, 0.5)],
    { defaultModel: "b", ...sure("code") },
    "a best",
  ],
  [
    "like nothing that is labelled, and the default cannot be chosen",
    [labelled("a", 0.9, 0.9), labelled("c", 0.4, 0.4), shut("b", "no-tools")],
    { defaultModel: "b" },
    "a best",
  ],
  [
    "like what is labelled",
    [labelled("a", 0.9, 0.9), labelled("b", 0.5, 0.5)],
    { defaultModel: "b", prompt: { familiarity: 1 } },
    "a best",
  ],
  [
    "without labels nothing is unfamiliar",
    [small, large],
    { defaultModel: "large", prompt: { familiarity: 0 } },
    "small best",
  ],
  ["nothing was declared to choose by: by name", [testModel("b"), testModel("a")], {}, "a best"],
  [
    "equal utility: what is declared better",
    [testModel("a", { declared: 0.7, costUsd: 0 }), testModel("b", { declared: 0.75, costUsd: 1 })],
    { costWeight: 0.05 },
    "b best",
  ],
];

describe("chooseModel", () => {
  test.each(rows)("%s", (_, models, fields, expected) => {
    const evidence = testEvidence(models, fields);
    const { model, reason } = chooseModel(evidence);
    expect(`${model} ${reason}`).toBe(expected);
  });

  const draws: readonly (readonly [string, ChoiceEvidence["draw"], Partial<Choice>])[] = [
    [
      "below the share the second best is taken",
      { random: 0.0199, share: 0.02 },
      { model: "large", reason: "exploration", propensity: 0.02 },
    ],
    [
      "from the share on the best is",
      { random: 0.02, share: 0.02 },
      { model: "small", reason: "best", propensity: 0.98 },
    ],
    ["without a draw nothing is explored", undefined, { model: "small", reason: "best", propensity: 1 }],
  ];
  test.each(draws)("%s", (_, draw, expected) => {
    const choice = chooseModel(
      testEvidence([small, large], { defaultModel: "large", ...(draw && { draw }) }),
    );
    expect(choice).toMatchObject(expected);
  });

  const draw = { random: 0, share: 0.05 };
  test.each([
    ["a named model", { named: "small", draw }],
    ["a rule's model", { rule: { name: "r", model: "small" }, draw }],
    ["a conversation", { previous: "small", draw }],
    ["a loop of tools", { previous: "small", inToolLoop: true, draw }],
  ])("%s is not explored away", (_, fields) => {
    expect(chooseModel(testEvidence([small, large], fields))).toMatchObject({
      model: "small",
      propensity: 1,
    });
  });

  test("a model that is too bad is not explored", () => {
    const models = [large, testModel("bad", { declared: 0.2, costUsd: 0 })];
    expect(chooseModel(testEvidence(models, { draw }))).toMatchObject({ model: "large", propensity: 1 });
  });

  test("scores are told best first, with why a model was not compared", () => {
    const models = [
      shut("a", "no-tools", { declared: 0.95 }),
      testModel("bad", { declared: 0.2 }),
      small,
      large,
    ];
    const { scores, margin } = chooseModel(testEvidence(models, { defaultModel: "large" }));
    expect(scores.map(({ model, excluded }) => [model, excluded])).toEqual([
      ["a", "no-tools"],
      ["small", ""],
      ["large", ""],
      ["bad", "quality-drop"],
    ]);
    expect(margin).toBeCloseTo((scores[1]?.utility ?? 0) - (scores[2]?.utility ?? 0), 4);
  });

  test("what a preference leaves out is told", () => {
    const { scores } = chooseModel(testEvidence([small, large], { preferred: ["large"], ...sure("code") }));
    expect(scores.map(({ model, excluded }) => [model, excluded])).toEqual([
      ["small", "not-preferred"],
      ["large", ""],
    ]);
  });

  test("the more demanding a prompt looks, the less cost weighs, and labels push that aside", () => {
    const models = (count: number) =>
      ["cheap", "dear"].map((model) =>
        testModel(model, {
          costUsd: model === "dear" ? 1 : 0,
          ...(count > 0 && { learnt: { near: 0.7, mean: 0.7, count } }),
        }),
      );
    const lost = (complexity: number, count = 0): number => {
      const { scores } = chooseModel(
        testEvidence(models(count), { costWeight: 0.2, prompt: { complexity } }),
      );
      return (scores[0]?.utility ?? 0) - (scores[1]?.utility ?? 0);
    };
    expect(lost(0)).toBeCloseTo(0.3, 4);
    expect(lost(0.05)).toBeCloseTo(0.2, 4);
    expect(lost(0.15)).toBeCloseTo(0.15, 4);
    expect(lost(1)).toBeLessThan(0.12);
    expect(lost(1, 10_000)).toBeCloseTo(0.2, 3);
  });

  test("a model above the price ceiling is no measure for what others cost", () => {
    const models = [small, large, shut("gold", "price-ceiling", { costUsd: 1_000 })];
    const without = chooseModel(testEvidence([small, large])).scores;
    expect(chooseModel(testEvidence(models)).scores.filter(({ model }) => model !== "gold")).toEqual(without);
  });
});
