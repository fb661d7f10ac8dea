// From targets as configured to targets as served: with their service and what is known of them.
import type { SnapshotFallbackTarget } from "../../snapshot/snapshot.ts";
import type { ServiceRuntime } from "../targets/service-runtime.ts";
import type { Target } from "./selector.ts";

/** Undefined when the snapshot has no such service; the control plane refuses such a Model API. */
export function resolveTarget(
  { service: name, model, firstPacketTimeoutMs }: SnapshotFallbackTarget,
  services: ReadonlyMap<string, ServiceRuntime>,
): Target | undefined {
  const service = services.get(name);
  return service && { service, model, state: service.target(model), firstPacketTimeoutMs };
}

export function resolveTargets(
  targets: readonly SnapshotFallbackTarget[],
  services: ReadonlyMap<string, ServiceRuntime>,
): Target[] {
  return targets.flatMap((target) => resolveTarget(target, services) ?? []);
}

/**
 * Fallbacks as one request tries them. What is known of one that names no model is known of the service, whatever it was
 * asked for.
 * @param model for those that name none; undefined: the client's
 */
export function fallbacksWith(fallbacks: readonly Target[], model: string | undefined): readonly Target[] {
  if (model === undefined || fallbacks.every((target) => target.model !== undefined)) return fallbacks;
  return fallbacks.map((target) => (target.model === undefined ? { ...target, model } : target));
}
