import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createPublisher, type Publisher } from "../snapshot/publisher.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";
import { startWorkerPool, WorkerFailed, type WorkerPool } from "./worker-pool.ts";

const script = new URL("./__fixtures__/scripted-worker.ts", import.meta.url);

let dir: string;
let publisher: Publisher;
let events: string[];
let pools: WorkerPool[];

const log: OperationalLog = {
  error: (event) => void events.push(event),
  warn: (event) => void events.push(event),
  info: () => undefined,
  debug: () => undefined,
};

function snapshot(revision: number, instance = "default"): Snapshot {
  return { revision, instance, apis: new Map(), services: new Map(), consumers: new Map() };
}

async function start(workers: number): Promise<WorkerPool> {
  const pool = await startWorkerPool({
    workers,
    host: "127.0.0.1",
    port: 0,
    simulatorUrl: "http://127.0.0.1:1",
    upstreamNetworks: "private",
    fetchNetworks: "public",
    trustedProxies: [],
    spoolDir: dir,
    spoolRun: "test",
    uploadDir: "",
    debugSecret: "",
    idFile: "",
    publisher,
    log,
    script,
  });
  pools.push(pool);
  return pool;
}

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "worker-pool-"));
  events = [];
  pools = [];
  publisher = createPublisher((error) => {
    throw error;
  });
  publisher.publish(snapshot(1));
});

afterEach(async () => {
  await Promise.all(pools.map((pool) => pool.drain(0)));
  rmSync(dir, { recursive: true, force: true });
});

test("all workers serve the published configuration on the port that the first one got", async () => {
  const pool = await start(3);
  expect(pool.port).toBe(4_242);
  expect(publisher.everyoneAt(1)).toBe(true);
});

test("a worker that throws is replaced and gets the newest configuration", async () => {
  await start(2);
  // The scripted worker dies of this revision once, and only the worker with index 1.
  publisher.publish(snapshot(666));
  await expect.poll(() => events).toContain("worker-died");
  await expect.poll(() => publisher.everyoneAt(666)).toBe(true);
  publisher.publish(snapshot(667));
  await expect.poll(() => publisher.everyoneAt(667)).toBe(true);
});

test("a worker that is out of step gets the full state", async () => {
  await start(1);
  // The scripted worker refuses the first patch of this revision.
  publisher.publish(snapshot(777));
  await expect.poll(() => publisher.everyoneAt(777)).toBe(true);
});

test("what runs on all workers is summed", async () => {
  const pool = await start(2);
  await expect.poll(() => pool.inFlight).toBe(2);
});

test("a port that cannot be had fails the start with the system's error, and no worker stays", async () => {
  publisher.publish(snapshot(888));
  await expect(start(2)).rejects.toThrow(WorkerFailed);
  await expect(start(2)).rejects.toMatchObject({ code: "EADDRINUSE", port: 4_242 });
});
