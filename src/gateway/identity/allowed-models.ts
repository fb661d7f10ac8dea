// Whether a consumer may ask for the model that its request names. Costs a null check where grants name no models.
import { GatewayError } from "../../core/errors.ts";
import type { SnapshotApi } from "../../snapshot/snapshot.ts";
import type { Exchange, Matched } from "../exchange.ts";
import { mayAskRouted, policyOf } from "../routing/permitted-models.ts";
import type { AllowedModels } from "./grants.ts";

/** Whether a model stands in a grant. */
export function allowsModel(allowed: AllowedModels, model: string): boolean {
  return allowed === null || allowed.some((pattern) => pattern.matches(model));
}

/** Whether a consumer may ask by a name, which may stand for a choice among models; undefined: by none. */
export function mayAsk(
  { modelService }: Pick<SnapshotApi, "modelService">,
  allowed: AllowedModels,
  name: string | undefined,
): boolean {
  if (name !== undefined && allowsModel(allowed, name)) return true;
  const policy = policyOf(modelService);
  return policy !== undefined && mayAskRouted(policy, allowed, name);
}

/**
 * To be asked when the request's body was read. Routes that name no model, such as those of files, are not limited.
 * @throws GatewayError consumer_not_allowed
 */
export function requireModel(exchange: Exchange, { api, operation }: Matched): void {
  const { allowedModels, requestedModel } = exchange;
  if (allowedModels === null) return;
  if (mayAsk(api.config, allowedModels, requestedModel)) return;
  if (requestedModel === undefined) {
    if (operation.model === "none") return;
    const message = "The grant of this consumer is for certain models: name one of them.";
    throw new GatewayError("consumer_not_allowed", { message, param: "model" });
  }
  const message = "The grant of this consumer does not cover the requested model.";
  throw new GatewayError("consumer_not_allowed", { message, param: "model" });
}
