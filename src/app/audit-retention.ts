// Keeps the audit log as long as the instance says: looked at when the control plane opens and every hour. Knows no entry.
import type { Configuration } from "../control/configuration.ts";
import { instanceSchema } from "../resources/instance.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import type { Stops } from "./stops.ts";

const everyMs = 3_600_000;
const defaultRetention = instanceSchema.parse({}).audit;

export function keepAuditLog(configuration: Configuration, log: OperationalLog, stops: Stops): void {
  const prune = async (): Promise<void> => {
    const instance = configuration.working.resources.instances.values().next().value?.value;
    const went = await configuration.audit.prune(instance?.audit ?? defaultRetention);
    if (went > 0) log.info("audit-log-pruned", { entries: went });
  };
  let running: Promise<void> = Promise.resolve();
  const look = (): void => {
    running = running
      .then(prune)
      .catch((error: unknown) => log.error("audit-log-not-pruned", { message: String(error) }));
  };
  look();
  const timer = setInterval(look, everyMs);
  timer.unref();
  stops.add(async () => {
    clearInterval(timer);
    await running;
  });
}
