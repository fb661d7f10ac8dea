// The middle form of reranking: what every protocol of it asks and answers. Must not know any protocol.
import { isRawNumber, numberIn } from "../../lib/exact-json.ts";
import { isJsonObject, listOf, memberOf, type JsonObject } from "../../lib/json-value.ts";
import type { ReportedError } from "../../protocols/wire.ts";

export interface RerankAsk {
  readonly query: string;
  readonly documents: readonly string[];
  /** How many of the best are wanted; undefined: all. A number as it came. */
  readonly topN: unknown;
  /** What to judge by, in words. */
  readonly instruction: string | undefined;
  /** Texts of documents are wanted back. */
  readonly returnDocuments: boolean;
  /** Fields without a place above, by their names. */
  readonly others: JsonObject;
}

export interface RerankResult {
  /** Of the document as the client listed them. */
  readonly index: number;
  /** A number as it came: its digits stay. */
  readonly score: unknown;
}

export interface RerankAnswer {
  readonly id: string | undefined;
  /** The best first. */
  readonly results: readonly RerankResult[];
  /** Undefined: the service did not say. */
  readonly totalTokens: number | undefined;
}

/** Ranks out of the list of an answer, the best first. */
export function readResults(
  list: unknown,
  { documents }: RerankAsk,
): readonly RerankResult[] | ReportedError {
  if (!Array.isArray(list)) return { status: 502, message: "The model service answered without ranks." };
  const results: RerankResult[] = [];
  for (const item of list) {
    const index = numberIn(memberOf(item, "index"));
    const score = memberOf(item, "relevance_score");
    const isKnown = index !== undefined && Number.isInteger(index) && index >= 0 && index < documents.length;
    if (!isKnown || numberIn(score) === undefined)
      return { status: 502, message: "The model service answered with a rank of no document." };
    results.push({ index, score });
  }
  return results.toSorted((left, right) => (numberIn(right.score) ?? 0) - (numberIn(left.score) ?? 0));
}

/** Texts, or objects with one; undefined for anything else. */
export function textOfDocument(document: unknown): string | undefined {
  const text = isJsonObject(document) && !isRawNumber(document) ? memberOf(document, "text") : document;
  return typeof text === "string" ? text : undefined;
}

/** Whatever name the list of ranks has: vLLM, Jina and Cohere say `results`, Voyage `data`. */
export function listOfRanks(body: unknown): unknown {
  return memberOf(body, "results") ?? (listOf(body, "data").length > 0 ? memberOf(body, "data") : undefined);
}
