// Starting, watching and stopping a candidate's process.

import { tmpdir } from "node:os";
import { expect, test } from "vitest";

import { accepts, freePort, startProcess, type StartedProcess, Unavailable, waitUntil } from "./candidate.ts";

const site = { upstreamPort: 0, folder: tmpdir(), pin: [] };
const run = (script: string): Promise<StartedProcess> =>
  startProcess(site, "it", [process.execPath, "-e", script]);
const never = (): Promise<boolean> => Promise.resolve(false);

test("a process is waited for and stopped", async () => {
  const port = await freePort();
  const started = await run(`require("node:net").createServer().listen(${port}, "127.0.0.1")`);
  await waitUntil("it", started, () => accepts(port));
  await started.stop();
  expect(await accepts(port)).toBe(false);
});

test("a process that ends is told with the last it said", async () => {
  const started = await run(`console.error("no such setting"); process.exit(1)`);
  const waiting = waitUntil("it", started, never);
  await expect(waiting).rejects.toThrow(Unavailable);
  await expect(waiting).rejects.toThrow("it ended while it started: no such setting");
});

test("a process that never answers is stopped and told", async () => {
  const started = await run("setInterval(() => {}, 1000)");
  await expect(waitUntil("it", started, never, 1)).rejects.toThrow("it was not ready after 1 ms");
  await expect.poll(() => started.exited).toBe(true);
});
