// The quotas that an owner counts under: its own as they are set, with how they stand, then those of its groups. Pure.
import type { QuotaState } from "../../../../src/control/quotas/quota-answers.ts";
import type { Owner } from "./owner.ts";

export interface QuotaRow {
  readonly name: string;
  /** The consumer group whose quota it is; undefined: the owner's own, which can be changed here. */
  readonly group: string | undefined;
  readonly enabled: boolean;
  readonly set: Pick<QuotaState, "metric" | "limit" | "period" | "timeZone" | "dryRun">;
  /** Undefined while it is not known, and of one that is off. */
  readonly state: QuotaState | undefined;
}

export function quotaRows(owner: Owner, states: readonly QuotaState[] | undefined): QuotaRow[] {
  const own = new Map(states?.filter(({ group }) => group === undefined).map((each) => [each.name, each]));
  return [
    ...owner.quotas.map((quota) => ({
      name: quota.name,
      group: undefined,
      enabled: quota.enabled,
      set: quota,
      state: quota.enabled ? own.get(quota.name) : undefined,
    })),
    ...(states ?? []).flatMap((state) =>
      state.group === undefined
        ? []
        : [{ name: state.name, group: state.group, enabled: true, set: state, state }],
    ),
  ];
}
