// Mode intelligent of a Model API, saved or not, as the engine decides by it: what its candidates are taken for included.
// Knows no request.
import { catalogueOf } from "../../providers/model-catalogue.ts";
import type { ModelService } from "../../resources/model-service.ts";
import { modelsOf, type RoutingModel } from "../../routing/decision/characteristics.ts";
import {
  compileRouting as compileDecision,
  type CompiledRouting,
} from "../../routing/decision/gather-evidence.ts";
import type { RoutingPolicy } from "../../routing/policy.ts";
import { compileRouting } from "../../snapshot/compile-routing.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";
import { ControlError } from "../control-error.ts";

export type Intelligent = Extract<ModelService, { readonly mode: "intelligent" }>;

export interface DraftRouting {
  readonly policy: RoutingPolicy;
  readonly models: readonly RoutingModel[];
}

/** Ready for prompts. */
export function compiled({ policy, models }: DraftRouting): CompiledRouting {
  return compileDecision(policy, models);
}

/** @throws ControlError `conflict` */
export function requireIntelligent(api: string, modelService: ModelService): Intelligent {
  if (modelService.mode === "intelligent") return modelService;
  throw new ControlError(
    "conflict",
    `"${api}" is of mode ${modelService.mode}; only mode intelligent learns.`,
  );
}

export function draftRouting(
  { services, modelData }: Pick<Snapshot, "services" | "modelData">,
  modelService: Intelligent,
  tableOf?: Parameters<typeof compileRouting>[1],
): DraftRouting {
  const policy = compileRouting(modelService, tableOf);
  const catalogue = catalogueOf(modelData);
  const models = modelsOf(policy, ({ service, model }) => {
    const config = services.get(service);
    if (config === undefined) return { known: undefined, price: undefined };
    const [, price] = config.prices.find(([name]) => name === model) ?? [];
    return { known: catalogue.known(config.provider, model), price };
  });
  return { policy, models };
}
