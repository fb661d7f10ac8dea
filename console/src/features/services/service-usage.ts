// Which Model APIs send requests to a service: targets of the model service and of the fallback list.
import type { ModelApi } from "../../api/resources.ts";

/** Names of all services that a Model API may send to, each once. */
export function servicesOf(api: Pick<ModelApi, "modelService" | "fallback">): readonly string[] {
  const { modelService } = api;
  const targets = [
    ...("targets" in modelService ? modelService.targets : []),
    ...(modelService.mode === "by-model-name" ? modelService.rules.map((rule) => rule.target) : []),
    ...("candidates" in modelService ? modelService.candidates : []),
    ...("target" in modelService ? [modelService.target] : []),
    ...("default" in modelService && modelService.default !== undefined ? [modelService.default] : []),
    ...api.fallback.targets,
  ];
  return [...new Set(targets.map(({ service }) => service))];
}

/** Service -> names of the Model APIs that use it. */
export function usageOfServices(
  apis: readonly Pick<ModelApi, "name" | "modelService" | "fallback">[],
): ReadonlyMap<string, readonly string[]> {
  const usage = new Map<string, string[]>();
  for (const api of apis) {
    for (const service of servicesOf(api)) usage.set(service, [...(usage.get(service) ?? []), api.name]);
  }
  return usage;
}
