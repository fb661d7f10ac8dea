// What a policy comes to in one line. Knows no React.
import { formatCount } from "../../../i18n/format.ts";
import type { Translate } from "../../../i18n/messages.ts";
import type { cardMessages } from "./card-messages.ts";
import type { limitMessages } from "./limit-messages.ts";
import { limitSentence } from "./limit-words.ts";
import { isBare, transformPlaces, type CardName } from "./policy-draft.ts";
import type { StatedPolicies } from "./policy-states.ts";

export interface SummaryTexts {
  readonly card: Translate<(typeof cardMessages)["en"]>;
  readonly limit: Translate<(typeof limitMessages)["en"]>;
  /** Between the parts of a list. */
  readonly comma: string;
}

export function policySummary(draft: StatedPolicies, name: CardName, texts: SummaryTexts): string {
  const t = texts.card;
  switch (name) {
    case "auth":
      return authSummary(draft, texts);
    case "rateLimits":
      return limitsSummary(draft, texts);
    case "moderation":
      return moderationSummary(draft.moderation, t);
    case "cache":
      return cacheSummary(draft.cache, t);
    case "ipAccess": {
      const { allow, deny } = draft.ipAccess;
      if (draft.paused.includes(name) || isBare(draft, name)) return t("anyAddress");
      const allowed = allow.length === 0 ? t("everyone") : formatCount(allow.length);
      return t("addressesOf", { allow: allowed, deny: deny.length });
    }
    case "shaping":
      return shapingSummary(draft, texts);
    case "transform": {
      const n = transformPlaces.reduce((sum, place) => sum + draft.edits[place].length, 0);
      return draft.paused.includes(name) || n === 0 ? t("noTransform") : t("changes", { n });
    }
    case "translation":
      return translationSummary(draft, texts);
    case "cors": {
      const { enabled, origins } = draft.cors;
      if (!enabled) return t("corsOff");
      if (origins.includes("*")) return t("anyOrigin");
      return origins.length === 0 ? t("noOrigin") : t("origins", { n: origins.length });
    }
  }
}

function authSummary(draft: StatedPolicies, { card: t, comma }: SummaryTexts): string {
  if (!draft.authOn) return t("openAccess");
  if (draft.grants.length === 0) return t("nobodyGranted");
  const methods = draft.authMethods.map((method) => t(method)).join(comma);
  return t("granted", { methods, n: draft.grants.length });
}

function limitsSummary(draft: StatedPolicies, { card: t, limit }: SummaryTexts): string {
  const [first, ...others] = draft.rateLimits;
  if (first === undefined || draft.paused.includes("rateLimits")) return t("noLimits");
  const sentence = limitSentence(first.limit, limit);
  return others.length === 0 ? sentence : t("moreLimits", { first: sentence, n: others.length });
}

function moderationSummary(moderation: StatedPolicies["moderation"], t: SummaryTexts["card"]): string {
  const { enabled, checks, request, response, onError } = moderation;
  if (!enabled) return t("notChecked");
  if (checks.length === 0) return t("noChecks");
  const what = request ? (response ? "both" : "requests") : response ? "answers" : "neither";
  return t("checksOf", {
    n: checks.length,
    what: t(what),
    error: t(onError === "block" ? "errorBlock" : "errorPass"),
  });
}

function cacheSummary(cache: StatedPolicies["cache"], t: SummaryTexts["card"]): string {
  if (!cache.enabled) return t("noCache");
  return t("cacheOf", {
    mode: t(cache.mode),
    time: `${formatCount(cache.ttlSeconds)} s`,
    scope: t(cache.scope === "consumer" ? "scopeConsumer" : "scopeApi"),
  });
}

function shapingSummary(draft: StatedPolicies, { card: t, comma }: SummaryTexts): string {
  if (draft.paused.includes("shaping") || isBare(draft, "shaping")) return t("noShaping");
  const n = Object.keys(draft.parameters).length;
  return [
    ...(draft.prompt.systemPrefix === "" ? [] : [t("prefix")]),
    ...(draft.prompt.systemSuffix === "" ? [] : [t("suffix")]),
    ...(n === 0 ? [] : [t("parameters", { n })]),
  ].join(comma);
}

function translationSummary({ translation }: StatedPolicies, { card: t }: SummaryTexts): string {
  const { strict, passFields } = translation;
  const n = passFields.length;
  const rule = t(strict ? "strictly" : "leniently");
  return n === 0 ? rule : `${rule} ${t("passing", { n })}`;
}
