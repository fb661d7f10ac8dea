import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Choice, ChoiceEvidence, ModelEvidence } from "../../core/routing-record.ts";
import { profiles } from "../../core/routing-record.ts";
import { chooseModel } from "./choose-model.ts";
import { reproduce } from "./reproduce.ts";

const names = ["a", "b", "c", "d", "e", "f"] as const;
const share = fc.integer({ min: 0, max: 10_000 }).map((value) => value / 10_000);
const anyNumber = fc.oneof(
  fc.constantFrom(0, -0, 5e-324, 1e-12, 1e300, Number.MAX_VALUE),
  fc.double({ min: 0, max: 10, noNaN: true }),
);

interface Extent {
  readonly labels: boolean;
  readonly excluded: boolean;
  readonly numbers: fc.Arbitrary<number>;
}

const plain: Extent = {
  labels: false,
  excluded: false,
  numbers: fc.integer({ min: 0, max: 9_999 }).map((n) => n / 1e6),
};
const whole: Extent = { labels: true, excluded: true, numbers: anyNumber };

const anyLearnt = fc.record({ near: share, mean: share, count: fc.constantFrom(0.5, 3, 120, 5_000) });

function anyModel(model: string, { labels, excluded, numbers }: Extent): fc.Arbitrary<ModelEvidence> {
  return fc
    .record({
      excluded: excluded
        ? fc.constantFrom("", "", "", "no-tools", "not-permitted", "ejected", "price-ceiling")
        : fc.constant(""),
      declared: share,
      general: share,
      learnt: labels ? fc.option(anyLearnt, { nil: undefined }) : fc.constant(undefined),
      costUsd: numbers,
      latencyMs: labels ? numbers : fc.integer({ min: 0, max: 12_000 }),
    })
    .map(({ learnt, ...fields }) => ({ model, ...fields, ...(learnt && { learnt }) }));
}

const anyName = fc.option(fc.constantFrom(...names), { nil: undefined });

/** Models alone decide: no names, rules, conversations, preferences, draws. */
function anyEvidence(extent: Extent): fc.Arbitrary<ChoiceEvidence> {
  return fc
    .record({
      models: fc
        .integer({ min: 1, max: names.length })
        .chain((count) => fc.tuple(...names.slice(0, count).map((name) => anyModel(name, extent)))),
      profile: fc.constantFrom(...profiles),
      costWeight: share,
      latencyWeight: share,
      maxQualityDrop: share,
      complexity: share,
      familiarity: extent.labels ? share : fc.constant(0),
      probability: share,
      defaultModel: fc.nat({ max: names.length }),
    })
    .map(({ complexity, familiarity, probability, defaultModel, ...fields }) => ({
      ...fields,
      prompt: {
        language: "en",
        complexity,
        familiarity,
        domains: [{ name: "code", probability }],
        source: "engine",
      },
      defaultModel: fields.models[defaultModel % fields.models.length]?.model ?? "",
      preferred: [],
      inToolLoop: false,
    }));
}

/** With everything that goes before utility. */
const anySaid: fc.Arbitrary<ChoiceEvidence> = fc
  .record({
    evidence: anyEvidence(whole),
    preferred: fc.subarray([...names]),
    named: anyName,
    ruled: anyName,
    previous: anyName,
    inToolLoop: fc.boolean(),
    draw: fc.option(fc.record({ random: fc.double({ min: 0, max: 0.999, noNaN: true }), share }), {
      nil: undefined,
    }),
  })
  .map(({ evidence, preferred, named, ruled, previous, inToolLoop, draw }) => ({
    ...evidence,
    preferred,
    inToolLoop,
    ...(named && { named }),
    ...(ruled && { rule: { name: "r", model: ruled } }),
    ...(previous && { previous }),
    ...(draw && { draw }),
  }));

const scoreOf = (choice: Choice, model: string) => choice.scores.find((score) => score.model === model);
const costOf = (evidence: ChoiceEvidence, model: string): number =>
  evidence.models.find((one) => one.model === model)?.costUsd ?? Number.NaN;

/** Seeded, so that a run is like the last one. */
const runs = { numRuns: 1_500, seed: 9 };

describe("whatever is known, a choice", () => {
  test("is the same after a way through JSON", () => {
    fc.assert(
      fc.property(anySaid, (evidence) => {
        const choice = chooseModel(evidence);
        const kept = JSON.parse(JSON.stringify({ evidence, choice }));
        expect(reproduce(kept).differences).toEqual([]);
        expect(JSON.parse(JSON.stringify(chooseModel(kept.evidence)))).toEqual(
          JSON.parse(JSON.stringify(choice)),
        );
      }),
      runs,
    );
  });

  test("does not depend on the order of candidates", () => {
    const shuffled = anySaid.chain((evidence) =>
      fc
        .shuffledSubarray([...evidence.models], { minLength: evidence.models.length })
        .map((models) => [evidence, { ...evidence, models }] as const),
    );
    fc.assert(
      fc.property(shuffled, ([evidence, other]) => {
        expect(chooseModel(other)).toEqual(chooseModel(evidence));
      }),
      runs,
    );
  });

  test("is none that a filter excludes, while anything else is left, and never one that may not be used", () => {
    fc.assert(
      fc.property(anySaid, (evidence) => {
        const { model, reason } = chooseModel(evidence);
        const excluded = evidence.models.find((one) => one.model === model)?.excluded;
        const isAnyLeft = evidence.models.some((one) => one.excluded === "");
        expect(reason === "none-fits").toBe(!isAnyLeft);
        if (isAnyLeft) expect(excluded).toBe("");
        else expect(excluded).not.toBe("not-permitted");
      }),
      runs,
    );
  });

  test("holds finite numbers alone", () => {
    fc.assert(
      fc.property(anySaid, (evidence) => {
        const { margin, propensity, scores } = chooseModel(evidence);
        const numbers = [margin, propensity, ...scores.flatMap(({ quality, utility }) => [quality, utility])];
        expect(numbers.filter((value) => !Number.isFinite(value) || Object.is(value, -0))).toEqual([]);
        expect(scores.every(({ quality }) => quality >= 0 && quality <= 1)).toBe(true);
      }),
      runs,
    );
  });
});

