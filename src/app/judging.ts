// Opens what judges answers by itself, with all that it asks: judge jobs, and signs that ended exchanges show. Knows no
// prompt.
import { JudgeJobs } from "../control/routing/judge/judge-jobs.ts";
import type { TelemetryPort } from "../control/routes/ports.ts";
import { systemClock } from "../core/clock.ts";
import type { AllowedNetworks } from "../lib/address-guard.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import type { ControlPlane } from "./control-plane.ts";
import type { ReadingPlans } from "./reading-plans.ts";
import { replayPort } from "./replay-port.ts";
import { watchSignals } from "./signal-watch.ts";
import type { Stops } from "./stops.ts";

export interface JudgingParts extends Pick<ControlPlane, "configuration" | "routing" | "judgeFile"> {
  readonly plans: ReadingPlans;
  readonly telemetry: TelemetryPort;
  readonly networks: AllowedNetworks;
  readonly log: OperationalLog;
}

export async function openJudging(
  { configuration, routing, judgeFile, plans, telemetry, networks, log }: JudgingParts,
  stops: Stops,
): Promise<JudgeJobs> {
  const jobs = await JudgeJobs.open({
    configuration,
    telemetry,
    replay: replayPort(plans, networks, stops),
    labels: routing.labels,
    wallMs: () => systemClock.wallMs(),
    file: judgeFile,
    onProblem: (error) => log.error("judging-not-kept", { message: String(error) }),
  });
  stops.add(() => jobs.stop());
  watchSignals({ configuration, routing, telemetry, log }, stops);
  return jobs;
}
