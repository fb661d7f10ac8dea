// `npm run bench`: starts floor, peer and Moongate, measures them in interleaved rounds, prints and writes results.
// It must not know how a figure is taken or a candidate configured.

import { mkdtemp, mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

import { Contestant, runRounds } from "./contest.ts";
import { startLoadSide } from "./load-side.ts";
import { describeMachine } from "./machine.ts";
import type { Bench } from "./measure.ts";
import type { MeasureName, Sample } from "./measures.ts";
import { MIN_ROUNDS, type Options, readOptions, USAGE, UsageError } from "./options.ts";
import { type Candidate, type CandidateName, type RunningCandidate, Unavailable } from "./peers/candidate.ts";
import { moongate } from "./peers/moongate.ts";
import { nginx } from "./peers/nginx.ts";
import { portkey } from "./peers/portkey.ts";
import { relay } from "./peers/relay.ts";
import { hasCommand, place } from "./placement.ts";
import { allowedCpus, ProcReader } from "./proc.ts";
import { type CandidateInfo, disturbanceOf, type Results, resultsOf, tableOf } from "./report.ts";

const RESULTS = fileURLToPath(new URL("results/", import.meta.url));
const BESIDE_THE_FLOOR: Readonly<Partial<Record<CandidateName, Candidate>>> = { moongate, portkey };

const say = (line: string): void => void process.stderr.write(`${line}\n`);

interface Prepared {
  readonly floor: "nginx" | "relay";
  readonly candidates: readonly Candidate[];
  readonly versions: Partial<Record<CandidateName, CandidateInfo>>;
  readonly remarks: string[];
}

/** Finds the floor, then installs and builds the rest; what cannot run is left out with a remark. */
async function prepare(options: Options): Promise<Prepared> {
  const versions: Prepared["versions"] = {};
  const remarks: string[] = [];
  const candidates: Candidate[] = [];
  const add = async (candidate: Candidate): Promise<boolean> => {
    try {
      versions[candidate.name] = { version: await candidate.prepare() };
      candidates.push(candidate);
      return true;
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      remarks.push(`${candidate.name} left out: ${error.message}`);
      return false;
    }
  };
  const floor = (await add(nginx)) ? "nginx" : "relay";
  if (floor === "relay") {
    await add(relay);
    remarks.push(
      "ratios refer to a bare socket relay in place of nginx: not comparable with runs that had nginx",
    );
  }
  for (const name of options.candidates) {
    const candidate = BESIDE_THE_FLOOR[name];
    if (candidate !== undefined) await add(candidate);
  }
  for (const remark of remarks) say(remark);
  return { floor, candidates, versions, remarks };
}

/** Starts what was prepared; what does not come up is left out with a remark. */
async function startContestants(prepared: Prepared, bench: Bench, ground: Ground): Promise<Contestant[]> {
  const contestants: Contestant[] = [];
  for (const candidate of prepared.candidates) {
    say(`starting and warming ${candidate.name}`);
    const contestant = new Contestant(candidate, () => ground.start(candidate));
    try {
      const note = await contestant.begin(bench);
      contestants.push(contestant);
      const version = prepared.versions[candidate.name]?.version ?? "";
      prepared.versions[candidate.name] = { version, ...(note === undefined ? {} : { note }) };
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      prepared.remarks.push(`${candidate.name} left out: ${error.message}`);
      say(prepared.remarks.at(-1) ?? "");
    }
  }
  return contestants;
}

interface Ground {
  start(candidate: Candidate): Promise<RunningCandidate>;
}

/** Gives each instance a folder of its own, and makes sure that none outlives the run. */
async function layOut(
  upstreamPort: number,
  pin: readonly string[],
  cleanUp: AsyncDisposableStack,
): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), "moongate-bench-"));
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  let instances = 0;
  return {
    async start(candidate) {
      const own = join(folder, `${candidate.name}-${instances++}`);
      await mkdir(own);
      const running = await candidate.start({ upstreamPort, folder: own, pin });
      cleanUp.defer(() => running.stop());
      return running;
    },
  };
}

async function run(options: Options, cleanUp: AsyncDisposableStack): Promise<number> {
  const prepared = await prepare(options);
  const cpus = allowedCpus();
  const placement = place(cpus, hasCommand("taskset"));
  const machine = describeMachine(cpus.length, placement.text);
  const loadSide = await startLoadSide(placement);
  cleanUp.defer(() => loadSide.close());
  const ground = await layOut(loadSide.upstreamPort, placement.candidate, cleanUp);
  const bench: Bench = { loadSide, proc: new ProcReader(), windowMs: options.seconds * 1000 };

  const contestants = await startContestants(prepared, bench, ground);
  const samples = await runRounds(bench, contestants, options, say);
  const moongateOk = isClean(samples.get("moongate"));
  if (options.rounds < MIN_ROUNDS)
    prepared.remarks.push(`fewer than ${MIN_ROUNDS} rounds: do not quote these figures`);
  const disturbance = disturbanceOf(samples);
  if (disturbance !== undefined) prepared.remarks.push(disturbance);
  const results = resultsOf(
    {
      date: new Date().toISOString(),
      complete: options.complete && moongateOk,
      floor: prepared.floor,
      settings: {
        rounds: options.rounds,
        secondsPerWindow: options.seconds,
        connections: 128,
        moongateWorkers: 1,
      },
      machine,
      candidates: prepared.versions,
      remarks: prepared.remarks,
    },
    samples,
  );
  const file = await writeResults(results);
  process.stdout.write(`\n${tableOf(results)}\n\nwritten to ${relative(process.cwd(), file)}\n`);
  return isClean(samples.get(prepared.floor)) && (moongateOk || !options.candidates.includes("moongate"))
    ? 0
    : 1;
}

/** Measured, and without a failure. A peer's failures are a result; the floor's and Moongate's fail the run. */
function isClean(taken: ReadonlyMap<MeasureName, readonly Sample[]> | undefined): boolean {
  return taken !== undefined && [...taken.values()].flat().every((sample) => sample.problem === undefined);
}

async function writeResults(results: Results): Promise<string> {
  await mkdir(RESULTS, { recursive: true });
  const file = join(RESULTS, `${results.date.slice(0, 10)}${results.complete ? "" : "-partial"}.json`);
  await writeFile(file, `${JSON.stringify(results, null, 2)}\n`);
  return file;
}

async function main(): Promise<number> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(`${error.message}\n${USAGE}`);
    return 2;
  }
  if (options.help) {
    process.stdout.write(`${USAGE}\n`);
    return 0;
  }
  if (process.platform !== "linux") {
    say("the benchmark reads CPU time from /proc and runs on Linux only");
    return 1;
  }
  const cleanUp = new AsyncDisposableStack();
  const interrupt = (): void => void cleanUp.disposeAsync().finally(() => process.exit(130));
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    return await run(options, cleanUp);
  } finally {
    await cleanUp.disposeAsync();
  }
}

process.exitCode = await main();