describe("where nobody says anything, a choice", () => {
  test.each([
    ["without labels", anyEvidence(plain)],
    ["with labels and filters", anyEvidence(whole)],
  ])("is not worse than the default by more than is allowed, %s", (_, evidences) => {
    fc.assert(
      fc.property(evidences, (evidence) => {
        const choice = chooseModel(evidence);
        const standard = scoreOf(choice, evidence.defaultModel);
        if (standard === undefined || standard.excluded !== "") return;
        const least = Math.round((standard.quality - evidence.maxQualityDrop) * 10_000) / 10_000;
        expect(scoreOf(choice, choice.model)?.quality).toBeGreaterThanOrEqual(least);
      }),
      runs,
    );
  });

  test("of a model stays when that becomes cheaper", () => {
    fc.assert(
      fc.property(anyEvidence(plain), share, (evidence, factor) => {
        const { model } = chooseModel(evidence);
        const cheaper = evidence.models.map((one) =>
          one.model === model ? { ...one, costUsd: one.costUsd * factor } : one,
        );
        expect(chooseModel({ ...evidence, models: cheaper }).model).toBe(model);
      }),
      runs,
    );
  });

  test("costs no more when cost weighs more", () => {
    fc.assert(
      fc.property(anyEvidence(plain), share, (evidence, more) => {
        const [less, costWeight] = [evidence.costWeight, evidence.costWeight + more];
        const before = costOf(evidence, chooseModel({ ...evidence, costWeight: less }).model);
        const after = costOf(evidence, chooseModel({ ...evidence, costWeight }).model);
        // Equal but for the last bits of the arithmetic.
        expect(after).toBeLessThanOrEqual(before + 1e-12);
      }),
      runs,
    );
  });

  test("is no slower when time weighs more", () => {
    const time = (evidence: ChoiceEvidence, model: string) =>
      Math.min(evidence.models.find((one) => one.model === model)?.latencyMs ?? Number.NaN, 10_000);
    fc.assert(
      fc.property(anyEvidence(plain), share, (evidence, more) => {
        const before = time(evidence, chooseModel(evidence).model);
        const latencyWeight = evidence.latencyWeight + more;
        expect(time(evidence, chooseModel({ ...evidence, latencyWeight }).model)).toBeLessThanOrEqual(before);
      }),
      runs,
    );
  });
});

describe("a conversation of twenty turns", () => {
  /** Each model is worth about the same at every turn: what changes is less than what a conversation is left for. */
  const noise = fc.array(fc.array(fc.integer({ min: -120, max: 120 }), { minLength: 6, maxLength: 6 }), {
    minLength: 20,
    maxLength: 20,
  });

  test("keeps its model under noise", () => {
    fc.assert(
      fc.property(anyEvidence(plain), noise, (first, turns) => {
        const still = { ...first, maxQualityDrop: 1, costWeight: 0.1, latencyWeight: 0.1 };
        const { model } = chooseModel(still);
        let previous = model;
        for (const turn of turns) {
          const models = still.models.map((one, index) => {
            const by = (turn[index] ?? 0) / 10_000;
            return {
              ...one,
              declared: Math.min(Math.max(one.declared + by, 0), 1),
              // Of ten seconds a hundredth of the noise in quality: less than .003 each way in all.
              latencyMs: Math.max(one.latencyMs + by * 10_000, 0),
            };
          });
          previous = chooseModel({ ...still, models, previous }).model;
        }
        expect(previous).toBe(model);
      }),
      { ...runs, numRuns: 300 },
    );
  });

  test("keeps its model, whatever was named to begin it, until another is better by more than .05", () => {
    fc.assert(
      fc.property(anyEvidence(plain), fc.constantFrom(...names), (evidence, previous) => {
        const free = { ...evidence, maxQualityDrop: 1 };
        const alone = chooseModel(free);
        const kept = scoreOf(alone, previous);
        if (kept === undefined) return;
        const ahead = (scoreOf(alone, alone.model)?.utility ?? 0) - kept.utility;
        // Utilities are told in four digits, so between .0499 and .0501 both are right.
        if (Math.abs(ahead - 0.05) < 0.00015) return;
        expect(chooseModel({ ...free, previous }).model).toBe(ahead > 0.05 ? alone.model : previous);
      }),
      runs,
    );
  });
});
