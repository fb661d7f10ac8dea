// Where each policy of a Model API stands, in one word. Knows no language and no React.
import type { Grant } from "../draft.ts";
import { isBare, type PolicyDraft, type PolicyName } from "./policy-draft.ts";

/** `nobody`: on, and it lets nobody through. */
export const policyStates = ["on", "dryRun", "nobody", "off"] as const;
export type PolicyState = (typeof policyStates)[number];

export type StatedPolicies = PolicyDraft & { readonly authOn: boolean; readonly grants: readonly Grant[] };

export function policyState(draft: StatedPolicies, name: PolicyName): PolicyState {
  switch (name) {
    case "auth":
      if (!draft.authOn) return "off";
      return draft.grants.length === 0 ? "nobody" : "on";
    case "moderation": {
      const { enabled, dryRun, checks } = draft.moderation;
      if (!enabled || checks.length === 0) return "off";
      return dryRun ? "dryRun" : "on";
    }
    case "rateLimits":
      if (draft.paused.includes(name) || isBare(draft, name)) return "off";
      return draft.rateLimits.every(({ limit }) => limit.dryRun) ? "dryRun" : "on";
    case "cache":
      return draft.cache.enabled ? "on" : "off";
    case "cors":
      return draft.cors.enabled ? "on" : "off";
    case "ipAccess":
    case "shaping":
    case "transform":
      return draft.paused.includes(name) || isBare(draft, name) ? "off" : "on";
  }
}
