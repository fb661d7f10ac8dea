// The middle form of embeddings: texts in, vectors out, and how they are spread over calls. Must not know any protocol.
import { numberIn } from "../../lib/exact-json.ts";
import { memberOf, type JsonObject } from "../../lib/json-value.ts";
import type { ReportedError } from "../../protocols/wire.ts";

/** What a text is for, in OpenAI's manner of Voyage's words. */
export type InputType = "query" | "document";

export interface EmbeddingAsk {
  /** Texts; or lists of tokens, which only the service knows that made them. */
  readonly inputs: readonly (string | readonly unknown[])[];
  /** Length of a vector; a number as it came. */
  readonly dimensions: unknown;
  /** Undefined: unsaid, or a word that only one service knows, which then stands in `others`. */
  readonly inputType: InputType | undefined;
  /** As OpenAI's clients ask for it: little-endian float32. */
  readonly base64: boolean;
  /** Several were asked for at once, where the protocol tells the difference. */
  readonly many: boolean;
  readonly others: JsonObject;
}

export interface EmbeddingAnswer {
  /** In the order of the inputs: numbers as they came, or the text of base64. */
  readonly vectors: readonly Vector[];
  /** Undefined: the service did not say. */
  readonly tokens: number | undefined;
  readonly id: string | undefined;
}

export type Vector = readonly unknown[] | string;

/** A list of numbers, or base64; undefined for anything else. */
export function vectorOf(value: unknown): Vector | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return value.every((each) => numberIn(each) !== undefined) ? value : undefined;
}

/** @param vectors one for each input; undefined in the place of one that did not come */
export function embeddingAnswer(
  vectors: readonly (Vector | undefined)[],
  { inputs }: EmbeddingAsk,
  rest: Omit<EmbeddingAnswer, "vectors">,
): EmbeddingAnswer | ReportedError {
  const come = vectors.filter((vector) => vector !== undefined);
  if (come.length !== inputs.length || vectors.length !== inputs.length)
    return {
      status: 502,
      message: "The model service answered with another number of vectors than of inputs.",
    };
  return { vectors: come, ...rest };
}

/** Vectors by the place that an answer names for each. */
export function placed(
  list: readonly unknown[],
  count: number,
  { place, vector }: { readonly place: string; readonly vector: string },
): (Vector | undefined)[] {
  const vectors = Array.from<Vector | undefined>({ length: count });
  list.forEach((item, at) => {
    const index = numberIn(memberOf(item, place)) ?? at;
    if (Number.isInteger(index) && index >= 0 && index < count)
      vectors[index] = vectorOf(memberOf(item, vector));
  });
  return vectors;
}

/** Little-endian float32, as OpenAI writes it. */
export function base64Of(vector: Vector): string {
  if (typeof vector === "string") return vector;
  const bytes = Buffer.alloc(vector.length * 4);
  vector.forEach((each, index) => bytes.writeFloatLE(numberIn(each) ?? 0, index * 4));
  return bytes.toString("base64");
}

export function floatsOf(vector: Vector): readonly unknown[] {
  if (typeof vector !== "string") return vector;
  const bytes = Buffer.from(vector, "base64");
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readFloatLE(index * 4));
}

/** The inputs in groups of so many as one call takes. */
export function groups<Item>(items: readonly Item[], size: number): Item[][] {
  const count = Math.ceil(items.length / size);
  return Array.from({ length: count }, (_, index) => items.slice(index * size, (index + 1) * size));
}

/** The sum of what was told; undefined where nothing was. */
export function sumOf(counts: readonly (number | undefined)[]): number | undefined {
  const told = counts.filter((count) => count !== undefined);
  return told.length === 0 ? undefined : told.reduce((sum, count) => sum + count, 0);
}
