// `npm run bench:consumers`: a gateway with a hundred thousand consumers, each with a quota and credentials: how long it
// takes to start and start again, until a change holds, and how long its main thread stands still meanwhile.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { parseArgs } from "node:util";

import { consumerName, fullSize, manyConsumers, quotaName } from "./many-consumers-document.ts";
import { freePort, startProcess, type StartedProcess, Unavailable } from "./peers/candidate.ts";
import { buildMoongate, mainScript } from "./peers/moongate.ts";
import { ProcReader } from "./proc.ts";

const TOKEN = "bench-admin-token-0123456789-0123456789";
const READY_WITHIN_MS = 120_000;
const POLL_MS = 5;
const CHANGES = 10;

const { values } = parseArgs({
  options: {
    consumers: { type: "string", default: String(fullSize.consumers) },
    workers: { type: "string", default: "2" },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const proc = new ProcReader();

interface Gateway {
  readonly url: string;
  readonly started: StartedProcess;
}

async function isReady(url: string): Promise<boolean> {
  try {
    const answer = await fetch(`${url}/readyz`);
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}

async function start(what: string, folder: string, words: readonly string[]): Promise<Gateway> {
  const [port, consolePort] = [await freePort(), await freePort()];
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("MOONGATE_"));
  const beganMs = performance.now();
  const site = { upstreamPort: 0, folder, pin: [] };
  const started = await startProcess(site, "moongate", [process.execPath, mainScript, "start", ...words], {
    ...Object.fromEntries(inherited),
    MOONGATE_WORKERS: values.workers,
    MOONGATE_DEMO: "off",
    MOONGATE_DATA_DIR: join(folder, "data"),
    MOONGATE_ADMIN_TOKEN: TOKEN,
    MOONGATE_GATEWAY_HOST: "127.0.0.1",
    MOONGATE_GATEWAY_PORT: String(port),
    MOONGATE_CONSOLE_PORT: String(consolePort),
  });
  const url = `http://127.0.0.1:${consolePort}`;
  while (!(await isReady(url))) {
    if (started.exited || performance.now() - beganMs > READY_WITHIN_MS)
      throw new Unavailable(`${what}: ${started.lastOutput()}`);
    await wait(POLL_MS);
  }
  const { cpuMs, residentKb } = proc.usage(started.pid);
  const readyMs = performance.now() - beganMs;
  say(
    `${what}: ready after ${whole(readyMs)} ms (${whole(cpuMs)} ms of CPU), ${whole(residentKb / 1024)} MB`,
  );
  return { url, started };
}

const whole = (value: number): string => Math.round(value).toLocaleString("en");

/** How long the main thread kept somebody waiting at most, by asking it without pause. */
async function standstill(url: string, work: () => Promise<unknown>): Promise<number> {
  const run = { isOver: false };
  let longestMs = 0;
  const asking = (async () => {
    while (!run.isOver) {
      const beganMs = performance.now();
      await isReady(url);
      longestMs = Math.max(longestMs, performance.now() - beganMs);
      await wait(POLL_MS);
    }
  })();
  await work();
  run.isOver = true;
  await asking;
  return longestMs;
}

async function ask(url: string, method: string, path: string, body?: object): Promise<number> {
  const beganMs = performance.now();
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${TOKEN}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Unavailable(`${method} ${path}: ${answer.status} ${text.slice(0, 300)}`);
  return performance.now() - beganMs;
}

/** Until every worker serves it: only then the gateway is ready again. */
async function change({ url }: Gateway, index: number): Promise<number> {
  const beganMs = performance.now();
  const quotas = [{ name: quotaName, metric: "tokens", limit: 1_000 + index, period: "month" }];
  await ask(url, "PATCH", `/api/v1/consumers/${consumerName(index)}`, { quotas });
  while (!(await isReady(url))) await wait(1);
  return performance.now() - beganMs;
}

async function tell(gateway: Gateway): Promise<void> {
  const { url, started } = gateway;
  const before = proc.usage(started.pid).cpuMs;
  const times: number[] = [];
  const longest = await standstill(url, async () => {
    for (let index = 0; index < CHANGES; index += 1)
      times.push(await change(gateway, (index * 997) % Number(values.consumers)));
  });
  await wait(2000);
  const cpuMs = (proc.usage(started.pid).cpuMs - before) / CHANGES;
  say(
    `a changed quota: served after ${whole(Math.max(...times))} ms at most (${whole(cpuMs)} ms of CPU each)`,
  );
  say(`  the main thread answered within ${whole(longest)} ms meanwhile`);
  for (const path of ["/api/v1/quotas?limit=100", "/metrics", "/api/v1/consumers?limit=100"]) {
    let ms = 0;
    const still = await standstill(url, async () => (ms = await ask(url, "GET", path)));
    say(`GET ${path}: ${whole(ms)} ms; others waited ${whole(still)} ms at most`);
  }
  say(`memory: ${whole(proc.usage(started.pid).residentKb / 1024)} MB`);
}

const folder = await mkdtemp(join(tmpdir(), "moongate-bench-"));
const cleanUp = new AsyncDisposableStack();
cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
let ending: Promise<void> | undefined;
const end = (): Promise<void> => (ending ??= cleanUp.disposeAsync());
const interrupt = (): void => void end().finally(() => process.exit(130));
process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
try {
  await buildMoongate();
  await mkdir(join(folder, "data"));
  const file = join(folder, "gateway.json");
  await writeFile(
    file,
    JSON.stringify(manyConsumers({ ...fullSize, consumers: Number(values.consumers) }, "http://127.0.0.1:9")),
  );
  const first = await start("from a file, nothing stored", folder, ["--config", file]);
  cleanUp.defer(() => first.started.stop());
  await first.started.stop();
  const second = await start("from the store", folder, []);
  cleanUp.defer(() => second.started.stop());
  await tell(second);
} finally {
  await end();
}
