// Turns the samples of all rounds into the results file and the table.
// It must not know how samples were taken.

import { type FigureName, FIGURES, type MeasureName, type Sample } from "./measures.ts";
import type { CandidateName } from "./peers/candidate.ts";
import { ratios, type RoundValue, type Spread, spread } from "./statistics.ts";

/** Samples by candidate and measure, one per round. */
export type Samples = ReadonlyMap<CandidateName, ReadonlyMap<MeasureName, readonly Sample[]>>;

export interface CandidateInfo {
  readonly version: string;
  readonly note?: string;
}

export interface RunInfo {
  readonly date: string;
  /** False: fewer rounds, shorter windows or less measured than a run that may stand as the day's. */
  readonly complete: boolean;
  readonly floor: "nginx" | "relay";
  readonly settings: Readonly<Record<string, number | string>>;
  readonly machine: Readonly<Record<string, number | string>>;
  readonly candidates: Readonly<Partial<Record<CandidateName, CandidateInfo>>>;
  /** Everything a reader must know before believing the figures. */
  readonly remarks: readonly string[];
}

export interface CandidateResult {
  /** Absolute figure: moves with the machine's neighbours. */
  readonly value: Spread | null;
  readonly ratioToNginx?: Spread | null;
  /** In place of the ratio to nginx where nginx is missing; not comparable with it. */
  readonly ratioToRelay?: Spread | null;
  /** How many times more Portkey needs, in the same rounds. */
  readonly timesLessThanPortkey?: Spread | null;
  readonly rounds: readonly RoundValue[];
  readonly details: readonly Readonly<Record<string, number>>[];
  readonly problems: readonly string[];
}

export interface MeasureResult {
  readonly title: string;
  readonly unit: string;
  readonly candidates: Readonly<Partial<Record<CandidateName, CandidateResult>>>;
}

export interface Results extends RunInfo {
  readonly measures: Readonly<Partial<Record<FigureName, MeasureResult>>>;
}

/** Per cent of one CPU that other programs may use before the figures are called disturbed. */
const QUIET_PERCENT = 10;

/** A remark if other programs were busy in the windows of half of all samples. */
export function disturbanceOf(samples: Samples): string | undefined {
  const all = [...samples.values()].flatMap((taken) => [...taken.values()].flat());
  const others = spread(all.map((sample) => sample.details["othersBusyPercent"] ?? null));
  if (others === null || others.median <= QUIET_PERCENT) return undefined;
  return `other programs used ${digits(others.median)} % of a CPU in the median window, up to ${digits(others.max)} %: disturbed`;
}

export function resultsOf(run: RunInfo, samples: Samples): Results {
  const measures: Partial<Record<FigureName, MeasureResult>> = {};
  for (const { name, measure, title, unit } of FIGURES) {
    const candidates: Partial<Record<CandidateName, CandidateResult>> = {};
    const values = (candidate: CandidateName): RoundValue[] =>
      (samples.get(candidate)?.get(measure) ?? []).map((sample) =>
        sample.problem === undefined ? (sample.figures[name] ?? null) : null,
      );
    for (const [candidate, taken] of samples) {
      const own = taken.get(measure);
      if (own === undefined) continue;
      const rounds = values(candidate);
      const ratio = spread(ratios(rounds, values(run.floor)));
      const peer = spread(ratios(values("portkey"), rounds));
      candidates[candidate] = {
        value: spread(rounds),
        ...(run.floor === "nginx" ? { ratioToNginx: ratio } : { ratioToRelay: ratio }),
        ...(candidate === "moongate" && samples.has("portkey") ? { timesLessThanPortkey: peer } : {}),
        rounds,
        details: own.map((sample) => sample.details),
        problems: own.flatMap((sample) => sample.problem ?? []),
      };
    }
    if (Object.keys(candidates).length > 0) measures[name] = { title, unit, candidates };
  }
  return { ...run, measures };
}

/** Three figures, so that neighbouring digits do not pretend to a precision that is not there. */
export function digits(value: number): string {
  if (Math.abs(value) >= 100) return String(Math.round(value));
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

const range = (spreadOf: Spread, suffix = ""): string =>
  `${digits(spreadOf.median)}${suffix} (${digits(spreadOf.min)}-${digits(spreadOf.max)})`;

function rowOf(candidate: string, result: CandidateResult): string[] {
  if (result.value === null) return ["", candidate, "failed", result.problems[0]?.slice(0, 60) ?? "", ""];
  const ratio = result.ratioToNginx ?? result.ratioToRelay;
  const less = result.timesLessThanPortkey;
  return [
    "",
    candidate,
    range(result.value),
    ratio === undefined || ratio === null ? "" : range(ratio, "x"),
    less === undefined || less === null ? "" : range(less, "x"),
  ];
}

/** The table for the terminal: median (lowest-highest) over the rounds. */
export function tableOf(results: Results): string {
  const rows: string[][] = [
    ["", "", "median (min-max)", `to ${results.floor}, per round`, "less than Portkey"],
  ];
  for (const { title, unit, candidates } of Object.values(results.measures)) {
    rows.push([`${title}, ${unit}`]);
    for (const [candidate, result] of Object.entries(candidates)) rows.push(rowOf(candidate, result));
  }
  // A heading is one cell wide and must not widen the first column.
  const full = rows.filter((row) => row.length > 1);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(2, ...full.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row.length === 1
      ? `\n${row[0] ?? ""}`
      : row
          .map((cell, column) => cell.padEnd((widths[column] ?? 0) + 2))
          .join("")
          .trimEnd(),
  );
  return [...lines, "", ...remarksOf(results)].join("\n");
}

function remarksOf(results: Results): string[] {
  const notes = Object.entries(results.candidates).flatMap(([candidate, { note }]) =>
    note === undefined ? [] : [`${candidate}: ${note}`],
  );
  return [...results.remarks, ...notes].map((remark) => `! ${remark}`);
}
