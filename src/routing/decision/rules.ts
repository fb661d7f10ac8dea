// The author's own words on what a prompt is about: rules in their order, then keywords and patterns of domains. Made once
// per policy. Knows no features and no scores.
import type { Profile } from "../../core/routing-record.ts";
import { compilePattern } from "../../lib/linear-pattern/linear-pattern.ts";
import { valueMatcher, type ValueMatcher } from "../../lib/value-matcher.ts";
import type { PromptMatch, RoutingPolicy, RoutingRule } from "../policy.ts";
import type { RequestFacts } from "../request-facts.ts";
import { createWordSearch } from "./word-search.ts";

/** Of a longer question its beginning and its end are looked at, half of this each. */
export const lookedAtCharacters = 16_384;

export interface RuleOutcome {
  /** The rule that holds. */
  readonly rule?: { readonly name: string; readonly model?: string };
  readonly profile?: Profile;
  /** Domain that the rule says, else the first of which a keyword or pattern is found. */
  readonly domain?: { readonly name: string; readonly source: "rule" | "keywords" };
}

export type RuleReader = (
  facts: Pick<RequestFacts, "question" | "header" | "metadata" | "consumer">,
) => RuleOutcome;

type Facts = Parameters<RuleReader>[0];

/** What the question says of one rule or domain. */
type Says = (place: number) => boolean;

/** @throws SyntaxError for a regular expression that cannot be used */
export function createRuleReader({ rules, domains }: Pick<RoutingPolicy, "rules" | "domains">): RuleReader {
  const matches: readonly PromptMatch[] = [...rules, ...domains];
  const search = createQuestionSearch(matches);
  const conditions = rules.map(conditionOf);
  return (facts) => {
    const says = search(facts.question);
    const place = rules.findIndex((_, index) => conditions[index]?.(facts) === true && says(index));
    const rule = rules[place];
    const outcome = rule === undefined ? {} : outcomeOf(rule);
    if (outcome.domain !== undefined || domains.length === 0) return outcome;
    const domain = domains.find((one, index) => asksForWords(one) && says(rules.length + index));
    return domain === undefined ? outcome : { ...outcome, domain: { name: domain.name, source: "keywords" } };
  };
}

function outcomeOf({ name, model, profile, domain }: RoutingRule): RuleOutcome {
  return {
    rule: model === undefined ? { name } : { name, model },
    ...(profile !== undefined && { profile }),
    ...(domain !== undefined && { domain: { name: domain, source: "rule" } }),
  };
}

/** All that a rule asks for besides words: header, metadata and consumer, of which each must fit. */
function conditionOf({ header, metadata, consumer }: RoutingRule): (facts: Facts) => boolean {
  const checks: ((facts: Facts) => boolean)[] = [];
  if (header !== undefined) {
    const name = header.name.toLowerCase();
    const fits = valueMatcher(header.value);
    checks.push((facts) => isThere(facts.header(name), fits));
  }
  if (metadata !== undefined) {
    const fits = valueMatcher(metadata.value);
    checks.push((facts) => isThere(facts.metadata(metadata.key), fits));
  }
  if (consumer !== undefined) {
    const fits = valueMatcher(consumer);
    checks.push((facts) => fits(facts.consumer));
  }
  return (facts) => checks.every((check) => check(facts));
}

function isThere(value: string | undefined, fits: ValueMatcher): boolean {
  return value !== undefined && fits(value);
}

function asksForWords({ patterns, keywords }: PromptMatch): boolean {
  return patterns.length + keywords.length > 0;
}

/** Words are searched for once per question, and only when a rule asks; patterns one by one. */
function createQuestionSearch(matches: readonly PromptMatch[]): (question: string) => Says {
  const words = createWordSearch(matches.map(({ keywords }) => keywords));
  const patterns = matches.map((match) => match.patterns.map((pattern) => compilePattern(pattern)));
  return (question) => {
    const text = lookedAt(question);
    let found: ReadonlySet<number> | undefined;
    return (place) => {
      const match = matches[place];
      if (match === undefined || !asksForWords(match)) return true;
      if (match.keywords.length > 0) {
        found ??= words(text);
        if (found.has(place)) return true;
      }
      return (patterns[place] ?? []).some((pattern) => pattern.spans(text).length > 0);
    };
  };
}

function lookedAt(question: string): string {
  if (question.length <= lookedAtCharacters) return question;
  const half = lookedAtCharacters / 2;
  return `${question.slice(0, half)}\n${question.slice(-half)}`;
}
