// The way of an exchange through its targets as a short text, so that it can be a dimension of a series: where it
// ended, whom it was sent to, why it went on. Written from a record, read back by the views.
import type { AttemptRecord, ExchangeRecord } from "../../core/exchange-record.ts";
import type { WayStepName } from "../traffic-answers.ts";
import { lastEnd, wayEndOf, type TargetEnd } from "../way-end.ts";

/** More targets than these of one exchange are told as their last one. */
const maxTargets = 8;
/** More attempts of a kind than these are told as so many. */
const maxRepeats = 20;

export interface WayTold {
  readonly kind: "own" | "stopped" | "sent";
  /** Of `stopped`; its status and code are dimensions of the series. */
  readonly step: WayStepName;
  /** Of `sent`: the chosen target, then the fallbacks that were tried. */
  readonly targets: readonly (readonly [service: string, model: string, end: TargetEnd])[];
  readonly attempts: readonly AttemptsTold[];
  /** Why it went on to a fallback: a trigger, or `passed-over` when nothing was sent to the chosen target. */
  readonly fallbackReason: string;
}

type AttemptsTold = readonly [service: string, outcome: string, reason: string, count: number];

/** Bounds the names of models that were sent. */
export type ModelBound = (service: string, model: string) => string;

const stopped = "stopped ";
/** One target, one attempt that went well: service and model are those of the series. */
const once = "once ";
/** Made once, as most records have one of them. */
const onceTexts: Readonly<Record<TargetEnd, string>> = {
  served: `${once}served`,
  failed: `${once}failed`,
  left: `${once}left`,
  passedOver: `${once}passedOver`,
};

export function wayTextOf(record: ExchangeRecord, boundOf: ModelBound): string {
  const { attempts } = record;
  const [only] = attempts;
  if (only === undefined) {
    const end = wayEndOf(record);
    return end.kind === "stopped" ? stopped + end.step : "own";
  }
  return attempts.length === 1 && isPlain(only, record)
    ? onceTexts[lastEnd(record)]
    : longText(record, boundOf);
}

function isPlain(only: AttemptRecord, { service, model, decision, fallbackFrom }: ExchangeRecord): boolean {
  return (
    only.outcome === "ok" &&
    only.reason === "" &&
    only.nextAction === "none" &&
    only.service === service &&
    only.model === model &&
    decision !== null &&
    fallbackFrom === ""
  );
}

function longText(record: ExchangeRecord, boundOf: ModelBound): string {
  const end = wayEndOf(record);
  const all = end.kind === "sent" ? end.targets : [];
  const told = all.length > maxTargets ? [...all.slice(0, maxTargets - 1), ...all.slice(-1)] : all;
  const way: WayTold = {
    kind: end.kind,
    step: end.kind === "stopped" ? end.step : "select",
    targets: told.map(({ service, model, end: targetEnd }) => [service, boundOf(service, model), targetEnd]),
    attempts: attemptsTold(record.attempts),
    fallbackReason: fallbackReasonOf(record, all[0]?.end),
  };
  return JSON.stringify(way);
}

function attemptsTold(attempts: readonly AttemptRecord[]): AttemptsTold[] {
  const counts = new Map<string, AttemptsTold>();
  for (const { service, outcome, reason } of attempts) {
    const name = `${service}\u0000${outcome}\u0000${reason}`;
    const count = (counts.get(name)?.[3] ?? 0) + 1;
    counts.set(name, [service, outcome, reason, Math.min(count, maxRepeats)]);
  }
  return [...counts.values()].slice(0, maxRepeats);
}

function fallbackReasonOf(
  { fallbackFrom, attempts }: ExchangeRecord,
  chosenEnd: TargetEnd | undefined,
): string {
  if (fallbackFrom === "") return "";
  if (chosenEnd === "passedOver") return "passed-over";
  const failed = attempts.find(({ nextAction }) => nextAction === "fallback");
  return failed?.reason === undefined || failed.reason === "" ? "passed-over" : failed.reason;
}

/**
 * @param text from `wayTextOf`
 * @param service and `model` of the series that has it
 */
export function readWayText(text: string, service: string, model: string): WayTold {
  if (text.startsWith(once)) {
    // Written above from an end.
    const end = text.slice(once.length) as TargetEnd;
    return { ...nothing, kind: "sent", targets: [[service, model, end]], attempts: [[service, "ok", "", 1]] };
  }
  // As above, from a step.
  if (text.startsWith(stopped))
    return { ...nothing, kind: "stopped", step: text.slice(stopped.length) as WayStepName };
  return text.startsWith("{") ? (JSON.parse(text) as WayTold) : nothing;
}

const nothing: WayTold = { kind: "own", step: "select", targets: [], attempts: [], fallbackReason: "" };

/** Targets are told apart by their services alone. */
export function withoutModels(text: string): string {
  if (!text.startsWith("{")) return text;
  // As above.
  const way = JSON.parse(text) as WayTold;
  return JSON.stringify({ ...way, targets: way.targets.map(([service, , end]) => [service, "other", end]) });
}
