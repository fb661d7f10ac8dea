// Lets the admin API ask the log thread.
import type { TelemetryPort } from "../control/routes/ports.ts";
import type { LogSetup } from "../telemetry/log-messages.ts";
import { defaultLogSettings } from "../telemetry/log-state.ts";
import { LogThread } from "../telemetry/log-thread.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import type { Stops } from "./stops.ts";

/** Starts the thread, which takes records from the spool into the log store. */
export function openTelemetry(
  folders: Pick<LogSetup, "spoolDir" | "logsDir" | "spoolRun">,
  log: OperationalLog,
  stops: Stops,
): TelemetryPort {
  const thread = new LogThread({
    ...folders,
    settings: defaultLogSettings,
    onProblem: ({ message }) => log.error("log-thread-failed", { message }),
  });
  stops.add(() => thread.stop());
  return thread;
}
