// Recorded arrivals and the requests that a scenario makes of them.
// It must not know services.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

import { at } from "./at.ts";
import { randomGamma, randomStream } from "./random.ts";
import { LabInputError, type Scenario, type WorkloadPart } from "./scenario.ts";

export interface Arrival {
  /** Since the first arrival of the trace. */
  readonly atS: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

export type TraceName = NonNullable<WorkloadPart["trace"]>;
export type Traces = Readonly<Record<TraceName, readonly Arrival[]>>;

export interface LabRequest {
  readonly index: number;
  /** Since the begin of the scenario. */
  readonly atMs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Lines of `2023-11-16 18:15:46.6805900,374,44` below one heading. @throws LabInputError */
export function parseTrace(text: string, source: string): Arrival[] {
  const lines = text.trim().split(/\r?\n/).slice(1);
  const rows = lines.map((line, index) => {
    const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(\.\d+)?[^,]*,(\d+),(\d+)$/.exec(line);
    if (match === null) throw new LabInputError(`${source}: line ${index + 2} is no arrival: ${line}`);
    const [, day, time, fraction, promptTokens, outputTokens] = match;
    return {
      atS: Date.parse(`${day}T${time}Z`) / 1000 + Number(fraction ?? 0),
      promptTokens: Number(promptTokens),
      outputTokens: Number(outputTokens),
    };
  });
  if (rows.length < 2) throw new LabInputError(`${source} holds less than two arrivals`);
  const startS = at(rows, 0).atS;
  return rows.map((row) => ({ ...row, atS: row.atS - startS })).toSorted((a, b) => a.atS - b.atS);
}

/** Reads the one file of each trace in a folder, `*_conv_*.csv` and `*_code_*.csv`. @throws LabInputError */
export async function readTraces(folder: string): Promise<Traces> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw new LabInputError(
      `cannot read traces from ${folder}: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  const read = async (trace: TraceName): Promise<Arrival[]> => {
    const files = names.filter((name) => name.includes(`_${trace}_`) && name.endsWith(".csv"));
    const [file, another] = files;
    if (file === undefined || another !== undefined)
      throw new LabInputError(`${folder} must hold one file *_${trace}_*.csv, not ${files.length}`);
    const path = join(folder, file);
    return parseTrace(await readFile(path, "utf8"), path);
  };
  return { conv: await read("conv"), code: await read("code") };
}

/** The requests of a scenario in the order of time. A trace that is too short begins again where the part began. */
export function requestsOf({ workload, durationS }: Scenario, traces: Traces, seed: number): LabRequest[] {
  const arrivals = workload.flatMap((part, index) => {
    if (part.made !== undefined) {
      return madeArrivals({ ...part.made, startS: part.startS, durationS }, randomStream(seed, index, 55));
    }
    return part.trace === undefined ? [] : recordedArrivals(part, traces[part.trace], durationS);
  });
  return arrivals
    .toSorted((a, b) => a.atS - b.atS)
    .map(({ atS, promptTokens, outputTokens }, index) => ({
      index,
      atMs: atS * 1000,
      promptTokens,
      outputTokens,
    }));
}

/** Prompts between 20 and 8,000 tokens, each length half as likely as one half as long; 200 output tokens on average. */
function madeArrivals(
  { perS, cv, startS, durationS }: { perS: number; cv: number; startS: number; durationS: number },
  random: () => number,
): Arrival[] {
  const shape = 1 / cv ** 2;
  const arrivals: Arrival[] = [];
  for (let atS = startS; ;) {
    atS += randomGamma(random, shape) / (shape * perS);
    if (atS >= durationS) return arrivals;
    const promptTokens = Math.round(20 * (8000 / 20) ** random());
    const outputTokens = Math.ceil(-200 * Math.log(1 - random()));
    arrivals.push({ atS, promptTokens, outputTokens });
  }
}

function recordedArrivals(part: WorkloadPart, trace: readonly Arrival[], durationS: number): Arrival[] {
  const { speed, fromS, every, startS } = part;
  const piece = trace.filter((arrival) => arrival.atS >= fromS);
  const last = piece.at(-1);
  if (last === undefined) throw new LabInputError(`trace ${part.trace ?? ""} ends before second ${fromS}`);
  // The gap between two rounds is the mean gap within one.
  const roundS = (last.atS - fromS) * (1 + 1 / piece.length);
  const arrivals: Arrival[] = [];
  for (let count = 0; ; count += every) {
    const arrival = at(piece, count % piece.length);
    const round = Math.floor(count / piece.length);
    const atS = startS + (round * roundS + arrival.atS - fromS) / speed;
    if (atS >= durationS) return arrivals;
    arrivals.push({ ...arrival, atS });
  }
}
