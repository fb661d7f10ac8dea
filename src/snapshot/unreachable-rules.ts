// Which rules of mode by-model-name can never be chosen, since others take every name that they fit. Knows no target.
import { isCovered } from "../lib/wildcard-cover.ts";
import { compilePattern, type Pattern } from "../lib/wildcard.ts";

export interface UnreachableRule {
  readonly index: number;
  /** The rules that come before it and together leave it nothing. */
  readonly takenBy: readonly number[];
}

interface Rule {
  readonly index: number;
  readonly pattern: Pattern;
}

/** More rules than this with the same letters are not compared with each other. */
const maxCompared = 20;

/**
 * A rule that wins has as many literal characters or more. More of them cannot cover: in a name that has other
 * characters wherever the pattern allows any, there are too few. So only rules with the very same letters count.
 * What is found is certain; something may go unnoticed.
 */
export function unreachableRules(patterns: readonly string[]): UnreachableRule[] {
  const byLetters = new Map<string, Rule[]>();
  for (const [index, text] of patterns.entries()) {
    const pattern = compilePattern(text);
    const letters = pattern.source.replaceAll(/[?*]/gu, "");
    const same = byLetters.get(letters);
    if (same === undefined) byLetters.set(letters, [{ index, pattern }]);
    else same.push({ index, pattern });
  }
  return [...byLetters.values()].flatMap(unreachableAmong).toSorted((a, b) => a.index - b.index);
}

/** @param rules in list order */
function unreachableAmong(rules: readonly Rule[]): UnreachableRule[] {
  const exactFirst = [
    ...rules.filter(({ pattern }) => pattern.exact),
    ...rules.filter(({ pattern }) => !pattern.exact),
  ];
  return exactFirst.flatMap((rule, place) => {
    const takenBy = takers(rule, exactFirst.slice(0, Math.min(place, maxCompared)));
    return takenBy.length === 0 ? [] : [{ index: rule.index, takenBy }];
  });
}

function takers(rule: Rule, winners: readonly Rule[]): number[] {
  const { source } = rule.pattern;
  const alone = winners.find(({ pattern }) => isCovered(source, [pattern.source]));
  if (alone !== undefined) return [alone.index];
  const sources = winners.map(({ pattern }) => pattern.source);
  return winners.length > 1 && isCovered(source, sources) ? winners.map(({ index }) => index) : [];
}
