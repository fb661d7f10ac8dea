// From a mode to its selector: one row per mode.
import type { Clock } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { SnapshotApi } from "../../snapshot/snapshot.ts";
import type { ClassifierShelf } from "../routing/classifiers/classifier-shelf.ts";
import type { ServiceRuntime } from "../targets/service-runtime.ts";
import { createByMetricsSelector } from "./by-metrics.ts";
import { createByModelNameSelector } from "./by-model-name.ts";
import { createByWeightSelector } from "./by-weight.ts";
import { resolveTarget, resolveTargets } from "./resolve-targets.ts";
import type { Selector } from "./selector.ts";
import { createSingleSelector } from "./single.ts";

export interface SelectorTools {
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Who else tells what prompts are about; without it, as where nothing is sent, nobody is asked. */
  readonly classifiers?: ClassifierShelf;
}

type ModeConfig = Pick<SnapshotApi, "modelService" | "fallback" | "firstPacketTimeoutMs">;

export function createSelector(
  { modelService, fallback, firstPacketTimeoutMs }: ModeConfig,
  services: ReadonlyMap<string, ServiceRuntime>,
  tools: SelectorTools,
): Selector {
  switch (modelService.mode) {
    case "single": {
      const target = resolveTarget(modelService.target, services);
      return target === undefined ? noTarget : createSingleSelector(target, tools.clock);
    }
    case "by-model-name": {
      const rules = modelService.rules.flatMap(({ pattern, target }) =>
        resolveTargets([target], services).map((resolved) => ({ pattern, target: resolved })),
      );
      const byDefault = modelService.default && resolveTarget(modelService.default, services);
      return createByModelNameSelector({ rules, default: byDefault }, tools.clock);
    }
    case "by-weight": {
      const targets = modelService.targets.flatMap((row) =>
        resolveTargets([row], services).map((target) => ({ target, weight: row.weight })),
      );
      return createByWeightSelector(targets, tools);
    }
    case "by-metrics": {
      const { goal, maxShare } = modelService;
      const targets = resolveTargets(modelService.targets, services);
      const fallbackExists = fallback.targets.length > 0 && fallback.on.includes("first-packet-timeout");
      return createByMetricsSelector(
        { goal, maxShare, targets, fallbackExists, firstPacketTimeoutMs },
        tools,
      );
    }
  }
}

/** A snapshot that names a service it does not have; the control plane lets none pass. */
const noTarget: Selector = {
  select: () => {
    throw new GatewayError("no_healthy_service", {
      message: "The service of this Model API does not exist.",
    });
  },
};
