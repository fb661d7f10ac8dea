// `npm run bench:policies`: what each policy of a Model API costs a request, as CPU time beside the same gateway without
// any, in interleaved rounds. It must not know how a policy works.
import { readdirSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { startLoadSide } from "./load-side.ts";
import { requestBody, requestBytes } from "./load/traffic.ts";
import type { Bench } from "./measure.ts";
import { type RunningCandidate, Unavailable } from "./peers/candidate.ts";
import { buildMoongate, startMoongate } from "./peers/moongate.ts";
import { hasCommand, place } from "./placement.ts";
import { policyRows, type PolicyRow } from "./policy-rows.ts";
import { allowedCpus, ProcReader } from "./proc.ts";
import { ratios, type RoundValue, spread } from "./statistics.ts";

const POLL_MS = 20;
/** Until the compiler of the runtime has settled. */
const warmRequests = 20_000;
const leadIn = 500;
const READY_WITHIN_MS = 90_000;
const body = requestBody("plain", 1024);

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    requests: { type: "string", default: "5000" },
    only: { type: "string" },
    beside: { type: "string" },
  },
});

const windowRequests = Number(values.requests);

const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Measured {
  readonly row: PolicyRow;
  readonly running: RunningCandidate;
  readonly figures: RoundValue[];
  residentMb: number;
}

/** The floor of all ratios, and what was asked for. */
function chosenRows(): readonly PolicyRow[] {
  const only = values.only?.split(",");
  const rows = policyRows(body).filter(({ name }, index) => index === 0 || only?.includes(name) !== false);
  const [off] = rows;
  if (values.beside === undefined || off === undefined) return rows;
  const other = { ...off, name: "off in the other build", main: join(values.beside, "dist/main.js") };
  return [...rows, other];
}

/** What is wrong with an answer would make its price worthless. */
async function check({ row, running }: Measured): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) {
    const answer = await fetch(`http://127.0.0.1:${running.port}${running.path}`, {
      method: "POST",
      headers: { ...running.headers, accept: "*/*", "content-type": "application/json" },
      body,
    });
    const text = await answer.text();
    if (answer.status !== 200)
      throw new Unavailable(`${row.name}: status ${answer.status}: ${text.slice(0, 300)}`);
    const [header, value] = row.answersWith ?? ["", null];
    if (turn > 0 && header !== "" && answer.headers.get(header) !== value)
      throw new Unavailable(`${row.name}: ${header} is ${answer.headers.get(header)}, not ${value}`);
  }
}

/** Load until so many requests were answered: by time, a busy machine would be measured half warm. */
async function load(
  { loadSide }: Bench,
  { running, row }: Measured,
  requests: number,
): Promise<{ readonly done: number; readonly cpuUs: number }> {
  const { done, wrong, broken, problem } = await loadSide.snapshot();
  const beforeUs = threadCpuUs(running.pid);
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const now = await loadSide.snapshot();
    if (now.wrong > wrong || now.broken > broken)
      throw new Unavailable(`${row.name}: ${problem ?? now.problem}`);
    if (now.done - done >= requests)
      return { done: now.done - done, cpuUs: threadCpuUs(running.pid) - beforeUs };
  }
}

/** CPU time of the thread that serves, and of nothing beside it: other threads also work while no request comes. */
function threadCpuUs(pid: number): number {
  const folder = `/proc/${pid}/task`;
  const thread = readdirSync(folder).find((id) =>
    readFileSync(join(folder, id, "comm"), "utf8").startsWith("data plane"),
  );
  if (thread === undefined) throw new Unavailable("the data plane has no thread of that name");
  return Number(readFileSync(join(folder, thread, "schedstat"), "utf8").split(" ")[0]) / 1000;
}

async function under<Value>(bench: Bench, { running }: Measured, work: () => Promise<Value>): Promise<Value> {
  const request = requestBytes(running, body);
  await bench.loadSide.start({ port: running.port, request, kind: "plain", connections: 128 });
  try {
    return await work();
  } finally {
    await bench.loadSide.stop();
  }
}

async function main(cleanUp: AsyncDisposableStack): Promise<void> {
  await buildMoongate();
  const placement = place(allowedCpus(), hasCommand("taskset"));
  const loadSide = await startLoadSide(placement);
  cleanUp.defer(() => loadSide.close());
  const folder = await mkdtemp(join(tmpdir(), "moongate-bench-"));
  cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
  const bench: Bench = { loadSide, proc: new ProcReader(), windowMs: 0 };
  const all: Measured[] = [];
  for (const [index, row] of chosenRows().entries()) {
    const own = join(folder, String(index));
    await mkdir(own);
    const site = { upstreamPort: loadSide.upstreamPort, folder: own, pin: placement.candidate };
    const document = JSON.stringify(row.document(loadSide.upstreamPort));
    const { path, headers, main: other } = row;
    const beganMs = performance.now();
    const running = await startMoongate(site, {
      document,
      path,
      headers,
      readyWithinMs: READY_WITHIN_MS,
      ...(other === undefined ? {} : { main: other }),
    });
    const readyMs = Math.round(performance.now() - beganMs);
    cleanUp.defer(() => running.stop());
    const measured: Measured = { row, running, figures: [], residentMb: 0 };
    await check(measured);
    const idleMb = Math.round(bench.proc.usage(running.pid).residentKb / 1024);
    await under(bench, measured, () => load(bench, measured, warmRequests));
    say(`${row.name}: ready after ${readyMs} ms, ${idleMb} MB`);
    all.push(measured);
  }
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const turn = round % all.length;
    for (const measured of [...all.slice(turn), ...all.slice(0, turn)]) await takeOne(bench, measured, round);
  }
  report(all);
}

async function takeOne(bench: Bench, measured: Measured, round: number): Promise<void> {
  const { done, cpuUs } = await under(bench, measured, async () => {
    await load(bench, measured, leadIn);
    return load(bench, measured, windowRequests);
  });
  const us = cpuUs / done;
  measured.figures.push(us);
  measured.residentMb = Math.round(bench.proc.usage(measured.running.pid).residentKb / 1024);
  say(`round ${round + 1} ${measured.row.name}: ${us.toFixed(1)} us`);
}

function report(all: readonly Measured[]): void {
  say("\n| | CPU us per request | beside off | MB |\n|---|--:|--:|--:|");
  const base = all[0]?.figures ?? [];
  for (const { row, figures, residentMb } of all) {
    const us = spread(figures);
    const ratio = spread(ratios(figures, base));
    if (us === null || ratio === null) say(`| ${row.name} | failed | | |`);
    else {
      const { median, min, max } = ratio;
      const text = `${median.toFixed(2)}x (${min.toFixed(2)}-${max.toFixed(2)})`;
      say(`| ${row.name} | ${us.median.toFixed(1)} | ${text} | ${residentMb} |`);
    }
  }
}

const cleanUp = new AsyncDisposableStack();
let ending: Promise<void> | undefined;
/** Once, and waited for by whoever asks: no gateway may outlive the run. */
const end = (): Promise<void> => (ending ??= cleanUp.disposeAsync());
const interrupt = (): void => void end().finally(() => process.exit(130));
process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
try {
  await main(cleanUp);
} finally {
  await end();
}
