// What a domain table says of judged prompts, and how often that is right. Knows no table's making.
import {
  generalDomain,
  sureFrom,
  type DomainClassifier,
} from "../../src/routing/domains/domain-classifier.ts";
import type { PromptReader } from "../../src/routing/prompt/prompt-features.ts";

export interface Judged {
  readonly domain: string;
  readonly language: "en" | "zh";
  readonly text: string;
}

export interface Verdict extends Judged {
  /** The likeliest domain, sure or not. */
  readonly told: string;
  readonly probability: number;
  /** What the gateway goes by: the likeliest where it is sure, else `general`. */
  readonly goesAs: string;
}

export function verdictsOf<Prompt extends Judged>(
  reader: PromptReader,
  classifier: DomainClassifier,
  prompts: readonly Prompt[],
): (Prompt & Verdict)[] {
  return prompts.map((prompt) => {
    const probabilities = classifier.classify(reader.read(prompt.text));
    const probability = Math.max(...probabilities);
    const told = classifier.names[probabilities.indexOf(probability)] ?? generalDomain;
    return { ...prompt, told, probability, goesAs: probability >= sureFrom ? told : generalDomain };
  });
}

/** NaN of nothing. */
export function shareOf<Row>(rows: readonly Row[], holds: (row: Row) => boolean): number {
  return rows.length === 0 ? Number.NaN : rows.filter(holds).length / rows.length;
}

export function isRight({ told, domain }: Verdict): boolean {
  return told === domain;
}

/** Of the share of verdicts that are surest, the part that is right. */
export function accuracyOfSurest(verdicts: readonly Verdict[], share: number): number {
  const surest = verdicts
    .toSorted((left, right) => right.probability - left.probability)
    .slice(0, Math.round(verdicts.length * share));
  return shareOf(surest, isRight);
}
