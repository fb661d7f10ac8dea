// What one Model API of mode intelligent wants, as plain data: part of the snapshot. Knows no service and no request.
import type { Modality } from "../core/known-model.ts";
import type { Language, Profile } from "../core/routing-record.ts";
import type { ValueMatch } from "../lib/value-matcher.ts";

/** What a candidate's author says of it; what is absent is taken from the model data (`resolveCharacteristics`). */
export interface DeclaredCharacteristics {
  /** How good its answers are, 0 to 100. */
  readonly quality?: number;
  /** The same by domain. */
  readonly strengths: Readonly<Record<string, number>>;
  readonly contextWindow?: number;
  readonly maxOutputTokens?: number;
  readonly input?: readonly Modality[];
  readonly output?: readonly Modality[];
  readonly tools?: boolean;
  readonly jsonSchema?: boolean;
  readonly languages?: readonly Language[];
  /** USD per million tokens. */
  readonly price?: { readonly input: number; readonly output: number };
}

export interface RoutingCandidate {
  readonly service: string;
  readonly model: string;
  readonly declared: DeclaredCharacteristics;
}

export interface PromptMatch {
  /** Linear patterns; one that fits is enough. */
  readonly patterns: readonly string[];
  readonly keywords: readonly string[];
}

export interface RoutingRule extends PromptMatch {
  readonly name: string;
  readonly header?: { readonly name: string; readonly value: ValueMatch };
  readonly metadata?: { readonly key: string; readonly value: ValueMatch };
  readonly consumer?: ValueMatch;
  readonly domain?: string;
  readonly model?: string;
  readonly profile?: Profile;
}

/** How prompts of a domain are answered; what they are like is in the domain table. */
export interface RoutingDomain extends PromptMatch {
  readonly name: string;
  readonly prefer: readonly string[];
  /** 0 to 100. */
  readonly minQuality?: number;
}

export interface RoutingPolicy {
  readonly profile: Profile;
  readonly candidates: readonly RoutingCandidate[];
  readonly default?: { readonly service: string; readonly model: string };
  /** In place of the profile's, whatever profile a request asks for. */
  readonly weights?: { readonly cost: number; readonly latency: number };
  /** Points. */
  readonly maxQualityDrop?: number;
  /** USD per million output tokens. */
  readonly maxPrice?: number;
  readonly rules: readonly RoutingRule[];
  /** Those with keywords, patterns, preferences or a least quality; others are in the table alone. */
  readonly domains: readonly RoutingDomain[];
  /** Absent: conversations do not keep their model. */
  readonly stickiness?: { readonly minutes: number; readonly header?: string };
  readonly otherNames: "route" | "refuse";
  /** 0 to 0.05. */
  readonly exploration: number;
  readonly classifier?: RoutingClassifier;
  /** Records tell what prompts are like, so that labels can be made of them. */
  readonly learns: boolean;
  /**
   * What prompts of each domain look like (`encodeDomainTable`), base64, learnt from the examples when it was compiled;
   * `built-in`: the table that ships; empty: there are no domains.
   */
  readonly domainTable: string;
}

export type RoutingClassifier = (
  | {
      readonly type: "embedding" | "llm";
      readonly service: string;
      readonly model: string;
      readonly timeoutMs: number;
    }
  | { readonly type: "http"; readonly url: string; readonly timeoutMs: number }
) & {
  /** What a prompt may be about. */
  readonly domains: readonly ClassifierDomain[];
};

/** A domain as a classifier is told of it. */
export interface ClassifierDomain {
  readonly name: string;
  /** A few words for a language model; empty: its name and examples must do. */
  readonly description: string;
  /** As many as the kind of classifier has a use for. */
  readonly examples: readonly string[];
}

/** What was learnt for one Model API and is in use; a section of the snapshot beside the Model APIs, by their name. */
export interface PublishedRouter {
  /** Number of the version, from 1. */
  readonly version: number;
  /**
   * Labelled prompts and what models were worth for them (`buildLabelTable`), base64. Empty: another version of the program
   * has made it, and nothing is learnt until it is trained anew.
   */
  readonly labels: string;
}
