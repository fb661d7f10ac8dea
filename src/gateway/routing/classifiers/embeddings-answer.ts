// Reads embeddings of several texts from the answer of an OpenAI-compatible service. Knows not whose texts they are.
import { z } from "zod";
import { parseJson } from "../../../lib/json-value.ts";

const maxDimensions = 16_384;

const answerSchema = z.object({
  data: z
    .array(
      z.object({
        index: z.number().int().min(0),
        embedding: z.array(z.number()).min(1).max(maxDimensions),
      }),
    )
    .max(1_024),
});

/** Of length 1, in the order of the texts; undefined for anything but one for each text, all of the same dimensions. */
export function readEmbeddings(body: string, texts: number): readonly Float32Array[] | undefined {
  const items = answerSchema.safeParse(parseJson(body)).data?.data ?? [];
  const vectors = items.toSorted((left, right) => left.index - right.index).map(unitVector);
  const isWhole =
    vectors.length === texts &&
    items.every(({ embedding }) => embedding.length === items[0]?.embedding.length) &&
    new Set(items.map(({ index }) => index)).size === texts;
  const known = vectors.filter((vector) => vector !== undefined);
  return isWhole && known.length === texts ? known : undefined;
}

function unitVector({ embedding }: { readonly embedding: readonly number[] }): Float32Array | undefined {
  const length = Math.hypot(...embedding);
  if (!Number.isFinite(length) || length === 0) return undefined;
  return Float32Array.from(embedding, (value) => value / length);
}
