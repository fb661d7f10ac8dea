// Who else may tell what a prompt is about, besides the engine: the seam between the decision and whoever is asked. Types
// alone; knows neither the request nor the choice.

export interface DomainProbability {
  readonly name: string;
  readonly probability: number;
}

export interface ClassifierQuestion {
  /** What the client said last, in words. */
  readonly text: string;
  /** What the engine makes of it, likeliest first. */
  readonly engine: readonly DomainProbability[];
  /** Whoever waits for the answer has left. */
  readonly signal: AbortSignal;
}

/** Why no answer came in time: nothing of what was asked or answered. */
export type ClassifierFailure =
  | "timeout"
  | "unreachable"
  | "broken"
  | "too-large"
  | "left"
  | "credentials"
  | "no-key"
  | "busy"
  | "not-offered"
  /** It failed several times in a row and is left alone. */
  | "resting"
  /** It has not learnt the domains yet. */
  | "not-ready"
  | "not-understood"
  /** A language model said something else than one of the domains. */
  | "word-not-known"
  | "internal"
  | `status-${number}`;

export type Classified =
  /** Likeliest first, three at most; none: it is about none of them. */
  | { readonly by: "classifier"; readonly domains: readonly DomainProbability[] }
  /** The engine's word stands; `failure` says why, and is empty where nobody had to be asked. */
  | { readonly by: "engine"; readonly failure: ClassifierFailure | "" };

export interface PromptClassifier {
  /** Never rejects, and never takes longer than its `timeoutMs`. */
  classify(question: ClassifierQuestion): Promise<Classified>;
}
