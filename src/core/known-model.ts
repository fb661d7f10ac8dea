// What is known of a model of a provider before anybody asks it, as data. Knows no service.
import type { ModelTraits } from "./model-traits.ts";

export const modalities = ["text", "image", "audio", "video", "pdf"] as const;
export type Modality = (typeof modalities)[number];

/** USD: per million tokens, per image, per second, per million characters. What is absent costs as in `Price` of a service. */
export interface KnownPrice {
  readonly input?: number | undefined;
  readonly cachedInput?: number | undefined;
  readonly cacheWriteInput?: number | undefined;
  readonly output?: number | undefined;
  readonly reasoning?: number | undefined;
  readonly image?: number | undefined;
  readonly second?: number | undefined;
  readonly character?: number | undefined;
}

export interface KnownModel {
  readonly name: string;
  /** As people call it. */
  readonly label?: string | undefined;
  /** Tokens of a request with its answer. */
  readonly contextWindow?: number | undefined;
  /** Tokens of an answer at most. */
  readonly maxOutputTokens?: number | undefined;
  readonly modalities?:
    | { readonly input: readonly Modality[]; readonly output: readonly Modality[] }
    | undefined;
  readonly price?: KnownPrice | undefined;
  readonly traits?: ModelTraits | undefined;
}

/** Where figures are from, and when they were looked up. */
export interface Origin {
  readonly source: string;
  /** A day: `2026-07-02`. */
  readonly date: string;
}

/** A model with where its figures are from. */
export type SourcedModel = KnownModel & Origin;

/** What an administrator says of models, in place of or beside what ships with the program. */
export interface OwnModelData {
  readonly shipped: "all" | "without-prices" | "none";
  /** By id of the provider. */
  readonly providers: Readonly<Record<string, readonly SourcedModel[]>>;
}
