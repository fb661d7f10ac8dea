// Watches the alerts: gives the engine its clock, the metrics, a way to webhooks and a place in the store.
import { openAlertEngine } from "../control/alerts/alert-engine.ts";
import type { AlertEngine, AlertEvent } from "../control/alerts/alert-engine.ts";
import type { AlertFile } from "../control/alerts/alert-memory.ts";
import type { Configuration } from "../control/configuration.ts";
import type { TelemetryPort } from "../control/routes/ports.ts";
import { systemClock } from "../core/clock.ts";
import type { AllowedNetworks } from "../lib/address-guard.ts";
import { guardedPoster } from "../lib/guarded-post.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import type { Stops } from "./stops.ts";

const lookEveryMs = 15_000;
const deliverEveryMs = 5_000;
/** After a change of the configuration, so that a new alert is not looked at for each of many changes. */
const settleMs = 500;

export interface AlertWatchOptions {
  readonly configuration: Configuration;
  readonly telemetry: TelemetryPort;
  readonly alertFile: AlertFile;
  readonly networks: AllowedNetworks;
  /** Where a reader finds the console. */
  readonly consoleUrl: () => string;
  readonly log: OperationalLog;
}

const levels = {
  "alert-firing": "warn",
  "alert-resolved": "info",
  "alert-undelivered": "error",
  "alerts-not-watched": "error",
} as const satisfies Readonly<Record<AlertEvent, keyof OperationalLog>>;

/** Starts watching until it is stopped. */
export async function watchAlerts(options: AlertWatchOptions, stops: Stops): Promise<AlertEngine> {
  const { configuration, telemetry, alertFile, networks, consoleUrl, log } = options;
  const poster = guardedPoster(networks);
  const engine = await openAlertEngine({
    alerts: () => [...configuration.working.resources.alerts.values()].map(({ value }) => value),
    askMetrics: (query) => telemetry.ask("metrics", query),
    post: poster.post,
    file: alertFile,
    wallMs: () => systemClock.wallMs(),
    origin: () => ({
      instance: configuration.working.resources.instances.keys().next().value ?? "default",
      consoleUrl: consoleUrl(),
    }),
    report: (event, alert, message) => log[levels[event]](event, { alert, message }),
  });
  const deliver = (): void => void engine.deliver();
  const look = (): void => void engine.look().then(deliver);
  let settling: NodeJS.Timeout | undefined;
  let { alerts } = configuration.working.resources;
  configuration.onChange(() => {
    // Sets of resources share the maps of untouched kinds.
    if (configuration.working.resources.alerts === alerts) return;
    ({ alerts } = configuration.working.resources);
    clearTimeout(settling);
    settling = setTimeout(look, settleMs).unref();
  });
  const timers = [setInterval(look, lookEveryMs).unref(), setInterval(deliver, deliverEveryMs).unref()];
  stops.add(async () => {
    clearTimeout(settling);
    for (const timer of timers) clearInterval(timer);
    await engine.close();
    await poster.close();
  });
  return engine;
}
