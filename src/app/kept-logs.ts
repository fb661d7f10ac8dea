// What of exchanges is to be kept, from the configuration to the log thread, at the start and after every change.
import type { Configuration } from "../control/configuration.ts";
import type { TelemetryPort } from "../control/routes/ports.ts";
import { sameData } from "../lib/same-data.ts";
import { defaultLogSettings } from "../telemetry/log-state.ts";
import type { LogSettings } from "../telemetry/log-state.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";

/** While nobody knows what is configured nothing is deleted for its age or its number. */
const everything: LogSettings = {
  retentionDays: 36_500,
  contentRetentionDays: 36_500,
  maxRecords: Number.MAX_SAFE_INTEGER,
  maxBytes: Number.MAX_SAFE_INTEGER,
};

/** @param configuration undefined while the store cannot be used */
export function keptLogs(configuration: Configuration | undefined): LogSettings {
  if (configuration === undefined) return everything;
  return configuration.working.resources.instances.values().next().value?.value.logs ?? defaultLogSettings;
}

/** Tells the thread what has changed; one that is started anew begins with what was told last. */
export function followKeptLogs(
  configuration: Configuration,
  telemetry: TelemetryPort,
  log: OperationalLog,
): void {
  let told = keptLogs(configuration);
  configuration.onChange(() => {
    const kept = keptLogs(configuration);
    if (sameData(kept, told)) return;
    told = kept;
    telemetry
      .ask("settings", kept)
      .catch((error: unknown) => log.error("log-thread-failed", { message: String(error) }));
  });
}
