// What a decision of mode intelligent says, as rows and words. Knows no React.
import type { ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import type { PlainKey, Translate } from "../../i18n/messages.ts";
import { decisionMessages } from "./decision-messages.ts";

type Decision = NonNullable<ExchangeRecord["decision"]>;
export type RoutingRecord = NonNullable<Decision["routing"]>;
type Words = Translate<(typeof decisionMessages)["en"]>;

/** What is shown of a decision; an explanation has it too. */
export interface Decided {
  readonly routing: RoutingRecord;
  readonly candidates: Decision["candidates"];
  /** Where models were scored apart from services. */
  readonly scores?: readonly ModelScore[] | undefined;
}

export interface ModelScore {
  readonly model: string;
  /** A word of the gateway; empty: it was compared. */
  readonly excluded: string;
  readonly quality: number;
  readonly utility: number;
}

export interface DecidedModel {
  readonly model: string;
  readonly isChosen: boolean;
  readonly isDefault: boolean;
  readonly isPrevious: boolean;
  /** A word of the gateway; empty: it could be chosen. */
  readonly excluded: string;
  /** 0 to 1; undefined where it is not told. */
  readonly quality: number | undefined;
  readonly utility: number | undefined;
  readonly costUsd: number;
  readonly latencyMs: number;
  /** Labels that its quality rests on, as weight. */
  readonly labels: number;
}

/** The models that were compared: what was chosen first, then by utility, those that were left out last. */
export function modelRows({ routing, candidates, scores = [] }: Decided): readonly DecidedModel[] {
  const { evidence, choice } = routing;
  const rows = evidence.models.map((model): DecidedModel => {
    const scored = candidates.find((candidate) => candidate.model === model.model);
    const score = scores.find((each) => each.model === model.model);
    return {
      model: model.model,
      isChosen: model.model === choice.model,
      isDefault: model.model === evidence.defaultModel,
      isPrevious: model.model === evidence.previous,
      excluded: score?.excluded ?? (model.excluded || comparedReason(scored?.reason)),
      quality: score?.quality ?? scored?.quality,
      utility: score?.utility ?? scored?.utility,
      costUsd: model.costUsd,
      latencyMs: model.latencyMs,
      labels: model.learnt?.count ?? 0,
    };
  });
  return rows.toSorted(
    (one, other) =>
      Number(other.isChosen) - Number(one.isChosen) ||
      Number(one.excluded !== "") - Number(other.excluded !== "") ||
      (other.utility ?? 0) - (one.utility ?? 0),
  );
}

/** What the gateway says of candidates that could answer and were not compared -> its word for it. */
export const comparedSentences: Readonly<Record<string, string>> = {
  "is expected to be too much worse than the default": "quality-drop",
  "is not among the models that the domain prefers": "not-preferred",
};

function comparedReason(reason: string | undefined): string {
  return reason === undefined ? "" : (comparedSentences[reason] ?? "");
}

const excludedKeys: Readonly<Record<string, PlainKey<typeof decisionMessages>>> = {
  // The word of the filter is that of a fact too.
  language: "language_",
};

/** A word of the gateway in the language of the console; one that it does not know stands as it is. */
export function excludedText(word: string, t: Words): string {
  const key = excludedKeys[word] ?? word;
  return isTextKey(key) ? t(key) : word;
}

function isTextKey(key: string): key is PlainKey<typeof decisionMessages> {
  return Object.hasOwn(decisionMessages.en, key);
}
