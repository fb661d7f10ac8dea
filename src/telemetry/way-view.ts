// Counts of cells -> the way through one Model API: what passed each step, what was stopped there, who answered. The
// writing side is `record-tally.ts`; the numbers add up because each record has one end in `way-end.ts`.
import type { ErrorCode } from "../core/errors.ts";
import { percentile } from "./log-buckets.ts";
import type { TallyCells } from "./tally-cells.ts";
import type { TallyKey, TallyKeys } from "./tally-keys.ts";
import type { Buckets, WayAnswer, WayFallback, WayStep, WayStepName, WayTarget } from "./traffic-answers.ts";
import type { TargetEnd } from "./way-end.ts";

const steps: readonly WayStepName[] = ["match", "authenticate", "limit", "moderate", "select"];
const maxTargets = 100;

type Ends = Record<TargetEnd, number>;

interface TargetCounts {
  readonly position: number;
  readonly service: string;
  readonly model: string;
  readonly ends: Ends;
}

interface StopCounts {
  readonly step: string;
  readonly status: number;
  readonly code: ErrorCode | "client_closed" | "";
  count: number;
}

class WaySum {
  own = 0;
  readonly stops = new Map<string, StopCounts>();
  readonly targets = new Map<string, TargetCounts>();
  readonly #histograms = new Map<string, Map<number, number>>();

  add(key: TallyKey, amount: number): void {
    const [kind, ...parts] = key;
    switch (kind) {
      case "own":
        this.own += amount;
        return;
      case "stopped":
        return this.#addStop(parts, amount);
      case "target":
        return this.#addTarget(parts, amount);
      case "targetTtft":
      case "total":
      case "overhead":
        return this.#count([kind, ...parts.slice(0, -1)].join("\u0000"), Number(parts.at(-1)), amount);
      default:
    }
  }

  #addStop(parts: readonly string[], amount: number): void {
    const [step = "", status = "", code = ""] = parts;
    const name = parts.join(" ");
    const stop = this.stops.get(name);
    if (stop !== undefined) stop.count += amount;
    // Written by `record-tally.ts` from an end, whose codes these are.
    else
      this.stops.set(name, { step, status: Number(status), code: code as StopCounts["code"], count: amount });
  }

  #addTarget([position = "", service = "", model = "", end = ""]: readonly string[], amount: number): void {
    const name = [position, service, model].join("\u0000");
    let target = this.targets.get(name);
    if (target === undefined) {
      const ends: Ends = { served: 0, failed: 0, left: 0, passedOver: 0 };
      target = { position: Number(position), service, model, ends };
      this.targets.set(name, target);
    }
    // As above.
    target.ends[end as TargetEnd] += amount;
  }

  #count(name: string, bucket: number, amount: number): void {
    let counts = this.#histograms.get(name);
    if (counts === undefined) this.#histograms.set(name, (counts = new Map()));
    counts.set(bucket, (counts.get(bucket) ?? 0) + amount);
  }

  percentile(share: number, ...name: readonly string[]): number | null {
    return percentile(this.#histograms.get(name.join("\u0000")) ?? new Map(), share);
  }
}

export type WayView = Pick<
  WayAnswer,
  "arrived" | "steps" | "own" | "targets" | "fallbacks" | "reply" | "overheadP50Ms"
>;

export function viewWay(
  { cells, keys }: { readonly cells: TallyCells; readonly keys: TallyKeys },
  { startMs: fromMs, stepMs, count }: Buckets,
  api: string,
): WayView {
  const sum = new WaySum();
  cells.read({ fromMs, toMs: fromMs + count * stepMs }, api, (number, amount) =>
    sum.add(keys.keyOf(number), amount),
  );
  const all = withoutTail([...sum.targets.values()]);
  const chosen = all.filter(({ position }) => position === 0);
  const sent = chosen.reduce((total, { ends }) => total + chosenOf(ends), 0);
  const stopped = [...sum.stops.values()].reduce((total, stop) => total + stop.count, 0);
  const arrived = stopped + sum.own + sent;
  const served = all.reduce((total, { ends }) => total + ends.served, 0);
  const left = all.reduce((total, { ends }) => total + ends.left, 0);
  return {
    arrived,
    steps: stepsOf(arrived, [...sum.stops.values()]),
    own: sum.own,
    targets: chosen
      .map((target) => targetOf(target, sent, sum))
      .toSorted((one, other) => other.chosen - one.chosen),
    fallbacks: all
      .filter(({ position }) => position > 0)
      .map(fallbackOf)
      .toSorted((one, other) => one.position - other.position || other.tried - one.tried),
    reply: {
      answered: sum.own + served,
      failed: sent - served - left,
      left,
      p95TotalMs: sum.percentile(0.95, "total"),
    },
    overheadP50Ms: sum.percentile(0.5, "overhead"),
  };
}

/** Of very many models the rarest are one row of their service. */
function withoutTail(all: readonly TargetCounts[]): TargetCounts[] {
  const sorted = all.toSorted((one, other) => chosenOf(other.ends) - chosenOf(one.ends));
  const rows = new Map<string, TargetCounts>();
  for (const [index, target] of sorted.entries()) {
    const { position, service, ends } = target;
    const model = index < maxTargets ? target.model : "";
    const name = [position, service, model].join("\u0000");
    const row = rows.get(name);
    rows.set(name, { position, service, model, ends: row === undefined ? ends : sumOf(row.ends, ends) });
  }
  return [...rows.values()];
}

function sumOf(one: Ends, other: Ends): Ends {
  return {
    served: one.served + other.served,
    failed: one.failed + other.failed,
    left: one.left + other.left,
    passedOver: one.passedOver + other.passedOver,
  };
}

function chosenOf({ served, failed, left, passedOver }: Ends): number {
  return served + failed + left + passedOver;
}

function stepsOf(arrived: number, stops: readonly StopCounts[]): WayStep[] {
  let passed = arrived;
  return steps.map((step) => {
    const stopped = stops
      .filter((stop) => stop.step === step)
      .toSorted((one, other) => other.count - one.count)
      .map(({ status, code, count }) => ({ status, code, count }));
    passed -= stopped.reduce((total, stop) => total + stop.count, 0);
    return { step, passed, medianMs: null, stopped };
  });
}

function targetOf({ service, model, ends }: TargetCounts, sent: number, sum: WaySum): WayTarget {
  const chosen = chosenOf(ends);
  const ttftP50Ms = sum.percentile(0.5, "targetTtft", service, model);
  return { service, model, chosen, ...ends, share: chosen / sent, ttftP50Ms };
}

function fallbackOf({ position, service, model, ends }: TargetCounts): WayFallback {
  const { served, failed, left } = ends;
  return { position, service, model, tried: served + failed + left, served, failed, left };
}
