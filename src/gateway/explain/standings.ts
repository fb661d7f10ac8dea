// How every service, its targets and its keys stand now, for people: read from the memory that the data planes share.
// Looks only; knows no request and no secret.
import type { Clock } from "../../core/clock.ts";
import type { Trigger } from "../../core/exchange-record.ts";
import { isoTime } from "../../lib/iso-time.ts";
import type { Plan } from "../plan.ts";
import type { ServiceRuntime } from "../targets/service-runtime.ts";

export interface TargetView {
  /** Empty where Model APIs leave it to the client. */
  readonly model: string;
  readonly standing: "trial" | "ejected";
  readonly reason: Trigger | "";
  readonly since: string;
  readonly until: string;
}

export interface ServiceView {
  readonly name: string;
  readonly standing: "ready" | "trial" | "ejected" | "resting" | "refused" | "disabled";
  readonly reason: Trigger | "" | "disabled" | "rate_limit" | "credentials";
  readonly until: string | null;
  readonly inFlight: number;
  readonly targets: readonly TargetView[];
}

export interface KeyView {
  readonly service: string;
  readonly key: string;
  readonly standing: "resting" | "refused";
  readonly reason: "rate_limit" | "credentials";
  readonly until: string;
}

export interface Standings {
  readonly services: readonly ServiceView[];
  /** Those that are not ready. */
  readonly keys: readonly KeyView[];
}

export function standingsOf({ services }: Pick<Plan, "services">, clock: Clock): Standings {
  const nowMs = clock.monotonicMs();
  const wallAtZeroMs = clock.wallMs() - nowMs;
  const timeOf = (monotonicMs: number): string => isoTime(wallAtZeroMs + monotonicMs);
  const all = [...services.values()];
  return {
    services: all.map((service) => viewService(service, nowMs, timeOf)),
    keys: all.flatMap((service) => viewKeys(service, nowMs, timeOf)),
  };
}

function viewService(
  service: ServiceRuntime,
  nowMs: number,
  timeOf: (monotonicMs: number) => string,
): ServiceView {
  const { config, keys, inFlight } = service;
  const { name } = config;
  const targets = viewTargets(service, nowMs, timeOf);
  const common = { name, inFlight, targets };
  if (!config.usable) return { ...common, standing: "disabled", reason: "disabled", until: null };
  const standing = keys.standing(nowMs);
  if (standing !== "ready") {
    const until = timeOf(nowMs + keys.restMs(nowMs));
    return { ...common, standing, reason: standing === "refused" ? "credentials" : "rate_limit", until };
  }
  const worst = targets.find((target) => target.standing === "ejected") ?? targets[0];
  if (worst === undefined) return { ...common, standing: "ready", reason: "", until: null };
  return { ...common, standing: worst.standing, reason: worst.reason, until: worst.until };
}

function viewTargets(
  { targets }: ServiceRuntime,
  nowMs: number,
  timeOf: (monotonicMs: number) => string,
): TargetView[] {
  return [...targets].flatMap(([model = "", state]): TargetView[] => {
    const breaker = state.breaker(nowMs);
    const { ejection } = state;
    if (breaker === "closed" || ejection === undefined) return [];
    return [
      {
        model,
        standing: breaker === "due" ? "trial" : "ejected",
        reason: state.ejectedFor,
        since: timeOf(ejection.sinceMs),
        until: timeOf(ejection.untilMs),
      },
    ];
  });
}

function viewKeys(
  { config, keys }: ServiceRuntime,
  nowMs: number,
  timeOf: (monotonicMs: number) => string,
): KeyView[] {
  return keys.leftAlone(nowMs).map(({ name, refused, untilMs }) => ({
    service: config.name,
    key: name,
    standing: refused ? "refused" : "resting",
    reason: refused ? "credentials" : "rate_limit",
    until: timeOf(untilMs),
  }));
}
