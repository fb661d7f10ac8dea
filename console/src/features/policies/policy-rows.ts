// The states of all policies of all Model APIs, and which of them a filter leaves. Pure.
import type { ModelApi } from "../../api/resources.ts";
import { policiesOf, policyNames, type PolicyName } from "../model-api-form/policies/policy-draft.ts";
import {
  policyState,
  type PolicyState,
  type StatedPolicies,
} from "../model-api-form/policies/policy-states.ts";
import type { PoliciesSearch } from "./policies-search.ts";

export interface PolicyRow {
  readonly name: string;
  readonly enabled: boolean;
  readonly policies: StatedPolicies;
  readonly states: Readonly<Record<PolicyName, PolicyState>>;
}

const noId = (): string => "";

export function policyRow(api: ModelApi): PolicyRow {
  const { auth } = api;
  const policies = { ...policiesOf(api, noId), authOn: auth.enabled, grants: auth.grants };
  const stateOf = (name: PolicyName): PolicyState => policyState(policies, name);
  return {
    name: api.name,
    enabled: api.enabled,
    policies,
    states: {
      ipAccess: stateOf("ipAccess"),
      auth: stateOf("auth"),
      transform: stateOf("transform"),
      shaping: stateOf("shaping"),
      rateLimits: stateOf("rateLimits"),
      moderation: stateOf("moderation"),
      cache: stateOf("cache"),
      cors: stateOf("cors"),
    },
  };
}

export function matchingRows(
  rows: readonly PolicyRow[],
  { q = "", policy, state = [] }: PoliciesSearch,
): PolicyRow[] {
  const wanted = q.trim().toLowerCase();
  const looked = policyNames.filter((name) => policy === undefined || name === policy);
  return rows.filter(
    (row) =>
      row.name.toLowerCase().includes(wanted) &&
      (state.length === 0 || looked.some((name) => state.includes(row.states[name]))),
  );
}

/** How many Model APIs each state would leave. */
export function countsByState(
  rows: readonly PolicyRow[],
  policy: string | undefined,
): ReadonlyMap<PolicyState, number> {
  const looked = policyNames.filter((name) => policy === undefined || name === policy);
  const counts = new Map<PolicyState, number>();
  for (const row of rows)
    for (const state of new Set(looked.map((name) => row.states[name])))
      counts.set(state, (counts.get(state) ?? 0) + 1);
  return counts;
}
