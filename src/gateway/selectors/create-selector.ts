// From a mode to its selector: one row per mode.
import type { Clock } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import type { RoutingPolicy } from "../../routing/policy.ts";
import type { SnapshotApi } from "../../snapshot/snapshot.ts";
import type { ClassifierShelf } from "../routing/classifiers/classifier-shelf.ts";
import type { Plan } from "../plan.ts";
import type { Conversations } from "../routing/conversations.ts";
import { planRouting } from "../routing/planned-routing.ts";
import { PromptView } from "../routing/prompt-view.ts";
import { createByMetricsSelector } from "./by-metrics.ts";
import { createByModelNameSelector } from "./by-model-name.ts";
import { createByWeightSelector } from "./by-weight.ts";
import { resolveTarget, resolveTargets } from "./resolve-targets.ts";
import type { Selector } from "./selector.ts";
import { createIntelligentSelector, type IntelligentOptions } from "./intelligent.ts";
import { createSingleSelector } from "./single.ts";

export interface SelectorTools {
  readonly clock: Pick<Clock, "monotonicMs">;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Who else tells what prompts are about; without it, as where nothing is sent, nobody is asked. */
  readonly classifiers?: ClassifierShelf;
  /** Which model each conversation had; without it, as where nothing is kept, they are not known. */
  readonly conversations?: Conversations;
}

/** What of a plan targets are made of. */
export type SelectorPlaces = Pick<Plan, "services" | "models" | "routers">;

type ModeConfig = Pick<SnapshotApi, "name" | "modelService" | "fallback" | "firstPacketTimeoutMs">;

export function createSelector(config: ModeConfig, places: SelectorPlaces, tools: SelectorTools): Selector {
  const { modelService, firstPacketTimeoutMs } = config;
  const { services } = places;
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
      const fallbackExists = givesUpEarly(config);
      return createByMetricsSelector(
        { goal, maxShare, targets, fallbackExists, firstPacketTimeoutMs },
        tools,
      );
    }
    case "intelligent":
      return intelligentSelector(config, modelService.policy, places, tools);
  }
}

/** Whether a request that is given up goes to another target. */
function givesUpEarly({ fallback }: ModeConfig): boolean {
  return fallback.targets.length > 0 && fallback.on.includes("first-packet-timeout");
}

/** Where nothing is kept, as where nothing is sent. */
const noConversations: Conversations = {
  markOf: (model) => ({ model, digest: new Int32Array(0) }),
  tagOf: () => "",
  find: () => undefined,
  keep: () => undefined,
};

function intelligentSelector(
  config: ModeConfig,
  policy: RoutingPolicy,
  places: SelectorPlaces,
  { clock, random, classifiers, conversations = noConversations }: SelectorTools,
): Selector {
  const { services } = places;
  // What targets share is found by those that look at the plan, so targets are made at once.
  const targets = policy.candidates.map((candidate) => resolveTarget(candidate, services));
  const make = (): IntelligentOptions => ({
    routing: planRouting(policy, places),
    prompts: new PromptView(policy, places.routers?.get(config.name)),
    targets,
    classifier: policy.classifier && classifiers?.of(policy.classifier, services),
    fallbackExists: givesUpEarly(config),
    firstPacketTimeoutMs: config.firstPacketTimeoutMs,
  });
  return createIntelligentSelector(make, { clock, random, conversations });
}

/** A snapshot that names a service it does not have; the control plane lets none pass. */
const noTarget: Selector = {
  select: () => {
    throw new GatewayError("no_healthy_service", {
      message: "The service of this Model API does not exist.",
    });
  },
};
