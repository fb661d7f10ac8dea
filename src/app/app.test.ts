import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOperationalLog } from "../telemetry/operational-log.ts";
import { startApp, type App } from "./app.ts";
import { readSettings, type Settings } from "./settings.ts";

let dir: string;
let printed: string;
let logged: string;
let running: App[];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "app-"));
  printed = "";
  logged = "";
  running = [];
});

afterEach(async () => {
  for (const app of running) await app.stop();
  rmSync(dir, { recursive: true, force: true });
});

function settings(): Settings {
  const read = readSettings({
    MOONGATE_DATA_DIR: dir,
    MOONGATE_GATEWAY_HOST: "127.0.0.1",
    MOONGATE_GATEWAY_PORT: "0",
    MOONGATE_CONSOLE_PORT: "0",
    MOONGATE_WORKERS: "1",
    MOONGATE_DRAIN_TIMEOUT_MS: "0",
  });
  if ("problems" in read) throw new Error(read.problems.map(({ message }) => message).join());
  return read.settings;
}

async function start(): Promise<App> {
  const app = await startApp(settings(), {
    env: {},
    print: (text) => (printed += text),
    log: createOperationalLog({
      level: "debug",
      target: { write: (text) => (logged += text) },
      wallMs: Date.now,
    }),
    consoleFolder: join(dir, "console"),
  });
  running.push(app);
  return app;
}

async function stop(app: App): Promise<void> {
  running = running.filter((other) => other !== app);
  await app.stop();
}

function askDemo(app: App): Promise<Response> {
  return fetch(`http://127.0.0.1:${app.gatewayPort}/demo/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "moon-1", messages: [{ role: "user", content: "Hello!" }] }),
  });
}

test("an empty folder gets the demo, and what is printed says how to sign in and what to try", async () => {
  const app = await start();
  expect((await askDemo(app)).status).toBe(200);
  expect(printed).toContain(`http://127.0.0.1:${app.gatewayPort}/demo/v1/chat/completions`);
  const token = /MOONGATE_ADMIN_TOKEN=(\S+)/u.exec(printed)?.[1] ?? "";
  const services = await fetch(`http://127.0.0.1:${app.consolePort}/api/v1/services`, {
    headers: { authorization: `Bearer ${token}` },
  });
  expect(await services.json()).toMatchObject({ items: [{ name: "simulator" }] });
});

test("with a damaged database the data plane serves the last good snapshot and says so", async () => {
  await stop(await start());
  writeFileSync(join(dir, "moongate.db"), "this is no database, and long enough to be looked at".repeat(100));
  rmSync(join(dir, "moongate.db-wal"), { force: true });
  const app = await start();
  expect((await askDemo(app)).status).toBe(200);
  const console = `http://127.0.0.1:${app.consolePort}`;
  const ready = await fetch(`${console}/readyz`);
  expect(ready.status).toBe(200);
  expect(await ready.json()).toMatchObject({ ready: true, configError: expect.stringContaining("store") });
  expect((await fetch(`${console}/api/v1/services`)).status).toBe(503);
  expect(logged).toContain("store-unavailable");
});

test("with a damaged database and a damaged snapshot the start fails", async () => {
  await stop(await start());
  writeFileSync(join(dir, "moongate.db"), "this is no database, and long enough to be looked at".repeat(100));
  appendFileSync(join(dir, "snapshot.sealed"), "x");
  await expect(start()).rejects.toThrow(/moongate\.db/u);
});

test("one folder takes one gateway", async () => {
  await start();
  await expect(start()).rejects.toThrow(/in use by process/u);
});
