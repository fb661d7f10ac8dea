// A quota in words: its amounts, its period, when it resets in its own zone, its state. No markup.
import type { QuotaState, QuotaStateName } from "../../../../src/control/quotas/quota-answers.ts";
import type { Quota } from "../../../../src/resources/quota.ts";
import { formatCount, formatMoney } from "../../i18n/format.ts";
import type { Language, Translate } from "../../i18n/messages.ts";
import type { Phase } from "../../ui/moon.tsx";
import type { quotaMessages } from "./quota-messages.ts";

export type QuotaWords = Translate<(typeof quotaMessages)["en"]>;

const statePhases: Readonly<Record<QuotaStateName, Phase>> = {
  ok: "full",
  warned: "half",
  exhausted: "struck",
};

/** One that refuses nothing is never struck out. */
export function quotaPhase({ state, dryRun }: Pick<QuotaState, "state" | "dryRun">): Phase {
  return dryRun && state === "exhausted" ? "half" : statePhases[state];
}

export function amountText(metric: Quota["metric"], amount: number): string {
  if (metric === "tokens") return formatCount(Math.round(amount));
  // Whole cents are a sum that somebody has set: they need no more places.
  const cents = amount * 100;
  return amount !== 0 && Math.abs(cents - Math.round(cents)) < 1e-9
    ? `$ ${amount.toLocaleString("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`
    : formatMoney(amount);
}

/** Of the limit, 0 to 1; a limit of nothing is used up. */
export function usedShare({ used, limit }: Pick<QuotaState, "used" | "limit">): number {
  return limit <= 0 ? 1 : Math.min(1, used / limit);
}

/** What running requests hold of the limit, as far as it fits behind what is used. */
export function reservedShare(quota: Pick<QuotaState, "used" | "reserved" | "limit">): number {
  return quota.limit <= 0 ? 0 : Math.min(1 - usedShare(quota), quota.reserved / quota.limit);
}

export function periodText(period: Quota["period"], t: QuotaWords): string {
  if (period === "day") return t("everyDay");
  if (period === "week") return t("everyWeek");
  if (period === "month") return t("everyMonth");
  return t("everyDays", { n: period.days });
}

/** `1 Dec 00:00` or `12 月 1 日 00:00`, by the clocks of a zone. */
export function zonedTime(iso: string, timeZone: string, language: Language): string {
  const parts = new Map(
    new Intl.DateTimeFormat("en", {
      timeZone,
      month: language === "zh" ? "numeric" : "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(new Date(iso))
      .map(({ type, value }) => [type, value]),
  );
  const of = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? "";
  const clock = `${of("hour")}:${of("minute")}`;
  return language === "zh"
    ? `${of("month")} 月 ${of("day")} 日 ${clock}`
    : `${of("day")} ${of("month")} ${clock}`;
}

/** A quota that is near its end or over it, in a sentence. */
export function attentionSentence(quota: QuotaState, t: QuotaWords, language: Language): string {
  const { name, metric, used, limit, timeZone, resetsAt, state, dryRun } = quota;
  const values = {
    name,
    limit: amountText(metric, limit),
    time: zonedTime(resetsAt, timeZone, language),
    zone: timeZone,
  };
  if (state === "exhausted") return t(dryRun ? "usedUpDry" : "usedUp", values);
  return t("nearEnd", { ...values, used: amountText(metric, used) });
}
