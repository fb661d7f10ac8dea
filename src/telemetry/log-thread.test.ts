// The log thread over a real spool: asked from the main thread, which it must not hold up.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recordOf } from "../../test/support/exchange-record.ts";
import { defaultLogSettings } from "./log-state.ts";
import { LogThread } from "./log-thread.ts";
import { openSpool, type Spool } from "./spool.ts";

let folder: string;
let dir: string;
let spool: Spool;
let thread: LogThread | undefined;
const problems: Error[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "log-thread-"));
  dir = join(folder, "records");
  spool = openSpool({ dir, writer: "w0", wallMs: Date.now, onProblem: (error) => problems.push(error) });
});
afterEach(async () => {
  await thread?.stop();
  await spool.close();
  rmSync(folder, { recursive: true, force: true });
});

async function write(count: number): Promise<void> {
  for (let index = 0; index < count; index += 1)
    spool.record(recordOf({ requestId: `r${index}-${count}`, time: new Date().toISOString() }));
  await spool.flush();
}

function setup() {
  return { spoolDir: dir, logsDir: join(folder, "logs"), spoolRun: null, settings: defaultLogSettings };
}

function start(): LogThread {
  thread = new LogThread({ ...setup(), onProblem: (error) => problems.push(error) });
  return thread;
}

test("what has just been written is in the next answer", async () => {
  const asked = start();
  await write(3);
  expect((await asked.ask("traffic", { window: "1h" })).total.requests).toBe(3);
  await write(2);
  expect((await asked.ask("way", { api: "a", window: "1h" })).arrived).toBe(5);
  const all = { fromMs: null, toMs: null, filters: [], search: null, cursor: null, facets: [] };
  const page = await asked.ask("logs", { ...all, limit: 4, histogramColumns: 0 });
  expect(page.items).toHaveLength(4);
  expect(await asked.ask("log", { requestId: "r1-3" })).toMatchObject({ requestId: "r1-3", recorded: false });
  expect(await asked.ask("log", { requestId: "none" })).toBeNull();
});

test("a backlog is read in the background, and the answer says when it is all there", async () => {
  await write(20_000);
  const asked = start();
  await expect
    .poll(async () => (await asked.ask("traffic", { window: "1h" })).total.requests, { timeout: 20_000 })
    .toBe(20_000);
});

test("questions while it has ended are refused, and none is left waiting", async () => {
  const asked = start();
  const open = asked.ask("traffic", { window: "1h" }).catch(String);
  await asked.stop();
  expect(await open).toContain("the log thread ended");
  await expect(asked.ask("traffic", { window: "1h" })).rejects.toThrow("cannot be asked");
});

test("one that dies is told of and replaced", async () => {
  const dying =
    'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => process.exit(1));';
  const script = new URL(`data:text/javascript,${encodeURIComponent(dying)}`);
  const told: string[] = [];
  const asked = new LogThread({ ...setup(), script, onProblem: ({ message }) => told.push(message) });
  thread = asked;
  const ask = () => asked.ask("traffic", { window: "1h" }).catch(String);
  expect(await ask()).toContain("the log thread ended");
  expect(told).toHaveLength(1);
  expect(await ask()).toContain("cannot be asked now");
  await expect.poll(ask, { timeout: 20_000 }).toContain("the log thread ended");
});

test("one that hangs keeps nobody waiting", async () => {
  const hanging =
    'import { parentPort } from "node:worker_threads"; parentPort.on("message", () => undefined);';
  const script = new URL(`data:text/javascript,${encodeURIComponent(hanging)}`);
  const asked = new LogThread({
    ...setup(),
    script,
    deadlineMs: 20,
    onProblem: (error) => problems.push(error),
  });
  thread = asked;
  await expect(asked.ask("traffic", { window: "1h" })).rejects.toThrow("no answer in time");
});
