// An alert as a sentence, and its state as a word and a moon. Pure.
import type { AlertStateName } from "../../../../src/control/routes/console-answers.ts";
import type { PlainKey, Translate } from "../../i18n/messages.ts";
import { valueText } from "../../ui/chart/values.ts";
import type { Phase } from "../../ui/moon.tsx";
import { dimensions, type AlertRule } from "./alert-draft.ts";
import type { alertMessages } from "./alert-messages.ts";
import { alertMetrics } from "./alert-metrics.ts";

export type AlertWords = Translate<(typeof alertMessages)["en"]>;

const signs = { ">": ">", ">=": "≥", "<": "<", "<=": "≤" } as const;
export const signOf = (op: keyof typeof signs): string => signs[op];

export function filterWords(filter: Readonly<Record<string, string | undefined>>, t: AlertWords): string {
  return dimensions
    .flatMap((dimension) => {
      const value = filter[dimension];
      return value === undefined ? [] : [t("filterText", { name: t(`d_${dimension}`), value })];
    })
    .join(", ");
}

/** `Fallback rate of Model API chat > 5.00 % for 5 min` */
export function ruleSentence(rule: AlertRule, t: AlertWords): string {
  const { metric, filter, op, threshold, forSeconds } = rule;
  const { unit, word } = alertMetrics[metric];
  const isSum = unit === "count" || unit === "tokens" || unit === "usd";
  const minutes = Math.max(1, Math.ceil(forSeconds / 60));
  const time =
    isSum || forSeconds === 0
      ? t("withinMinutes", { n: minutes })
      : forSeconds % 60 === 0 && forSeconds > 0
        ? t("forMinutes", { n: forSeconds / 60 })
        : t("forSeconds", { n: forSeconds });
  const values = { metric: t(word), op: signOf(op), threshold: valueText(threshold, unit), time };
  const where = filterWords(filter, t);
  return where === "" ? t("sentence", values) : t("sentenceOf", { ...values, filter: where });
}

export const stateWords: Readonly<Record<AlertStateName, PlainKey<typeof alertMessages>>> = {
  off: "stateOff",
  waiting: "stateWaiting",
  ok: "stateOk",
  pending: "statePending",
  firing: "stateFiring",
};

export const statePhases: Readonly<Record<AlertStateName, Phase>> = {
  off: "ring",
  waiting: "crescent",
  ok: "full",
  pending: "half",
  firing: "struck",
};

/** Those that fire first, then those that may soon. */
export const stateOrder: readonly AlertStateName[] = ["firing", "pending", "ok", "waiting", "off"];
