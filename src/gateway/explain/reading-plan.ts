// A plan beside those of the workers, over the memory that they share: to look at what they know. Serves no requests.
import type { Snapshot } from "../../snapshot/snapshot.ts";
import { createPlan, indexConsumer, type KnownCredential, type Plan } from "../plan.ts";
import { ServiceRuntime, type ServiceSurroundings } from "../targets/service-runtime.ts";

export function createReadingPlan(snapshot: Snapshot, surroundings: ServiceSurroundings): Plan {
  const services = new Map<string, ServiceRuntime>();
  for (const [name, config] of snapshot.services) {
    services.set(name, new ServiceRuntime(config, surroundings));
  }
  const credentials = new Map<string, KnownCredential>();
  for (const consumer of snapshot.consumers.values()) indexConsumer(credentials, undefined, consumer);
  return createPlan(snapshot, services, credentials, surroundings);
}
