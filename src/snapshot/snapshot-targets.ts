// Which targets a Model API of a snapshot names.
import type { SnapshotApi, SnapshotTarget } from "./snapshot.ts";

/** Every target of a Model API: those of its mode, then its fallbacks. */
export function snapshotTargets({ modelService, fallback }: SnapshotApi): SnapshotTarget[] {
  return [...modeTargets(modelService), ...fallback.targets];
}

/** The targets of the mode alone, in the order of the configuration. */
export function modeTargets(modelService: SnapshotApi["modelService"]): readonly SnapshotTarget[] {
  switch (modelService.mode) {
    case "single":
      return [modelService.target];
    case "by-model-name":
      return [
        ...modelService.rules.map((rule) => rule.target),
        ...(modelService.default === undefined ? [] : [modelService.default]),
      ];
    case "by-weight":
    case "by-metrics":
      return modelService.targets;
    case "intelligent":
      return modelService.policy.candidates.map(({ service, model }) => ({ service, model }));
  }
}
