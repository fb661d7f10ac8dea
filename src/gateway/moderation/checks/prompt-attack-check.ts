// The check for known attacks on a model's instructions, by the rules of `attack-rules.ts`. Looks only around the words
// that every match of a rule holds, so that its work is bounded. Knows not what follows from a find.
import { foldText } from "../../../lib/text-folding/fold.ts";
import { compilePattern, type LinearPattern } from "../../../lib/linear-pattern/linear-pattern.ts";
import type { Reading } from "../../../lib/text-folding/readings.ts";
import { sourceSpan, textOf, viewOf, type Span } from "../../../lib/text-folding/text-view.ts";
import { WordAutomaton } from "../../../lib/word-automaton.ts";
import type { PromptAttackCheck } from "../../../snapshot/snapshot-moderation.ts";
import { attackRules, type AttackRule } from "./attack-rules.ts";
import { kindOfFind, type FindKind, type Found, type LocalFinder } from "./local-check.ts";

/** No match is longer. */
const longest = 240;
/** Looked at together: fewer characters than a pattern may need states for. */
const chunk = 4_096;

interface Rule {
  readonly patterns: readonly LinearPattern[];
  readonly kind: FindKind;
}

/** Anchor -> the rules that it stands for. */
interface Anchors {
  readonly automaton: WordAutomaton;
  readonly rules: readonly (readonly number[])[];
}

/** The same for every check: made when the first is. */
let compiled:
  | { readonly anchors: Anchors; readonly patterns: readonly (readonly LinearPattern[])[] }
  | undefined;

function compileRules(rules: readonly AttackRule[]): NonNullable<typeof compiled> {
  const byWord = new Map<string, number[]>();
  for (const [index, { anchors }] of rules.entries()) {
    for (const anchor of anchors) {
      const word = textOf(foldText(viewOf(anchor)));
      byWord.set(word, [...(byWord.get(word) ?? []), index]);
    }
  }
  return {
    anchors: { automaton: new WordAutomaton([...byWord.keys()]), rules: [...byWord.values()] },
    // Texts are folded with their letters taken apart.
    patterns: rules.map(({ patterns }) =>
      patterns.map((pattern) => compilePattern(pattern.normalize("NFKD"))),
    ),
  };
}

export function promptAttackFinder(config: PromptAttackCheck): LocalFinder {
  compiled ??= compileRules(attackRules);
  const { anchors, patterns } = compiled;
  const rules = attackRules.map(({ id, risk }, index): Rule => ({
    patterns: patterns[index] ?? [],
    kind: kindOfFind(config, "prompt-attack", id, risk),
  }));
  const all = patterns.flat();
  return {
    reach: longest,
    openFrom: ({ folded, foldedText }) => {
      const begin = openAttack(foldedText, all);
      return begin === foldedText.length ? Infinity : (folded.starts[begin] ?? 0);
    },
    find: (reading) => findAttacks(reading, rules, anchors),
  };
}

/** Where the first attack may begin that is not over. */
function openAttack(text: string, patterns: readonly LinearPattern[]): number {
  const from = Math.max(0, text.length - longest);
  const tail = text.slice(Math.max(0, from - 1));
  let begin = tail.length;
  for (const pattern of patterns) {
    const open = pattern.openFrom(tail, Math.min(1, from), begin);
    if (open < begin) begin = open;
  }
  return text.length - tail.length + begin;
}

function findAttacks({ folded, foldedText }: Reading, rules: readonly Rule[], anchors: Anchors): Found[] {
  const found: Found[] = [];
  for (const [index, windows] of windowsOf(folded.units, anchors)) {
    const rule = rules[index];
    if (rule === undefined) continue;
    for (const window of windows) {
      for (const { start, end } of matchesIn(foldedText, window, rule.patterns)) {
        found.push({ ...sourceSpan(folded, start, end), kind: rule.kind });
      }
    }
  }
  return found;
}

/** In pieces, each of which reaches into the next as far as a match can. */
function* matchesIn(text: string, window: Span, patterns: readonly LinearPattern[]): Generator<Span> {
  for (let from = window.start; from < window.end; from += chunk) {
    const part = text.slice(from, Math.min(window.end, from + chunk + longest));
    for (const pattern of patterns) {
      for (const { start, end } of pattern.spans(part)) yield { start: from + start, end: from + end };
    }
  }
}

/** By rule: what has to be looked at, in order, each character once. */
function windowsOf(units: Uint16Array, { automaton, rules }: Anchors): Map<number, Span[]> {
  const windows = new Map<number, { start: number; end: number }[]>();
  automaton.find(units, (word, wordEnd) => {
    const start = Math.max(0, wordEnd - longest);
    const end = Math.min(units.length, wordEnd + longest);
    for (const rule of rules[word] ?? []) {
      const spans = windows.get(rule) ?? [];
      const last = spans.at(-1);
      if (last !== undefined && start <= last.end) last.end = end;
      else spans.push({ start, end });
      windows.set(rule, spans);
    }
    return false;
  });
  return windows;
}
