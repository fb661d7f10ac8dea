// What a Model API's own model service and fallback say that cannot be meant. Knows no service: pairs have their own file.
import { pathText, type Issue } from "../resources/issue.ts";
import type { ModelApi } from "../resources/model-api.ts";
import { targetsOf, type ModelService, type Target } from "../resources/model-service.ts";
import { routingIssues } from "./routing-diagnostics.ts";
import { unreachableRules } from "./unreachable-rules.ts";

const known = new WeakMap<ModelApi, readonly Issue[]>();

/** Warnings. An unchanged Model API gives the same list again. */
export function modelServiceIssues(api: ModelApi): readonly Issue[] {
  const before = known.get(api);
  if (before !== undefined) return before;
  const found = [...modeIssues(api.modelService), ...fallbackIssues(api)];
  known.set(api, found);
  return found;
}

function modeIssues(modelService: ModelService): Issue[] {
  switch (modelService.mode) {
    case "by-model-name":
      return ruleIssues(modelService);
    case "by-weight":
      return [
        ...weightIssues(modelService),
        ...repeatedTargets(modelService.targets, "add up their weights"),
      ];
    case "by-metrics":
      return repeatedTargets(modelService.targets, "name it once");
    case "intelligent":
      return routingIssues(modelService);
    case "single":
      return [];
  }
}

function ruleIssues(modelService: Extract<ModelService, { mode: "by-model-name" }>): Issue[] {
  const { rules, default: fallThrough } = modelService;
  if (rules.length === 0 && fallThrough === undefined) {
    const message =
      "is empty and there is no default, so that every request is answered with 404 model_not_found: add a rule or a default target";
    return [{ path: "modelService.rules", message }];
  }
  return unreachableRules(rules.map(({ pattern }) => pattern)).map(({ index, takenBy }) => ({
    path: pathText(["modelService", "rules", index, "pattern"]),
    message: `can never be chosen: ${takerText(rules, takenBy)} every name that it fits; remove it, or make its pattern more special`,
  }));
}

function takerText(rules: readonly { readonly pattern: string }[], takenBy: readonly number[]): string {
  const names = takenBy.map((index) => `rules[${index}] ${JSON.stringify(rules[index]?.pattern)}`);
  const verb = names.length === 1 ? "comes first and takes" : "come first and together take";
  return `${names.join(" and ")} ${verb}`;
}

function weightIssues({ targets }: Extract<ModelService, { mode: "by-weight" }>): Issue[] {
  if (targets.some(({ weight }) => weight > 0)) return [];
  const message =
    "all have weight 0, so that every request is answered with 503 no_healthy_service: give one a weight above 0";
  return [{ path: "modelService.targets", message }];
}

function repeatedTargets(targets: readonly Target[], remedy: string): Issue[] {
  return targets.flatMap((target, index) => {
    const first = targets.findIndex((other) => isSame(other, target));
    if (first === index) return [];
    const message = `is the same target as targets[${first}], ${targetText(target)}: ${remedy}, or choose another service or model`;
    return [{ path: pathText(["modelService", "targets", index]), message }];
  });
}

function fallbackIssues({ modelService, fallback }: ModelApi): Issue[] {
  const { enabled, on, targets } = fallback;
  if (!enabled || targets.length === 0) return [];
  const found: Issue[] = [];
  if (on.length === 0) {
    const message =
      "is empty, so that no failure goes to the fallback targets: list failures, or leave it out for the usual ones";
    found.push({ path: "fallback.on", message });
  }
  const [chosen, ...others] = targetsOf(modelService).map(({ target }) => target);
  const only = chosen !== undefined && others.every((other) => isSame(other, chosen)) ? chosen : undefined;
  for (const [index, target] of targets.entries()) {
    const path = pathText(["fallback", "targets", index]);
    const before = targets[index - 1];
    if (only !== undefined && isSame(only, target)) {
      const message = `is the only target of the model service again, ${targetText(target)}: choose another service or model; retries ask the same one again`;
      found.push({ path, message });
    } else if (
      before !== undefined &&
      isSame(before, target) &&
      before.firstPacketTimeoutMs === target.firstPacketTimeoutMs
    ) {
      const message = `is the same as the row before it, ${targetText(target)}: remove it, or choose another service or model`;
      found.push({ path, message });
    }
  }
  return found;
}

function isSame(left: Target, right: Target): boolean {
  return left.service === right.service && left.model === right.model;
}

function targetText({ service, model }: Target): string {
  return `service "${service}" ${model === undefined ? "with the client's model" : `with model ${JSON.stringify(model)}`}`;
}
