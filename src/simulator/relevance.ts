// Ranks documents by the words that they share with a query. Must not know protocols.
import { countTokens } from "./tokens.ts";

export interface Ranked {
  /** Position in the request. */
  readonly index: number;
  /** 0 to 1. */
  readonly score: number;
  readonly text: string;
}

/** Best first; `most` of them, all for 0. */
export function rank(query: string, documents: readonly string[], most: number): Ranked[] {
  const wanted = new Set(wordsOf(query));
  const ranked = documents.map((text, index): Ranked => {
    const words = new Set(wordsOf(text));
    const shared = Array.from(words).filter((word) => wanted.has(word)).length;
    // Later documents lose a little, so that no two have the same score.
    const score = (shared + 0.5) / (wanted.size + 1) - index / 1e6;
    return { index, score: Math.max(0, Math.round(score * 1e6) / 1e6), text };
  });
  ranked.sort((one, other) => other.score - one.score || one.index - other.index);
  return most === 0 ? ranked : ranked.slice(0, most);
}

/** Tokens of a ranking: the query is read once with every document. */
export function countRanking(query: string, documents: readonly string[]): number {
  const perQuery = countTokens(query);
  return documents.reduce((sum, text) => sum + perQuery + countTokens(text), 0);
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}
