// `npm run bench:starts`: how soon the gateway is ready again after a kill in the middle of configuration writes, by the
// clock on the wall and in CPU time. A test proves that nothing is lost; this tells the time. Must not know the gateway's code.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { startProcess, type GatewayProcess } from "../test/support/gateway-process.ts";
import { Unavailable } from "./peers/candidate.ts";
import { buildMoongate } from "./peers/moongate.ts";
import { ProcReader } from "./proc.ts";
import { spread } from "./statistics.ts";

const WRITERS = 4;
const WRITES_BEFORE_A_KILL = 40;
/** Said in the figures, not in a test: a busy machine breaks it through no fault of the program. */
const PROMISED_MS = 2_000;

const { values } = parseArgs({ options: { starts: { type: "string", default: "15" } } });
const starts = Number(values.starts);
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const proc = new ProcReader();

interface Start {
  readonly gateway: GatewayProcess;
  readonly readyMs: number;
  readonly cpuMs: number;
}

async function start(dataDir: string): Promise<Start> {
  const beganMs = performance.now();
  const gateway = await startProcess({
    dataDir,
    entry: "dist/main.js",
    env: { MOONGATE_DEMO: "off" },
  });
  const readyMs = performance.now() - beganMs;
  return { gateway, readyMs, cpuMs: proc.usage(gateway.pid).cpuMs };
}

/** Writes with several writers at once, and kills in their middle. */
async function killAmongWrites(gateway: GatewayProcess, round: number): Promise<void> {
  let [next, accepted] = [0, 0];
  const work = async (): Promise<void> => {
    for (;;) {
      next += 1;
      const body = { name: `service-${round}-${next}`, provider: "simulator" };
      const answer = await gateway.admin("POST", "/services", body).catch(() => undefined);
      if (answer === undefined) return;
      if (answer.status !== 201) throw new Unavailable(`a write was answered with ${answer.status}`);
      accepted += 1;
      if (accepted === WRITES_BEFORE_A_KILL) gateway.kill("SIGKILL");
    }
  };
  await Promise.all(Array.from({ length: WRITERS }, work));
  await gateway.exited();
}

function tell(what: string, figures: readonly number[]): void {
  const found = spread(figures);
  if (found === null) return;
  const [median, min, max] = [found.median, found.min, found.max].map((figure) => Math.round(figure));
  say(`| ${what} | ${median} | ${min} | ${max} |`);
}

const folder = await mkdtemp(join(tmpdir(), "moongate-bench-"));
const dataDir = join(folder, "data");
let running: GatewayProcess | undefined;
try {
  await buildMoongate();
  const first = await start(dataDir);
  running = first.gateway;
  const again: Start[] = [];
  while (again.length < starts) {
    await killAmongWrites(running, again.length);
    const one = await start(dataDir);
    running = one.gateway;
    again.push(one);
  }
  say(`${starts} starts after kills, with two workers; promised: ready within ${PROMISED_MS} ms\n`);
  say("| ms | median | lowest | highest |\n|---|--:|--:|--:|");
  tell("first start, until ready", [first.readyMs]);
  tell(
    "after a kill, until ready",
    again.map(({ readyMs }) => readyMs),
  );
  tell(
    "after a kill, CPU of all threads",
    again.map(({ cpuMs }) => cpuMs),
  );
  const kept = again.filter(({ readyMs }) => readyMs <= PROMISED_MS).length;
  say(`\nready in time: ${kept} of ${starts}`);
  process.exitCode = kept === starts ? 0 : 1;
} finally {
  await running?.close();
  await rm(folder, { recursive: true, force: true });
}
