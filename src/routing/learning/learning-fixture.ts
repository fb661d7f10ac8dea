// Labelled prompts whose truth is known, and the way to learn from them. Tests only.
import { compileRouting, type CompiledRouting } from "../decision/gather-evidence.ts";
import { modelsOf } from "../decision/characteristics.ts";
import { buildLabelTable } from "../labels/build-label-table.ts";
import { openLabelTable } from "../labels/open-label-table.ts";
import { sketchLength } from "../labels/sketch.ts";
import type { DeclaredCharacteristics, RoutingPolicy } from "../policy.ts";
import type { LabelTools } from "./crossed-routers.ts";
import type { JudgedPrompt } from "./judged-prompt.ts";
import { seededRandom } from "../../lib/seeded-random.ts";

export const policyOf = (
  candidates: Readonly<Record<string, Partial<DeclaredCharacteristics>>>,
  fields: Partial<RoutingPolicy> = {},
): RoutingPolicy => ({
  profile: "balanced",
  candidates: Object.entries(candidates).map(([model, declared]) => ({
    service: "s",
    model,
    declared: { strengths: {}, ...declared },
  })),
  rules: [],
  domains: [],
  otherNames: "route",
  exploration: 0,
  learns: true,
  domainTable: "",
  ...fields,
});

export function routingOf(policy: RoutingPolicy): CompiledRouting {
  const models = modelsOf(policy, () => ({ known: undefined, price: undefined }));
  return compileRouting(policy, models);
}

export const realTools: LabelTools = { build: buildLabelTable, open: openLabelTable };

export interface Truth {
  readonly count: number;
  /** Chance that a model's answer is good, for prompts of two sorts. */
  readonly worth: Readonly<Record<string, readonly [number, number]>>;
  /** Models that are labelled, of those of `worth`, for each prompt. */
  readonly labelled?: (index: number) => readonly string[];
  readonly seed?: number;
}

/** Prompts of two sorts, told apart by what they are like. */
export function promptsOf({ count, worth, labelled, seed = 1 }: Truth): JudgedPrompt[] {
  const random = seededRandom(seed);
  let place = 0;
  return Array.from({ length: count }, (_, index): JudgedPrompt => {
    const sort = index % 2;
    const sketch = Int8Array.from({ length: sketchLength }, (_none, at) => {
      const noise = (random() - 0.5) * 60;
      return Math.round(at % 2 === sort ? 20 + noise : noise);
    });
    const names = labelled?.(index) ?? Object.keys(worth);
    return {
      sketch,
      prompt: {
        language: "en",
        complexity: 0.5,
        domains: [{ name: sort === 0 ? "code" : "chat", probability: 0.9 }],
        source: "engine",
        familiarity: 0,
      },
      models: Object.keys(worth).map((model) => ({
        model,
        excluded: "",
        declared: 0.5,
        general: 0.5,
        costUsd: 0.001,
        latencyMs: 100,
      })),
      labels: names.map((model) => ({
        model,
        score: random() < (worth[model]?.[sort] ?? 0) ? 1 : 0,
        weight: 1,
        place: (place += 1),
      })),
    };
  });
}
