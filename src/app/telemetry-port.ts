// Lets the admin API ask the log thread.
import type { TelemetryPort } from "../control/routes/ports.ts";
import { LogThread } from "../telemetry/log-thread.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import type { Stops } from "./stops.ts";

/** Starts the thread, which follows the spool in this folder. */
export function openTelemetry(dir: string, log: OperationalLog, stops: Stops): TelemetryPort {
  const thread = new LogThread({
    dir,
    onProblem: ({ message }) => log.error("log-thread-failed", { message }),
  });
  stops.add(() => thread.stop());
  return thread;
}
