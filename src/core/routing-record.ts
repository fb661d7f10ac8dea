// What mode intelligent decided and all that it decided by, as small numbers that stand in the record: the same evidence
// gives the same choice again. No behaviour.

/** What matters most. */
export const profiles = ["balanced", "cheap", "fast", "quality"] as const;
export type Profile = (typeof profiles)[number];

/** By the script of a prompt: what is neither has no language that models are asked for. */
export type Language = "en" | "zh";

/** What was found out about the prompt. Rounded to four digits before anything is decided by it. */
export interface PromptEvidence {
  readonly language: Language | undefined;
  /** 0 to 1. */
  readonly complexity: number;
  /** The likeliest domains, best first, three at most. */
  readonly domains: readonly { readonly name: string; readonly probability: number }[];
  /** Who said so: the engine, a rule by its name, a classifier. */
  readonly source: "engine" | "rule" | "keywords" | "classifier";
  /** How far the prompt is like labelled ones, 0 to 1; 0 without labels. */
  readonly familiarity: number;
}

/** One model, with what speaks for and against it. */
export interface ModelEvidence {
  readonly model: string;
  /** Why it cannot be chosen (a word of `filterReasons`); empty: it can. */
  readonly excluded: string;
  /** What its author says, or what is assumed, 0 to 1, for what the prompt may be about. */
  readonly declared: number;
  /** The same over all domains. */
  readonly general: number;
  /** From labels; absent without any. */
  readonly learnt?: { readonly near: number; readonly mean: number; readonly count: number };
  /** USD that the request is expected to cost. */
  readonly costUsd: number;
  /** Expected time to the first data at the best of its services, failures included. */
  readonly latencyMs: number;
}

export interface ChoiceEvidence {
  readonly profile: Profile;
  readonly costWeight: number;
  readonly latencyWeight: number;
  /** From 0 to 1. */
  readonly maxQualityDrop: number;
  readonly prompt: PromptEvidence;
  readonly models: readonly ModelEvidence[];
  /** Model of the default. */
  readonly defaultModel: string;
  /** Models that the domain prefers; empty: all. */
  readonly preferred: readonly string[];
  /** Model that the client names. */
  readonly named?: string;
  /** The rule that holds, with its model if it names one. */
  readonly rule?: { readonly name: string; readonly model?: string };
  /** Model that the conversation had so far. */
  readonly previous?: string;
  readonly inToolLoop: boolean;
  /** Drawn for this request, where exploration is on: below the share the second best is taken. */
  readonly draw?: { readonly random: number; readonly share: number };
}

/** Why a model was chosen: a word for machines, told in `x-moongate-routing` too. */
export type ChoiceReason =
  /** The client named it. */
  | "named"
  /** A rule says so. */
  | "rule"
  /** The conversation had it, and no other is much better. */
  | "conversation"
  /** A loop of tools goes on. */
  | "tool-loop"
  /** The prompt is like nothing that is known. */
  | "unfamiliar"
  /** The highest utility of those that the domain prefers, where another has a higher one. */
  | "preferred"
  /** The highest utility. */
  | "best"
  /** Nothing else can be chosen. */
  | "only"
  /** To learn of it. */
  | "exploration"
  /** Nothing can be chosen: the default is tried all the same, or what may be used in its place. */
  | "none-fits";

export interface ModelScore {
  readonly model: string;
  readonly excluded: string;
  /** Expected worth of its answer, 0 to 1; four digits. */
  readonly quality: number;
  /** quality - what cost and latency lose; four digits. */
  readonly utility: number;
}

export interface Choice {
  /** Empty: nothing may be used. */
  readonly model: string;
  readonly reason: ChoiceReason;
  /** Utility over that of the second best; 0 where there is none. */
  readonly margin: number;
  readonly scores: readonly ModelScore[];
  /** Probability with which this model was chosen, where exploration is on; else 1. */
  readonly propensity: number;
}

/** What a record holds of it: `chooseModel(evidence)` gives `choice` again. */
export interface RoutingRecord {
  /** Version of the engine, digest of the domain table, version of the published router, such as `1.3fa9c2d1.7`. */
  readonly router: string;
  readonly evidence: ChoiceEvidence;
  readonly choice: Pick<Choice, "model" | "reason" | "margin" | "propensity">;
  /** What the prompt is like (`sketchOf`), signed bytes as base64, where the Model API learns. */
  readonly sketch?: string;
  /** Tells its conversation from others, where the Model API learns: a keyed digest, another after every start. */
  readonly conversation?: string;
}
