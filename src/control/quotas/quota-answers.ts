// How quotas stand, as the admin API tells it. Types only.
import type { Quota } from "../../resources/quota.ts";

/** `warned`: over the lowest share that is told of; `exhausted`: nothing is left. */
export const quotaStates = ["ok", "warned", "exhausted"] as const;
export type QuotaStateName = (typeof quotaStates)[number];

export interface QuotaState {
  readonly name: string;
  readonly metric: Quota["metric"];
  /** Tokens, or USD: settled in the period that runs. */
  readonly used: number;
  /** Held by requests that run. */
  readonly reserved: number;
  readonly limit: number;
  readonly period: Quota["period"];
  readonly timeZone: string;
  readonly dryRun: boolean;
  readonly startsAt: string;
  readonly resetsAt: string;
  readonly state: QuotaStateName;
  /** Of a consumer's usage: the group whose quota it is; absent = its own. */
  readonly group?: string;
}

/** A row of the list of all quotas. */
export interface ListedQuota extends QuotaState {
  readonly owner: { readonly kind: "consumer" | "consumer-group"; readonly name: string };
}
