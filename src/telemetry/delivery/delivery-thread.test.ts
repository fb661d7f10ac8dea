// The main thread's end of the delivery thread: what another thread is told when the first has died.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { DeliveryConfiguration } from "./deliverer.ts";
import { DeliveryThread } from "./delivery-thread.ts";
import type { FileSink } from "./sink-config.ts";

let dir = "";
let thread: DeliveryThread | undefined;
const problems: string[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "moongate-delivery-thread-"));
  problems.length = 0;
});
afterEach(async () => {
  await thread?.stop();
  rmSync(dir, { recursive: true, force: true });
});

function start(script?: URL): DeliveryThread {
  thread = new DeliveryThread({
    dataDir: dir,
    logsDir: join(dir, "logs"),
    networks: "private",
    onProblem: ({ message }) => void problems.push(message),
    ...(script === undefined ? {} : { script }),
  });
  return thread;
}

const sink: FileSink = {
  name: "file",
  type: "file",
  path: "out.jsonl",
  maxBytes: 1_000_000,
  keep: 1,
  flushIntervalMs: 100,
  includeContent: false,
};
const configuration: DeliveryConfiguration = {
  sinks: [sink],
  services: new Map(),
  sender: { version: "1", instance: "i", region: "r", node: "n" },
};

test("the real thread tells how its sinks stand, tests one, and ends", async () => {
  const started = start();
  started.configure(configuration);
  await expect
    .poll(() => started.states, { timeout: 30_000 })
    .toMatchObject([{ name: "file", status: "idle" }]);
  expect(await started.test(sink)).toMatchObject({ ok: true, message: "The file can be written." });
  await started.stop();
  expect(problems).toEqual([]);
});

test("a thread that died is replaced by one that knows the sinks; who waited for it is told", async () => {
  // Tells its own id as the name of a sink, and dies when it is asked for a test.
  const dying = `import { parentPort, threadId } from "node:worker_threads";
    parentPort.on("message", ({ kind, configuration }) => {
      if (kind === "test") process.exit(1);
      if (kind === "stop") parentPort.postMessage({ kind: "stopped" });
      if (kind === "configure")
        parentPort.postMessage({ kind: "states", states: [{ name: configuration.sinks[0].name + threadId }] });
    });`;
  const started = start(new URL(`data:text/javascript,${encodeURIComponent(dying)}`));
  started.configure(configuration);
  const name = (): string => started.states[0]?.name ?? "";
  await expect.poll(name, { timeout: 30_000 }).toMatch(/^file\d+$/);
  const before = name();
  await expect(started.test(sink)).rejects.toThrow("the delivery thread ended");
  await expect.poll(name, { timeout: 30_000 }).not.toBe(before);
  expect(name()).toMatch(/^file\d+$/);
  expect(problems).toEqual(["the delivery thread ended; another is started"]);
});
