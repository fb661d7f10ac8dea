// A choice in sentences with its numbers, for whoever asks by API or command line. Decides nothing.
import type {
  Choice,
  ChoiceEvidence,
  ChoiceReason,
  ModelEvidence,
  ModelScore,
  PromptEvidence,
} from "../../core/routing-record.ts";
import { generalDomain, sureFrom } from "../domains/domain-classifier.ts";
import { chooseModel, comparisonReasons } from "./choose-model.ts";
import { filterReasons, isFilterWord, type FilterReason } from "./filter-reasons.ts";

export interface ExplainedChoice {
  /** What was chosen and why. */
  readonly summary: string;
  readonly prompt: string;
  /** One sentence a model, the best first. */
  readonly models: readonly string[];
}

export function explainChoice(
  evidence: ChoiceEvidence,
  choice: Choice = chooseModel(evidence),
): ExplainedChoice {
  const figures = new Map(evidence.models.map((one) => [one.model, one]));
  return {
    summary: summaryOf(evidence, choice),
    prompt: promptSentence(evidence.prompt),
    models: choice.scores.map((score) => modelSentence(score, figures.get(score.model))),
  };
}

const reasons: Readonly<Record<ChoiceReason, (evidence: ChoiceEvidence) => string>> = {
  named: () => "the client named it",
  rule: ({ rule }) => `rule ${rule?.name ?? ""} says so`,
  conversation: () => "the conversation had it, and no other is much better",
  "tool-loop": () => "it goes on with the loop of tools that it began",
  unfamiliar: () => "the prompt is like nothing that is known, so the default answers",
  preferred: () => "it has the highest utility of those that the domain prefers",
  best: ({ profile }) => `it has the highest utility by profile ${profile}`,
  only: () => "nothing else can answer",
  exploration: () => "it is the second best, taken to learn of it",
  "none-fits": (evidence) => `${nothingFits(evidence)?.words ?? "nothing fits"}, so it is tried all the same`,
};

/** Every word of `Choice.reason`. */
export const choiceReasons: readonly string[] = Object.keys(reasons);

function summaryOf(evidence: ChoiceEvidence, { model, reason, margin }: Choice): string {
  if (model === "") return `Nothing was chosen: ${nothingFits(evidence)?.words ?? "nothing may be used"}.`;
  const lead = margin > 0 ? `, ${number(margin)} above the next` : "";
  return `${model} was chosen: ${reasons[reason](evidence)}${lead}.`;
}

const sources: Readonly<Record<PromptEvidence["source"], string>> = {
  engine: "",
  rule: ", as a rule says",
  keywords: ", by its words",
  classifier: ", as the classifier says",
};

function promptSentence({ domains, source, language, complexity, familiarity }: PromptEvidence): string {
  const [likeliest, ...others] = domains;
  const list = domains.map(({ name, probability }) => `${name} ${number(probability)}`).join(", ");
  const isSure = likeliest !== undefined && likeliest.probability >= sureFrom;
  const domain = isSure ? likeliest.name : generalDomain;
  const shown =
    likeliest === undefined || (others.length === 0 && likeliest.probability === 1) ? "" : ` (${list})`;
  return [
    `Domain ${domain}${shown}${sources[source]}`,
    ...(language === undefined ? [] : [`language ${language}`]),
    `complexity ${number(complexity)}`,
    `likeness to labelled prompts ${number(familiarity)}`,
  ].join("; ");
}

function modelSentence(
  { model, excluded, quality, utility }: ModelScore,
  figures: ModelEvidence | undefined,
): string {
  if (excluded !== "" && !Object.hasOwn(comparisonReasons, excluded))
    return `${model}: left out, ${excludedWords(excluded)}`;
  const parts = [`quality ${number(quality)}`];
  if (figures !== undefined) {
    const { learnt, declared, costUsd, latencyMs } = figures;
    if (learnt !== undefined) parts.push(`declared ${number(declared)} and ${number(learnt.count)} labels`);
    parts.push(`costs ${usd(costUsd)}`, `first data after ${number(Math.round(latencyMs))} ms`);
  }
  parts.push(`utility ${number(utility)}`);
  const aside = excluded === "" ? "" : `; passed over, ${excludedWords(excluded)}`;
  return `${model}: ${parts.join(", ")}${aside}`;
}

/** What a word of `ModelScore.excluded` says, after the name of the model. */
export function excludedWords(word: string): string {
  if (word === "quality-drop" || word === "not-preferred") return comparisonReasons[word];
  return isFilterWord(word) ? filterReasons[word].one : word;
}

/** What speaks against every model, where something does: for the refusal of a request that no model can answer. */
export function nothingFits({
  models,
}: Pick<ChoiceEvidence, "models">): { readonly words: string; readonly refuses: boolean } | undefined {
  if (models.some(({ excluded }) => excluded === "")) return undefined;
  const words = new Set(models.map(({ excluded }) => excluded));
  const [first = "", ...others] = words;
  if (others.length === 0 && isFilterWord(first)) {
    const { none, refuses }: FilterReason = filterReasons[first];
    return { words: none, refuses };
  }
  const list = models.map(({ model, excluded }) => `${model} ${excludedWords(excluded)}`).join(", ");
  return {
    words: `no model of this API can answer: ${list}`,
    refuses: [...words].every((word) => isFilterWord(word) && filterReasons[word].refuses),
  };
}

/** Four digits at most, without an exponent. */
function number(value: number): string {
  return value.toLocaleString("en-US", { maximumSignificantDigits: 4, useGrouping: false });
}

function usd(value: number): string {
  return `$${value.toLocaleString("en-US", { maximumSignificantDigits: 2, useGrouping: false })}`;
}
