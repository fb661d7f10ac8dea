// Which models of mode intelligent a consumer's grant lets it have, and by which names it may ask. Knows no score.
import { asksForNoProfile, autoNames } from "../../routing/decision/profiles.ts";
import type { RoutingPolicy } from "../../routing/policy.ts";
import type { SnapshotModelService } from "../../snapshot/snapshot.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { AllowedModels } from "../identity/grants.ts";

/**
 * Where a grant covers candidates, these may be chosen; one that covers none of them, only names such as `auto`, leaves
 * the choice to the gateway.
 */
export function permittedModels(
  { allowedModels }: Pick<Exchange, "allowedModels">,
  { api }: Pick<Matched, "api">,
): (model: string) => boolean {
  const policy = policyOf(api.config.modelService);
  if (allowedModels === null || policy === undefined || !coversCandidate(policy, allowedModels))
    return () => true;
  return (model) => covers(allowedModels, model);
}

/** Whether a consumer may ask by this name, as far as it is one that only mode intelligent knows. Undefined: no name. */
export function mayAskRouted(
  policy: RoutingPolicy,
  allowed: AllowedModels,
  asked: string | undefined,
): boolean {
  if (allowed === null) return true;
  const isCandidate = policy.candidates.some(({ model }) => model === asked);
  // A profile that there is not is a slip, not something withheld: the refusal that follows names what there is.
  const isRouted =
    asked === undefined ||
    autoNames.includes(asked) ||
    (!isCandidate && (policy.otherNames === "route" || asksForNoProfile(asked)));
  return isRouted && coversCandidate(policy, allowed);
}

export function policyOf(modelService: SnapshotModelService): RoutingPolicy | undefined {
  return modelService.mode === "intelligent" ? modelService.policy : undefined;
}

function coversCandidate(policy: RoutingPolicy, allowed: AllowedModels): boolean {
  return policy.candidates.some(({ model }) => covers(allowed, model));
}

function covers(allowed: AllowedModels, model: string): boolean {
  return allowed === null || allowed.some((pattern) => pattern.matches(model));
}
