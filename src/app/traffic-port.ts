// Lets the admin API ask the log thread about traffic.
import type { TrafficPort } from "../control/routes/ports.ts";
import { LogThread } from "../telemetry/log-thread.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import type { Stops } from "./stops.ts";

/** Starts the thread, which follows the spool in this folder. */
export function openTraffic(dir: string, log: OperationalLog, stops: Stops): TrafficPort {
  const thread = new LogThread({
    dir,
    onProblem: ({ message }) => log.error("log-thread-failed", { message }),
  });
  stops.add(() => thread.stop());
  return {
    traffic: (window) => thread.ask("traffic", { window }),
    way: (api, window) => thread.ask("way", { api, window }),
    logs: (query) => thread.ask("recent", query),
  };
}
