// A rule of mode intelligent as a sentence. Knows no React.
import type { Translate } from "../../../i18n/messages.ts";
import type { profileMessages } from "./profile-messages.ts";
import type { RoutingRule } from "./routing-draft.ts";
import type { ruleMessages } from "./rule-messages.ts";

type Words = Translate<(typeof ruleMessages)["en"]>;
type ProfileWords = Translate<(typeof profileMessages)["en"]>;

const shownMost = 3;

function listed(items: readonly string[], t: Words): string {
  const shown = items.slice(0, shownMost).join(t("comma"));
  const rest = items.length - shownMost;
  return rest > 0 ? `${shown}${t("comma")}${t("more", { n: rest })}` : shown;
}

/** When a rule holds, and what follows. */
export function ruleSentence(rule: RoutingRule, t: Words, profiles: ProfileWords): string {
  const when = [
    ...(rule.keywords.length > 0 ? [t("saysHas", { words: listed(rule.keywords, t) })] : []),
    ...(rule.patterns.length > 0 ? [t("saysMatches", { patterns: listed(rule.patterns, t) })] : []),
    ...(rule.header === undefined
      ? []
      : [t("saysHeader", { name: rule.header.name + said(rule.header.value) })]),
    ...(rule.metadata === undefined
      ? []
      : [t("saysMetadata", { name: rule.metadata.key + said(rule.metadata.value) })]),
    ...(rule.consumer === undefined ? [] : [t("saysConsumer") + said(rule.consumer)]),
  ];
  const then = [
    ...(rule.model === undefined ? [] : [t("thenModel", { model: rule.model })]),
    ...(rule.domain === undefined ? [] : [t("thenDomain", { domain: rule.domain })]),
    ...(rule.profile === undefined ? [] : [t("thenProfile", { profile: profiles(rule.profile) })]),
  ];
  return t("whenThen", {
    when: when.length === 0 ? t("saysNothing") : when.join(t("and")),
    result: then.length === 0 ? t("saysNothing") : then.join(t("comma")),
  });
}

const signs = { exact: " = ", prefix: " = ", regex: " ~ " } as const;

function said(match: NonNullable<RoutingRule["consumer"]>): string {
  if (match.type === "any") return "";
  return `${signs[match.type]}${match.value}${match.type === "prefix" ? "…" : ""}`;
}
