// Which rule of mode by-model-name takes a model, for whoever writes rules. Knows no target; the data plane has its own.
import { compilePattern, type Pattern } from "../lib/wildcard.ts";

interface Ranked {
  /** Place in the list. */
  readonly index: number;
  readonly pattern: Pattern;
}

/** Rules in the order in which they are asked: exact names, then most literal characters, then the list's order. */
function ranked(patterns: readonly string[]): Ranked[] {
  const rows = patterns.map((text, index) => ({ index, pattern: compilePattern(text) }));
  // The sort is stable.
  return rows.toSorted((a, b) => {
    if (a.pattern.exact !== b.pattern.exact) return a.pattern.exact ? -1 : 1;
    return a.pattern.exact ? 0 : b.pattern.literals - a.pattern.literals;
  });
}

/** @returns tells for a model the place in the list of the rule that takes it; -1 when none does */
export function createRuleFinder(patterns: readonly string[]): (model: string) => number {
  const rows = ranked(patterns);
  return (model) => rows.find(({ pattern }) => pattern.matches(model))?.index ?? -1;
}

/** For each rule the place of another one that takes all its models before it; -1 when it may be asked. */
export function shadowedRules(patterns: readonly string[]): readonly number[] {
  const rows = ranked(patterns);
  const shadows = patterns.map(() => -1);
  rows.forEach((row, at) => {
    const before = rows.slice(0, at).find((other) => covers(other.pattern, row.pattern));
    if (before !== undefined) shadows[row.index] = before.index;
  });
  return shadows;
}

/** More stars than this would take too many trials; such a rule is not looked at. */
const maxStars = 6;
/** A character that no model name has: what only a wildcard fits. */
const foreign = "\u{10FFFD}";

/** Whether every text that fits `inner` fits `outer`, tried with all runs of its stars at their shortest and longest. */
function covers(outer: Pattern, inner: Pattern): boolean {
  const parts = inner.source.replaceAll("?", foreign).split("*");
  const stars = parts.length - 1;
  if (stars > maxStars) return false;
  // Longer than anything that `outer` could match without a star of its own.
  const longRun = foreign.repeat(Array.from(outer.source).length + 1);
  for (let choice = 0; choice < 2 ** stars; choice += 1) {
    const [first = "", ...others] = parts;
    const text = others.reduce(
      (left, part, star) => left + ((choice >> star) % 2 === 1 ? longRun : "") + part,
      first,
    );
    if (!outer.matches(text)) return false;
  }
  return true;
}
