// The ten domains that the gateway knows by itself: what they are called, what they are, and what their prompts look
// like in English and Chinese. Data alone; how it is learnt from is not known here.
import business from "./business.json" with { type: "json" };
import chat from "./chat.json" with { type: "json" };
import code from "./code.json" with { type: "json" };
import data from "./data.json" with { type: "json" };
import general from "./general.json" with { type: "json" };
import math from "./math.json" with { type: "json" };
import medicine from "./medicine.json" with { type: "json" };
import science from "./science.json" with { type: "json" };
import summary from "./summary.json" with { type: "json" };
import translation from "./translation.json" with { type: "json" };
import writing from "./writing.json" with { type: "json" };
import { generalDomain } from "../domain-classifier.ts";
import type { DomainExamples } from "../train-domain-table.ts";

interface InBothLanguages<Value> {
  readonly en: Value;
  readonly zh: Value;
}

export interface BuiltInDomain {
  readonly name: string;
  readonly label: InBothLanguages<string>;
  /** What belongs to it, in half a sentence. */
  readonly description: InBothLanguages<string>;
  /** Few, and hardly ever said of anything else: a prompt with one of them belongs here. */
  readonly keywords: readonly string[];
  readonly examples: InBothLanguages<readonly string[]>;
}

export const builtInDomains: readonly BuiltInDomain[] = [
  code,
  data,
  math,
  science,
  medicine,
  business,
  writing,
  translation,
  summary,
  chat,
];

/**
 * What belongs to none of them: knowledge of the world, labels to be given, single words, nothing at all. It is learnt
 * beside the domains, as without it a table is sure of prompts that it has never seen the like of.
 */
const generalExamples: InBothLanguages<readonly string[]> = general.examples;

/** Names with examples of both languages. */
export function builtInExamples(): DomainExamples[] {
  return builtInDomains.map(({ name, examples }) => ({ name, examples: [...examples.en, ...examples.zh] }));
}

/** Domains with what belongs to none of them: what a table is trained on. Own examples of `general` add to it. */
export function withGeneral(domains: readonly DomainExamples[]): DomainExamples[] {
  const own = domains.filter(({ name }) => name === generalDomain).flatMap(({ examples }) => examples);
  return [
    ...domains.filter(({ name }) => name !== generalDomain),
    { name: generalDomain, examples: [...generalExamples.en, ...generalExamples.zh, ...own] },
  ];
}
