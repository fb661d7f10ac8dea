// How well the built-in domains, and own ones beside them, are told by prompts that nobody learnt from. The same figures on
// every machine, so a floor that is not reached is a change for the worse.
import { expect, test } from "vitest";
import {
  accuracyOfSurest,
  isRight,
  shareOf,
  verdictsOf,
  type Verdict,
} from "../../../../test/support/domain-verdicts.ts";
import { ownDomains } from "../../../../test/support/own-domains.ts";
import { judgedPrompts } from "../../../../test/support/routing-prompts.ts";
import { loadWordVectors } from "../../prompt/load-word-vectors.ts";
import { createPromptReader } from "../../prompt/prompt-reader.ts";
import { generalDomain } from "../domain-classifier.ts";
import { openDomainTable } from "../domain-table.ts";
import { trainDomainTable, type DomainExamples } from "../train-domain-table.ts";
import { builtInExamples, withGeneral } from "./built-in-domains.ts";

const reader = createPromptReader(loadWordVectors());
const tableOf = (domains: readonly DomainExamples[]) =>
  openDomainTable(trainDomainTable(withGeneral(domains), reader));
const heldOut = judgedPrompts().filter(({ half }) => half === "held-out");
const builtIn = tableOf(builtInExamples());
const verdicts = verdictsOf(reader, builtIn, heldOut);
const isWithin = ({ domain }: { readonly domain: string }) => domain !== generalDomain;
const within = verdicts.filter(isWithin);
const accuracyIn = (language: string, rows: readonly Verdict[]) =>
  shareOf(
    rows.filter((verdict) => isWithin(verdict) && verdict.language === language),
    isRight,
  );

test("four of five held-out prompts are told right in each language", () => {
  for (const language of ["en", "zh"])
    expect(accuracyIn(language, within), language).toBeGreaterThanOrEqual(0.8);
});

test("prompts of both languages are told right alike, within five points", () => {
  const all = verdictsOf(reader, builtIn, judgedPrompts());
  expect(Math.abs(accuracyIn("en", all) - accuracyIn("zh", all))).toBeLessThanOrEqual(0.05);
});

test("of the 70 % that are told most surely nine of ten are right", () => {
  expect(accuracyOfSurest(within, 0.7)).toBeGreaterThanOrEqual(0.9);
});

test("what belongs to no domain is seldom taken for one", () => {
  const general = verdicts.filter(({ domain }) => domain === generalDomain);
  expect(shareOf(general, ({ goesAs }) => goesAs === generalDomain)).toBeGreaterThanOrEqual(0.7);
});

test.each([
  { half: "development", told: 0.7, sure: 0.58 },
  { half: "held-out", told: 0.75, sure: 0.65 },
] as const)(
  "own domains ($half) are told by twenty examples beside the built-in ones, of which they take little",
  ({ half, told, sure }) => {
    const judged = ownDomains(half).map((own) => {
      const classifier = tableOf([...builtInExamples(), own]);
      const others = verdictsOf(reader, classifier, judgedPrompts()).filter(isWithin);
      const taken = shareOf(others, (verdict) => verdict.told === own.name);
      expect(taken, own.name).toBeLessThanOrEqual(0.03);
      return { taken, verdicts: verdictsOf(reader, classifier, own.judged) };
    });
    const all = judged.flatMap((own) => own.verdicts);
    expect(shareOf(all, isRight)).toBeGreaterThanOrEqual(told);
    expect(shareOf(all, ({ goesAs, domain }) => goesAs === domain)).toBeGreaterThanOrEqual(sure);
    expect(judged.reduce((sum, { taken }) => sum + taken, 0) / judged.length).toBeLessThanOrEqual(0.02);
    expect(Math.min(...judged.map((own) => shareOf(own.verdicts, isRight)))).toBeGreaterThanOrEqual(0.6);
  },
);
