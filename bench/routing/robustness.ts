// Whether the same model is chosen when somebody writes the same prompt otherwise: with labels, and by what is declared alone.
// Knows no page.
import { chooseModel } from "../../src/routing/decision/choose-model.ts";
import {
  gatherFrom,
  testCandidate,
  testPolicy,
  testRouting,
} from "../../src/routing/decision/decision-fixture.ts";
import { builtInExamples, withGeneral } from "../../src/routing/domains/built-in/built-in-domains.ts";
import { openDomainTable } from "../../src/routing/domains/domain-table.ts";
import { trainDomainTable } from "../../src/routing/domains/train-domain-table.ts";
import type { LabelIndex } from "../../src/routing/labels/label-table.ts";
import { foldsOf, nearDuplicates, splitsOf } from "./folds.ts";
import { noises } from "./noise.ts";
import { prices } from "./rows.ts";
import { featuresOf, fit, promptReader, type ReadSet } from "./trained.ts";

export interface Sameness {
  readonly router: string;
  readonly noise: string;
  readonly prompts: number;
  /** Share of prompts for which the same model is chosen. */
  readonly same: number;
}

const profiles = ["quality", "balanced", "cheap"] as const;
type Chosen = (prompt: string) => string;

/** Each prompt under each noise, under each of three profiles. */
export function robustness(set: ReadSet, promptCount: number): readonly Sameness[] {
  const [split] = splitsOf(foldsOf(nearDuplicates(set.rows), 5, 7), 5);
  const { fit: learnt = [], judged = [] } = split ?? {};
  const step = Math.max(1, Math.floor(judged.length / promptCount));
  const prompts = judged.filter((_, at) => at % step === 0).flatMap((place) => set.rows[place]?.prompt ?? []);
  const index = fit(set, learnt);
  const routers = [
    { router: "with labels", choose: withLabels(index) },
    { router: "without labels", choose: withoutLabels() },
  ];
  return routers.flatMap(({ router, choose }) =>
    Object.entries(noises).map(([noise, make]): Sameness => {
      let same = 0;
      for (const [at, prompt] of prompts.entries())
        for (const profile of profiles) {
          const chosen = choose(profile);
          if (chosen(prompt) === chosen(make(prompt, at))) same += 1;
        }
      return { router, noise, prompts: prompts.length, same: same / prompts.length / profiles.length };
    }),
  );
}

type Profile = (typeof profiles)[number];

function withLabels(index: LabelIndex) {
  const candidates = Object.entries(prices).map(([model, price]) =>
    testCandidate(model, { quality: 70, price: { input: price, output: price } }),
  );
  return (profile: Profile) => chooser(candidates, profile, index);
}

/** A large model, a small one, and two that are strong in something, as somebody would declare them. */
function withoutLabels() {
  const candidates = [
    testCandidate("large", { quality: 85, price: { input: 3, output: 15 } }),
    testCandidate("small", {
      quality: 70,
      strengths: { chat: 82, summary: 80, translation: 80 },
      price: { input: 0.1, output: 0.4 },
    }),
    testCandidate("coder", {
      quality: 68,
      strengths: { code: 88, data: 84 },
      price: { input: 0.5, output: 2 },
    }),
    testCandidate("reasoner", {
      quality: 75,
      strengths: { math: 92, science: 88 },
      price: { input: 1, output: 4 },
    }),
  ];
  return (profile: Profile) => chooser(candidates, profile, undefined);
}

const domains = openDomainTable(trainDomainTable(withGeneral(builtInExamples()), promptReader));

function chooser(
  candidates: readonly ReturnType<typeof testCandidate>[],
  profile: Profile,
  index: LabelIndex | undefined,
): Chosen {
  const routing = testRouting(testPolicy(candidates, { profile }));
  return (prompt) => {
    const features = featuresOf(prompt);
    const probabilities = domains.classify(features);
    const found = domains.names.map((name, at) => ({ name, probability: probabilities[at] ?? 0 }));
    const { evidence } = gatherFrom(
      routing,
      { question: prompt, promptTokens: Math.ceil(prompt.length / 4) },
      { features, found: { domains: found, source: "engine" }, estimates: index?.estimate(features) },
    );
    return chooseModel(evidence).model;
  };
}
