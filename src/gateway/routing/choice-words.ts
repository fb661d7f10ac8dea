// What was decided, in words: for people in a decision, for machines in a header. Must not decide.
import type { Choice, ChoiceReason, RoutingRecord } from "../../core/routing-record.ts";
import { generalDomain } from "../../routing/domains/domain-classifier.ts";
import { sureDomain } from "../../routing/decision/gather-evidence.ts";
import type { ClassifierFailure } from "./classifier.ts";

const reasonWords: Readonly<Record<ChoiceReason, string>> = {
  named: "the client names this model",
  rule: "a rule names this model",
  conversation: "the conversation keeps its model",
  "tool-loop": "a loop of tools keeps its model",
  unfamiliar: "the prompt is like nothing that is known: the default",
  preferred: "the best of the models that the domain prefers",
  best: "the best for this request",
  only: "the only model that can answer",
  exploration: "the second best, to learn of it",
  "none-fits": "no model fits: tried all the same",
};

interface DecisionNotes {
  /** Why this service of the model. */
  readonly place: string;
  /** Why a classifier said nothing; empty: none was needed. */
  readonly failure: ClassifierFailure | "";
  /** For whoever looks after the gateway; empty: nothing. */
  readonly warning: string;
}

export function decisionWords(
  { model, reason }: Pick<Choice, "model" | "reason">,
  { place, failure, warning }: DecisionNotes,
): string {
  const unheard = failure === "" ? "" : `; the classifier said nothing (${failure})`;
  const warned = warning === "" ? "" : `; ${warning}`;
  return `${model}: ${reasonWords[reason]}; its service: ${place}${unheard}${warned}`;
}

/** `x-moongate-routing`. */
export function routingHeader({ choice, evidence }: RoutingRecord): string {
  const domain = sureDomain(evidence.prompt) ?? generalDomain;
  return `${choice.reason};domain=${domain};profile=${evidence.profile}`;
}
