// Cells -> the way through one Model API: what passed each step, what was stopped there, who answered. The numbers add
// up because each record has one end in `way-end.ts`, which is part of its series.
import type { ErrorCode } from "../../core/errors.ts";
import { bucketCount, percentileOf } from "../log-buckets.ts";
import type { MetricFilter } from "../metrics-answers.ts";
import type { WayAnswer, WayFallback, WayStep, WayStepName, WayTarget } from "../traffic-answers.ts";
import type { TargetEnd } from "../way-end.ts";
import type { CellColumns } from "./cell-codec.ts";
import { PartRows } from "./part-rows.ts";
import type { Span } from "./part-source.ts";
import { RowFilter } from "./row-filter.ts";
import { otherName } from "./series-names.ts";
import { readWayText, type WayTold } from "./way-text.ts";

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
  readonly step: WayStepName;
  readonly status: number;
  readonly code: ErrorCode | "client_closed" | "";
  count: number;
}

class WaySum {
  own = 0;
  readonly stops = new Map<string, StopCounts>();
  readonly targets = new Map<string, TargetCounts>();
  readonly total = new Float64Array(bucketCount);
  readonly overhead = new Float64Array(bucketCount);
  readonly #ttft = new Map<string, Float64Array>();

  addStop(stop: StopCounts): void {
    const name = `${stop.step} ${stop.status} ${stop.code}`;
    const known = this.stops.get(name);
    if (known === undefined) this.stops.set(name, stop);
    else known.count += stop.count;
  }

  addTarget(position: number, [service, model, end]: WayTold["targets"][number], requests: number): void {
    const name = [position, service, model].join("\u0000");
    let target = this.targets.get(name);
    if (target === undefined) {
      const ends: Ends = { served: 0, failed: 0, left: 0, passedOver: 0 };
      target = { position, service, model, ends };
      this.targets.set(name, target);
    }
    target.ends[end] += requests;
  }

  ttftOf(service: string, model: string): Float64Array {
    const name = `${service}\u0000${model}`;
    let counts = this.#ttft.get(name);
    if (counts === undefined) this.#ttft.set(name, (counts = new Float64Array(bucketCount)));
    return counts;
  }
}

export type WayView = Pick<
  WayAnswer,
  "arrived" | "steps" | "own" | "targets" | "fallbacks" | "reply" | "overheadP50Ms"
>;

/** @param parts their cells of other Model APIs are passed over */
export function viewWay(parts: Iterable<CellColumns>, span: Span, filters: readonly MetricFilter[]): WayView {
  const sum = new WaySum();
  const filter = new RowFilter(filters, span);
  for (const columns of parts) {
    const rows = new PartRows(columns);
    for (const row of filter.rowsOf(columns)) addRow(sum, rows, row);
  }
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
      p95TotalMs: percentileOf(sum.total, 0.95),
    },
    overheadP50Ms: percentileOf(sum.overhead, 0.5),
  };
}

function addRow(sum: WaySum, rows: PartRows, row: number): void {
  const requests = rows.sum("requests", row);
  const way = readWayText(rows.text("way", row), rows.text("service", row), rows.text("model", row));
  rows.addCounts("overhead", row, () => sum.overhead);
  switch (way.kind) {
    case "own":
      sum.own += requests;
      return;
    case "stopped":
      return sum.addStop(stopOf(rows, row, way.step));
    case "sent": {
      for (const [position, [service, model, end]] of way.targets.entries())
        sum.addTarget(position, [service, shownModel(model), end], requests);
      rows.addCounts("duration", row, () => sum.total);
      const [chosen] = way.targets;
      if (chosen !== undefined)
        rows.addCounts("targetTtft", row, () => sum.ttftOf(chosen[0], shownModel(chosen[1])));
    }
  }
}

/** What is too much to be told apart is one row of its service without a name. */
function shownModel(model: string): string {
  return model === otherName ? "" : model;
}

function stopOf(rows: PartRows, row: number, step: WayStepName): StopCounts {
  // The codes of records, as their series are made of them.
  const code = (
    rows.text("outcome", row) === "client_closed" ? "client_closed" : rows.text("errorCode", row)
  ) as StopCounts["code"];
  return { step, status: Number(rows.text("status", row)), code, count: rows.sum("requests", row) };
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
  const ttftP50Ms = percentileOf(sum.ttftOf(service, model), 0.5);
  return { service, model, chosen, ...ends, share: chosen / sent, ttftP50Ms };
}

function fallbackOf({ position, service, model, ends }: TargetCounts): WayFallback {
  const { served, failed, left } = ends;
  return { position, service, model, tried: served + failed + left, served, failed, left };
}
