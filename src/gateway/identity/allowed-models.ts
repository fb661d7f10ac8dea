// Whether a consumer may ask for the model that its request names. Costs a null check where grants name no models.
import { GatewayError } from "../../core/errors.ts";
import type { Exchange, Matched } from "../exchange.ts";
import type { AllowedModels } from "./grants.ts";

/** Whether a model stands in a grant. */
export function allowsModel(allowed: AllowedModels, model: string): boolean {
  return allowed === null || allowed.some((pattern) => pattern.matches(model));
}

/**
 * To be asked when the request's body was read. Routes that name no model, such as those of files, are not limited.
 * @throws GatewayError consumer_not_allowed
 */
export function requireModel(exchange: Exchange, { operation }: Matched): void {
  const { allowedModels, requestedModel } = exchange;
  if (allowedModels === null) return;
  if (requestedModel === undefined) {
    if (operation.model === "none") return;
    const message = "The grant of this consumer is for certain models: name one of them.";
    throw new GatewayError("consumer_not_allowed", { message, param: "model" });
  }
  if (allowsModel(allowedModels, requestedModel)) return;
  const message = "The grant of this consumer does not cover the requested model.";
  throw new GatewayError("consumer_not_allowed", { message, param: "model" });
}
