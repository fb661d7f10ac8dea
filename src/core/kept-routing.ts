// What mode intelligent keeps to learn from, and what it has learnt, apart from resources. No text of a prompt. Types and
// the words for sources.
import type { ModelEvidence, PromptEvidence } from "./routing-record.ts";

/** Who said what an answer was worth. */
export const labelSources = ["feedback", "judge", "validity", "regenerate", "import"] as const;
export type LabelSource = (typeof labelSources)[number];

/** What a labelled prompt is like: enough to choose a model for it again. */
export interface PromptNumbers {
  /** Version of what made them: those of another one are no numbers of this one. */
  readonly features: number;
  /** Numbers from -127 to 127 (`sketchOf`). */
  readonly sketch: Int8Array;
  readonly prompt: PromptEvidence;
  /** The models that could be chosen, with their cost and speed. */
  readonly models: readonly Omit<ModelEvidence, "learnt">[];
}

/** What one answer of one model was worth. */
export interface NewLabel {
  readonly api: string;
  /** Of the exchange; of imported prompts a digest in its place. */
  readonly requestId: string;
  readonly model: string;
  readonly source: LabelSource;
  /** 0 to 1. */
  readonly score: number;
  /** Above 0: 1 for somebody's word, less for a weak sign. */
  readonly weight: number;
  readonly numbers: PromptNumbers;
}

export interface KeptLabel extends Omit<NewLabel, "api" | "numbers"> {
  /** Rises with every label that is added. */
  readonly place: number;
  readonly atMs: number;
}

/** A prompt as it is kept: `evidence` is JSON of all of its numbers but the sketch. */
export interface KeptPrompt {
  readonly requestId: string;
  readonly sketch: Int8Array;
  readonly evidence: string;
}

export interface LabelCount {
  readonly model: string;
  readonly source: LabelSource;
  readonly count: number;
}

export interface KeptVersion {
  readonly api: string;
  /** From 1. */
  readonly number: number;
  readonly atMs: number;
  readonly by: string;
  readonly labels: number;
  readonly prompts: number;
  /** Place of the newest label that it was made of. */
  readonly upTo: number;
  /** What the comparison said, JSON. */
  readonly report: string;
  /** Of its table. */
  readonly bytes: number;
}

export interface KeptPublication {
  readonly api: string;
  /** Version in use; 0: none. */
  readonly version: number;
  /** Version that was in use before; 0: none. */
  readonly former: number;
  readonly atMs: number;
  readonly by: string;
}

/** All operations are done when they return, or throw StoreUnavailable. */
export interface RoutingStore {
  /**
   * Adds labels, each in the place of an older one of the same request, model and source. Of each Model API the newest
   * `keep` stay, and few more.
   */
  addLabels(labels: readonly NewLabel[], atMs: number, keep: number): void;
  /** Labels of one request from one source, in whatever Model API. */
  removeLabels(requestId: string, source: LabelSource): void;
  /** @param source absent: all. @returns how many there were */
  clearLabels(api: string, source?: LabelSource): number;
  countLabels(api: string): LabelCount[];
  /** Labels of prompts whose numbers another version than this one has made. */
  countOtherVersions(api: string, features: number): number;
  /** Labels above a place. */
  countSince(api: string, place: number): number;
  /** Oldest first. */
  labels(api: string): KeptLabel[];
  prompts(api: string): KeptPrompt[];
  /** Numbers a version and keeps it; of the others the newest `keep` stay, and what is or was in use. */
  addVersion(version: Omit<KeptVersion, "number" | "bytes">, table: Uint8Array, keep: number): number;
  /** Newest first, without their tables. */
  versions(api: string): KeptVersion[];
  table(api: string, version: number): Uint8Array | undefined;
  publish(publication: KeptPublication): void;
  publications(): KeptPublication[];
  /** What the last training came to, JSON. */
  lastRun(api: string): string | undefined;
  setLastRun(api: string, text: string): void;
  /** Model APIs of which anything is kept. */
  apis(): string[];
  forget(api: string): void;
  close(): void;
}
