// Lets the admin API ask the log thread, and tells the thread what is to be kept.
import type { Configuration } from "../control/configuration.ts";
import type { TelemetryPort } from "../control/routes/ports.ts";
import type { LogSetup } from "../telemetry/log-messages.ts";
import { LogThread } from "../telemetry/log-thread.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import { followKeptLogs, keptLogs } from "./kept-logs.ts";
import type { Stops } from "./stops.ts";

export interface TelemetrySurroundings {
  /** Undefined while the store cannot be used. */
  readonly configuration: Configuration | undefined;
  readonly log: OperationalLog;
  readonly stops: Stops;
}

/** Starts the thread, which takes records from the spool into the log store. */
export function openTelemetry(
  folders: Omit<LogSetup, "settings">,
  { configuration, log, stops }: TelemetrySurroundings,
): TelemetryPort {
  const thread = new LogThread({
    ...folders,
    settings: keptLogs(configuration),
    onProblem: ({ message }) => log.error("log-thread-failed", { message }),
  });
  stops.add(() => thread.stop());
  if (configuration !== undefined) followKeptLogs(configuration, thread, log);
  return thread;
}
