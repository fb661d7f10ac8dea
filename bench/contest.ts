// The contest: each candidate's processes, and the order in which candidates are measured.
// It must not know how a figure is taken or shown.

import { type Bench, takeSample, warmUp } from "./measure.ts";
import { type Measure, MEASURES, type MeasureName, type Sample } from "./measures.ts";
import type { Options } from "./options.ts";
import type { Candidate, CandidateName, RunningCandidate } from "./peers/candidate.ts";
import { probe, type ProbeResult } from "./probe.ts";
import { digits, type Samples } from "./report.ts";

/** One candidate over the whole run: a warm process for throughput, fresh ones for the slow streams. */
export class Contestant {
  readonly candidate: Candidate;
  readonly #startFresh: () => Promise<RunningCandidate>;
  #warm: RunningCandidate | undefined;
  #probed: ProbeResult = {};

  constructor(candidate: Candidate, startFresh: () => Promise<RunningCandidate>) {
    this.candidate = candidate;
    this.#startFresh = startFresh;
  }

  /** Starts and warms it; returns its note. Throws Unavailable. */
  async begin(bench: Bench): Promise<string | undefined> {
    this.#warm = await this.#startFresh();
    this.#probed = await probe(this.#warm);
    await warmUp(bench, this.#warm, this.candidate.warmUpMs);
    return this.#warm.note;
  }

  /** Never throws: what goes wrong is the sample's problem. */
  async measure(bench: Bench, measure: Measure): Promise<Sample> {
    const problem = measure.answer === "plain" ? this.#probed.plain : this.#probed.stream;
    if (problem !== undefined) return { figures: {}, problem, details: {} };
    try {
      if (measure.answer !== "slow" && this.#warm !== undefined)
        return await takeSample(bench, measure, this.#warm);
      const fresh = await this.#startFresh();
      try {
        // Loads the code paths, so that the figure is not the price of compiling them.
        await probe(fresh);
        return await takeSample(bench, measure, fresh);
      } finally {
        await fresh.stop();
      }
    } catch (error) {
      return { figures: {}, problem: error instanceof Error ? error.message : String(error), details: {} };
    }
  }
}

type Taken = Map<CandidateName, Map<MeasureName, Sample[]>>;

/** Candidate after candidate inside each measure, starting with another one each round. */
export async function runRounds(
  bench: Bench,
  contestants: readonly Contestant[],
  options: Pick<Options, "rounds" | "measures">,
  say: (line: string) => void,
): Promise<Samples> {
  const taken: Taken = new Map(contestants.map(({ candidate }) => [candidate.name, new Map()]));
  const measures = MEASURES.filter((measure) => options.measures.includes(measure.name));
  for (let round = 0; round < options.rounds; round++) {
    const turn = round % contestants.length;
    const order = [...contestants.slice(turn), ...contestants.slice(0, turn)];
    for (const measure of measures) {
      for (const contestant of order) {
        const { name } = contestant.candidate;
        const sample = await contestant.measure(bench, measure);
        const own = taken.get(name) ?? new Map<MeasureName, Sample[]>();
        taken.set(name, own.set(measure.name, [...(own.get(measure.name) ?? []), sample]));
        const figures = Object.entries(sample.figures).map(([figure, value]) => `${figure} ${digits(value)}`);
        const text = sample.problem === undefined ? figures.join(", ") : `failed: ${sample.problem}`;
        say(
          `round ${round + 1}/${options.rounds}  ${name.padEnd(9)} ${text}  ${JSON.stringify(sample.details)}`,
        );
      }
    }
  }
  return taken;
}
