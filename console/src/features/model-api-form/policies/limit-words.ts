// A rate limit as a plain sentence. Knows no React.
import type { Translate } from "../../../i18n/messages.ts";
import type { limitMessages } from "./limit-messages.ts";
import type { LimitDraft, ValueMatch } from "./policy-draft.ts";

type LimitTexts = Translate<(typeof limitMessages)["en"]>;

export function limitSentence(limit: LimitDraft["limit"], t: LimitTexts): string {
  const { limit: n, metric, window = "minute", dryRun } = limit;
  if (n === undefined) return t("unfinished");
  const who = matched(limit.match, counted(limit, t), t);
  const sentence =
    metric === "concurrency"
      ? t("may-concurrency", { who, n })
      : t(metric === "tokens" ? "may-tokens" : "may-requests", { who, n, window: t(window) });
  return dryRun ? t("dry-run", { sentence }) : sentence;
}

function counted({ by, key = "…" }: LimitDraft["limit"], t: LimitTexts): string {
  switch (by) {
    case "header":
      return t("by-header", { key });
    case "query":
      return t("by-query", { key });
    case "cookie":
      return t("by-cookie", { key });
    default:
      return t(`by-${by}`);
  }
}

function matched(match: ValueMatch, who: string, t: LimitTexts): string {
  return match.type === "any" ? who : t(`for-${match.type}`, { who, value: match.value || "…" });
}
