// Which model names a Model API answers to, as far as its configuration says. Knows no request.
import { compilePattern, type Pattern } from "../lib/wildcard.ts";
import { autoNames } from "../routing/decision/profiles.ts";
import type { SnapshotApi, SnapshotTarget } from "../snapshot/snapshot.ts";

type ModelService = SnapshotApi["modelService"];

/** Whether the gateway knows the names: where a single service gets whatever the client names, only the service does. */
export function knowsModels(modelService: ModelService): boolean {
  return modelService.mode !== "single" || modelService.target.model !== undefined;
}

/**
 * Every name under which a request would find a target, sorted by code units, each once: the models that targets name,
 * patterns without wildcards, and the models of services that rules and targets let through.
 * @param modelsOf the configured models of a service
 */
export function modelNames(
  modelService: ModelService,
  modelsOf: (service: string) => readonly string[],
): readonly string[] {
  return [...new Set(namesIn(modelService, modelsOf))].toSorted(byCodeUnits);
}

function namesIn(
  modelService: ModelService,
  modelsOf: (service: string) => readonly string[],
): readonly string[] {
  const ofTarget = ({ service, model }: SnapshotTarget): readonly string[] =>
    model === undefined ? modelsOf(service) : [model];
  switch (modelService.mode) {
    case "single":
      return ofTarget(modelService.target);
    case "by-weight":
      return modelService.targets.filter(({ weight }) => weight > 0).flatMap(ofTarget);
    case "by-metrics":
      return modelService.targets.flatMap(ofTarget);
    case "intelligent":
      return [...autoNames, ...modelService.policy.candidates.map(({ model }) => model)];
    case "by-model-name": {
      const { rules, default: fallThrough } = modelService;
      const patterns = rules.map((rule) => compilePattern(rule.pattern));
      // A model that a rule puts in the place of the client's is a name of its own only if some rule takes it.
      const isTaken = (name: string): boolean =>
        fallThrough !== undefined || patterns.some((pattern) => pattern.matches(name));
      const ofRules = rules.flatMap(({ target }, index) => [
        ...namesOfPattern(patterns[index], modelsOf(target.service)),
        ...(target.model !== undefined && isTaken(target.model) ? [target.model] : []),
      ]);
      return fallThrough === undefined ? ofRules : [...ofRules, ...ofTarget(fallThrough)];
    }
  }
}

function namesOfPattern(pattern: Pattern | undefined, models: readonly string[]): readonly string[] {
  if (pattern === undefined) return [];
  return pattern.exact ? [pattern.source] : models.filter((model) => pattern.matches(model));
}

function byCodeUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
