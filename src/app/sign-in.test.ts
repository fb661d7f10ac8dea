// The first owner of a started gateway: by the link that is printed, or by the environment; and what a restart leaves.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createOperationalLog } from "../telemetry/operational-log.ts";
import { startApp, type App } from "./app.ts";
import { readSettings } from "./settings.ts";

const password = "correct horse battery";
let dir: string;
let printed: string;
let running: App | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "app-sign-in-"));
  mkdirSync(join(dir, "console"));
  writeFileSync(join(dir, "console", "index.html"), "<!doctype html><title>console</title>");
});
afterEach(async () => {
  await running?.stop();
  running = undefined;
  rmSync(dir, { recursive: true, force: true });
});

/** Starts the gateway, again where it runs already. */
async function start(env: Record<string, string> = {}, consoleFolder = join(dir, "console")): Promise<void> {
  await running?.stop();
  printed = "";
  const read = readSettings({
    MOONGATE_DATA_DIR: join(dir, "data"),
    MOONGATE_GATEWAY_HOST: "127.0.0.1",
    MOONGATE_GATEWAY_PORT: "0",
    MOONGATE_CONSOLE_PORT: "0",
    MOONGATE_WORKERS: "1",
    MOONGATE_DRAIN_TIMEOUT_MS: "0",
    ...env,
  });
  if ("problems" in read) throw new Error(read.problems.map(({ message }) => message).join());
  running = await startApp(read.settings, {
    env: {},
    print: (text) => (printed += text),
    log: createOperationalLog({ level: "error", target: process.stderr, wallMs: Date.now }),
    consoleFolder,
  });
}

function url(path: string): string {
  return `http://127.0.0.1:${running?.consolePort}${path}`;
}

function post(path: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url(`/api/v1${path}`), { method: "POST", headers, body: JSON.stringify(body) });
}

const setUpToken = () => /\/setup#token=([\w-]{43})\n/u.exec(printed)?.[1];
const cookieOf = (answer: Response) => answer.headers.get("set-cookie")?.split(";")[0] ?? "";
const statusWith = async (headers: Record<string, string>) =>
  (await fetch(url("/api/v1/services"), { headers })).status;

test("the printed link makes the first owner, once, and a restart signs nobody out", async () => {
  await start();
  expect(printed).toContain(`console      ${url("/")}\n`);
  expect(await (await fetch(url("/setup"), { headers: { accept: "text/html" } })).text()).toContain(
    "console",
  );
  const first = setUpToken();
  const bootstrap = /MOONGATE_ADMIN_TOKEN=(\S+)/u.exec(printed)?.[1];
  expect(await statusWith({ authorization: `Bearer ${bootstrap}` })).toBe(200);

  await start();
  const token = setUpToken();
  expect(token).not.toBe(first);
  expect((await post("/setup", { token: first, password })).status).toBe(403);
  const answer = await post("/setup", { token, password });
  expect([answer.status, await statusWith({ cookie: cookieOf(answer) })]).toEqual([201, 200]);

  await start();
  expect(await statusWith({ cookie: cookieOf(answer) })).toBe(200);
  expect(printed).not.toContain("setup#token");
  expect(printed).not.toContain("MOONGATE_ADMIN_TOKEN");
  expect((await post("/setup", { token, password })).status).toBe(409);
});

test("the password of the environment is the first one of admin, and never comes back", async () => {
  const env = { MOONGATE_ADMIN_PASSWORD: password };
  await start(env);
  expect(printed).not.toContain("setup#token");
  expect(printed).not.toContain(password);
  const answer = await post("/session", { username: "admin", password });
  expect(answer.status).toBe(201);
  const { csrfToken } = (await answer.json()) as { csrfToken: string };
  const next = "another long password";
  const headers = { cookie: cookieOf(answer), "x-csrf-token": csrfToken };
  expect((await post("/session/password", { current: password, next }, headers)).status).toBe(204);

  await start(env);
  expect((await post("/session", { username: "admin", password })).status).toBe(401);
  expect((await post("/session", { username: "admin", password: next })).status).toBe(201);
});

test("no password works where none was set", async () => {
  await start();
  for (const guess of ["admin", "password", "moongate", ""]) {
    expect((await post("/session", { username: "admin", password: guess })).status).toBe(401);
  }
});

test("without the files of the console nothing is said of one", async () => {
  await start({}, join(dir, "nowhere"));
  expect(printed).not.toMatch(/console {6}|setup#token/u);
  expect(await (await fetch(url("/"))).json()).toMatchObject({ openapi: "/api/v1/openapi.json" });
});
