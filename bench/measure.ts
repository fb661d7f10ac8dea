// Takes the figures: CPU time and memory of a candidate's process tree over a window of load.
// It must not know which candidate it measures, nor how results are shown.

import { setTimeout as wait } from "node:timers/promises";

import type { Load, Snapshot } from "./load/generator.ts";
import { requestBody, requestBytes } from "./load/traffic.ts";
import type { LoadSide } from "./load-side.ts";
import { type Measure, MEASURES, type Sample } from "./measures.ts";
import type { RunningCandidate } from "./peers/candidate.ts";
import type { ProcReader } from "./proc.ts";

export interface Bench {
  readonly loadSide: LoadSide;
  readonly proc: ProcReader;
  readonly windowMs: number;
}

/** Load before each window, so that connections stand and caches are warm again. */
const LEAD_IN_MS = 1000;
const RAMP_PER_SECOND = 500;
const ALL_OPEN_LIMIT_MS = 60_000;
const POLL_MS = 100;

function loadOf(measure: Measure, candidate: RunningCandidate): Load {
  return {
    port: candidate.port,
    request: requestBytes(candidate, requestBody(measure.answer, measure.bodyBytes)),
    kind: measure.answer === "plain" ? "plain" : "stream",
    connections: measure.connections,
    ...(measure.answer === "slow" ? { rampPerSecond: RAMP_PER_SECOND } : {}),
  };
}

/** Gives the candidate every kind of traffic but the slow streams for `totalMs` together. */
export async function warmUp(bench: Bench, candidate: RunningCandidate, totalMs: number): Promise<void> {
  const kinds = MEASURES.filter((measure) => measure.answer !== "slow");
  for (const measure of kinds) {
    await bench.loadSide.start(loadOf(measure, candidate));
    await wait(totalMs / kinds.length);
    await bench.loadSide.stop();
  }
}

interface Window {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly loadCpuMs: number;
  readonly machineCpuMs: number;
  readonly residentKb: number;
  readonly before: Snapshot;
  readonly after: Snapshot;
}

async function takeWindow(bench: Bench, candidate: RunningCandidate): Promise<Window> {
  const { loadSide, proc } = bench;
  const read = async () => {
    const snapshot = await loadSide.snapshot();
    const own = proc.usage(candidate.pid);
    const load = proc.usage(loadSide.generatorPid).cpuMs + proc.usage(loadSide.upstreamPid).cpuMs;
    return { snapshot, own, load, machine: proc.machineCpuMs(), atMs: performance.now() };
  };
  const begin = await read();
  await wait(bench.windowMs);
  const end = await read();
  return {
    wallMs: end.atMs - begin.atMs,
    cpuMs: end.own.cpuMs - begin.own.cpuMs,
    loadCpuMs: end.load - begin.load,
    machineCpuMs: end.machine - begin.machine,
    residentKb: end.own.residentKb,
    before: begin.snapshot,
    after: end.snapshot,
  };
}

/** Runs one measure against a candidate that runs; a load that goes wrong is told in the sample. */
export async function takeSample(
  bench: Bench,
  measure: Measure,
  candidate: RunningCandidate,
): Promise<Sample> {
  return await (measure.answer === "slow"
    ? sampleSlowStreams(bench, measure, candidate)
    : sampleThroughput(bench, measure, candidate));
}

async function sampleThroughput(
  bench: Bench,
  measure: Measure,
  candidate: RunningCandidate,
): Promise<Sample> {
  await bench.loadSide.start(loadOf(measure, candidate));
  try {
    await wait(LEAD_IN_MS);
    const window = await takeWindow(bench, candidate);
    const streams = measure.answer === "brisk";
    const count = (snapshot: Snapshot): number => (streams ? snapshot.events : snapshot.done);
    const units = count(window.after) - count(window.before);
    const perUnitUs = (window.cpuMs * 1000) / units;
    const problem = units === 0 ? (window.after.problem ?? "nothing was answered") : problemOf(window.after);
    return {
      figures: streams ? { "sse-event": perUnitUs } : { [measure.name]: perUnitUs },
      ...(problem === undefined ? {} : { problem }),
      details: {
        perSecond: Math.round((units * 1000) / window.wallMs),
        p50Us: window.after.p50Us,
        p99Us: window.after.p99Us,
        ...detailsOf(window),
      },
    };
  } finally {
    await bench.loadSide.stop();
  }
}

/** Expects a fresh process: memory that earlier load left behind would hide what the streams take. */
async function sampleSlowStreams(
  bench: Bench,
  measure: Measure,
  candidate: RunningCandidate,
): Promise<Sample> {
  await wait(LEAD_IN_MS);
  const idleKb = bench.proc.usage(candidate.pid).residentKb;
  await bench.loadSide.start(loadOf(measure, candidate));
  try {
    const deadlineMs = performance.now() + ALL_OPEN_LIMIT_MS;
    for (;;) {
      const { openStreams } = await bench.loadSide.snapshot();
      if (openStreams === measure.connections || performance.now() > deadlineMs) break;
      await wait(POLL_MS);
    }
    await wait(LEAD_IN_MS);
    const window = await takeWindow(bench, candidate);
    const open = window.after.openStreams;
    const problem =
      open < measure.connections
        ? `only ${open} of ${measure.connections} streams open`
        : problemOf(window.after);
    return {
      figures: {
        "slow-stream-memory": (window.residentKb - idleKb) / open,
        "slow-stream-cpu": (window.cpuMs * 100) / window.wallMs,
      },
      ...(problem === undefined ? {} : { problem }),
      details: {
        eventsPerSecond: Math.round(((window.after.events - window.before.events) * 1000) / window.wallMs),
        idleMb: Math.round(idleKb / 1024),
        ...detailsOf(window),
      },
    };
  } finally {
    await bench.loadSide.stop();
  }
}

function problemOf(snapshot: Snapshot): string | undefined {
  if (snapshot.wrong === 0 && snapshot.broken === 0) return undefined;
  const { wrong, broken, done, problem } = snapshot;
  return `${wrong} wrong answers and ${broken} broken connections beside ${done} right ones: ${problem ?? ""}`;
}

function detailsOf(window: Window): Record<string, number> {
  const percent = (cpuMs: number): number => Math.round((cpuMs * 100) / window.wallMs);
  return {
    candidateBusyPercent: percent(window.cpuMs),
    loadBusyPercent: percent(window.loadCpuMs),
    othersBusyPercent: Math.max(0, percent(window.machineCpuMs - window.cpuMs - window.loadCpuMs)),
    residentMb: Math.round(window.residentKb / 1024),
  };
}
