// A plan beside those of the workers, over the memory that they share: to look at what they know. Serves no requests.
import type { Snapshot } from "../../snapshot/snapshot.ts";
import { snapshotTargets } from "../../snapshot/snapshot-targets.ts";
import { Credentials } from "../identity/credentials.ts";
import { createPlan, type Plan } from "../plan.ts";
import type { SelectorTools } from "../selectors/create-selector.ts";
import { resolveTargets } from "../selectors/resolve-targets.ts";
import { ServiceRuntime, type ServiceSurroundings } from "../targets/service-runtime.ts";

/** Services with the targets that Model APIs name: all that a look at how they stand needs, and a fraction of a plan. */
export function createReadingServices(
  snapshot: Snapshot,
  surroundings: ServiceSurroundings,
): ReadonlyMap<string, ServiceRuntime> {
  const services = new Map<string, ServiceRuntime>();
  for (const [name, config] of snapshot.services) {
    services.set(name, new ServiceRuntime(config, surroundings));
  }
  for (const api of snapshot.apis.values()) resolveTargets(snapshotTargets(api), services);
  return services;
}

export function createReadingPlan(
  snapshot: Snapshot,
  surroundings: ServiceSurroundings & Pick<SelectorTools, "conversations">,
  services = createReadingServices(snapshot, surroundings),
): Plan {
  const credentials = new Credentials();
  for (const consumer of snapshot.consumers.values()) credentials.change(undefined, consumer);
  return createPlan(snapshot, services, credentials, surroundings);
}
