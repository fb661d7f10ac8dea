// Starts what learns: a thread for the work, runs of training, and those that are due by themselves. Knows no label.
import type { Configuration } from "../control/configuration.ts";
import type { RoutingPort } from "../control/routing/routing-port.ts";
import { Trainings } from "../control/routing/trainings.ts";
import { systemClock } from "../core/clock.ts";
import type { Sealer } from "../lib/seal.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import { LearningThread } from "./learning-thread.ts";
import type { KeptRouting } from "./routing-file.ts";
import type { Stops } from "./stops.ts";

const lookEveryMs = 600_000;

export interface LearningOptions {
  readonly configuration: Configuration;
  readonly routing: Pick<KeptRouting, "labels" | "versions">;
  readonly cipher: Pick<Sealer, "mac">;
  readonly log: OperationalLog;
}

export function startLearning(
  { configuration, routing, cipher, log }: LearningOptions,
  stops: Stops,
): RoutingPort {
  const { labels, versions } = routing;
  const learning = new LearningThread();
  const report = (api: string, error: unknown): void =>
    log.error("training-failed", { api, message: String(error) });
  const wallMs = (): number => systemClock.wallMs();
  const trainings = new Trainings({ configuration, labels, versions, learning, wallMs, report });
  const timer = setInterval(() => {
    try {
      trainings.startDue();
    } catch (error) {
      report("", error);
    }
  }, lookEveryMs).unref();
  stops.add(async () => {
    clearInterval(timer);
    trainings.stop();
    await learning.stop();
  });
  return { labels, versions, trainings, learning, digest: cipher.mac };
}
