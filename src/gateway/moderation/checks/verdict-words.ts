// The words of verdicts, for whoever reads answers of others. Knows no answer.
import type { ModerationDimension, Risk } from "../check.ts";

/** Every dimension: a new one that is missing here does not compile. */
const everyDimension: Readonly<Record<ModerationDimension, true>> = {
  "content-compliance": true,
  "prompt-attack": true,
  "sensitive-data": true,
  hallucination: true,
  "malicious-url": true,
};
// The keys of that record and no others.
export const verdictDimensions = Object.keys(everyDimension) as ModerationDimension[];
export const verdictRisks = ["low", "medium", "high"] as const satisfies readonly Risk[];
