// An alert while it is edited: what stands in the fields, what is wrong with it, and the body that is saved. Pure.
import type { MetricDimension } from "../../../../src/control/routes/console-answers.ts";
import { isObjectName } from "../../api/object-name.ts";
import type { Alert } from "../../api/resources.ts";
import { alertMetrics, shownThreshold, storedThreshold, type AlertMetric } from "./alert-metrics.ts";

export const comparisons = [">", ">=", "<", "<="] as const;
export type Comparison = (typeof comparisons)[number];

export const dimensions = [
  "api",
  "service",
  "model",
  "consumer",
  "resourceGroup",
  "route",
  "requestedModel",
  "stream",
  "status",
  "statusClass",
  "outcome",
  "errorCode",
  "reason",
] as const satisfies readonly MetricDimension[];

export interface FilterDraft {
  readonly id: number;
  readonly dimension: MetricDimension;
  readonly value: string;
}

export interface NotifyDraft {
  readonly id: number;
  readonly webhook: string;
  /** As it was read; undefined without one. */
  readonly stored: unknown;
  /** Null: the stored one stays. */
  readonly typed: string | null;
}

export interface AlertDraft {
  readonly name: string;
  readonly enabled: boolean;
  readonly metric: AlertMetric;
  readonly filters: readonly FilterDraft[];
  readonly op: Comparison;
  /** As it is typed: percent of a share. */
  readonly threshold: number | "";
  readonly forSeconds: number | "";
  readonly notify: readonly NotifyDraft[];
}

/** What is watched, without whom to tell. */
export interface AlertRule {
  readonly metric: AlertMetric;
  readonly filter: Readonly<Record<string, string>>;
  readonly op: Comparison;
  readonly threshold: number;
  readonly forSeconds: number;
}

export const newDraft: AlertDraft = {
  name: "",
  enabled: true,
  metric: "error_rate",
  filters: [],
  op: ">",
  threshold: 5,
  forSeconds: 300,
  notify: [],
};

export function draftOf(alert: Alert): AlertDraft {
  const { name, enabled, metric, filter, op, threshold, forSeconds, notify } = alert;
  return {
    name,
    enabled,
    metric,
    filters: dimensions.flatMap((dimension, id) => {
      const value = filter[dimension];
      return value === undefined ? [] : [{ id, dimension, value }];
    }),
    op,
    threshold: shownThreshold(threshold, alertMetrics[metric].unit),
    forSeconds,
    notify: notify.map(({ webhook, secret }, id) => ({
      id,
      webhook,
      stored: secret,
      typed: secret === undefined ? "" : null,
    })),
  };
}

/** Null while a number or a value is missing. */
export function ruleOf({ metric, filters, op, threshold, forSeconds }: AlertDraft): AlertRule | null {
  if (threshold === "" || filters.some(({ value }) => value.trim() === "")) return null;
  return {
    metric,
    filter: Object.fromEntries(filters.map(({ dimension, value }) => [dimension, value.trim()])),
    op,
    threshold: storedThreshold(threshold, alertMetrics[metric].unit),
    forSeconds: forSeconds === "" ? 0 : forSeconds,
  };
}

export type AlertFault = "name" | "threshold" | "value" | "webhook";

export function faultsOf(draft: AlertDraft): ReadonlySet<AlertFault> {
  const faults = new Set<AlertFault>();
  if (!isObjectName(draft.name)) faults.add("name");
  if (draft.threshold === "") faults.add("threshold");
  if (draft.filters.some(({ value }) => value.trim() === "")) faults.add("value");
  if (draft.notify.some(({ webhook }) => !isWebhook(webhook))) faults.add("webhook");
  return faults;
}

export function isWebhook(text: string): boolean {
  return /^https?:\/\/[^\s/]+/u.test(text.trim());
}

/** What is sent; null while something is wrong. */
export function bodyOf(draft: AlertDraft): object | null {
  const rule = ruleOf(draft);
  if (rule === null || faultsOf(draft).size > 0) return null;
  return {
    name: draft.name,
    enabled: draft.enabled,
    ...rule,
    notify: draft.notify.map(({ webhook, stored, typed }) => {
      const secret = typed === null ? stored : typed === "" ? undefined : typed;
      return { webhook: webhook.trim(), ...(secret === undefined ? {} : { secret }) };
    }),
  };
}

/** A dimension that is not in use yet. */
export function nextDimension(filters: readonly FilterDraft[]): MetricDimension | undefined {
  return dimensions.find((each) => !filters.some(({ dimension }) => dimension === each));
}

/** One more than any before. */
export function nextId(items: readonly { readonly id: number }[]): number {
  return Math.max(-1, ...items.map(({ id }) => id)) + 1;
}
