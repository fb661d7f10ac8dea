// Looks at what ended exchanges show of their answers every few seconds, where a Model API learns. Knows no label.
import { SignalWatch } from "../control/routing/signals/signal-watch.ts";
import type { TelemetryPort } from "../control/routes/ports.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { Stops } from "./stops.ts";

const lookEveryMs = 10_000;

export interface SignalWatchParts extends Pick<ControlPlane, "configuration" | "routing"> {
  readonly telemetry: TelemetryPort;
  readonly log: OperationalLog;
}

export function watchSignals(
  { configuration, routing, telemetry, log }: SignalWatchParts,
  stops: Stops,
): void {
  const watch = new SignalWatch({ configuration, telemetry, labels: routing.labels });
  let looking = Promise.resolve();
  const timer = setInterval(() => {
    looking = watch
      .look()
      .catch((error: unknown) => log.error("signals-not-watched", { message: String(error) }));
  }, lookEveryMs).unref();
  stops.add(async () => {
    clearInterval(timer);
    await looking;
  });
}
