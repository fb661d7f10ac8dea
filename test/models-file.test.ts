// The file in which an administrator says what he knows of models, with a gateway that is started with it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startApp, type App } from "../src/app/app.ts";
import { ModelFileRefused } from "../src/app/model-file.ts";
import { readSettings } from "../src/app/settings.ts";
import { createOperationalLog } from "../src/telemetry/operational-log.ts";
import { Changes } from "./support/changes.ts";

const adminToken = "token-for-this-test-alone-0123456789";
let folder: string;
let file: string;
let app: App | undefined;
let logged: string;
let changes: Changes;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "models-file-"));
  file = join(folder, "models.yaml");
  logged = "";
  changes = new Changes();
});

afterEach(async () => {
  await app?.stop();
  app = undefined;
  rmSync(folder, { recursive: true, force: true });
});

async function start(text: string): Promise<void> {
  writeFileSync(file, text);
  const read = readSettings({
    MOONGATE_DATA_DIR: join(folder, "data"),
    MOONGATE_GATEWAY_HOST: "127.0.0.1",
    MOONGATE_GATEWAY_PORT: "0",
    MOONGATE_CONSOLE_PORT: "0",
    MOONGATE_WORKERS: "1",
    MOONGATE_DRAIN_TIMEOUT_MS: "0",
    MOONGATE_ADMIN_TOKEN: adminToken,
    MOONGATE_MODELS_FILE: file,
  });
  if ("problems" in read) throw new Error(read.problems.map(({ message }) => message).join());
  app = await startApp(read.settings, {
    env: {},
    print: () => undefined,
    log: createOperationalLog({
      level: "info",
      target: {
        write: (line) => {
          logged += line;
          changes.notify();
        },
      },
      wallMs: Date.now,
    }),
    consoleFolder: join(folder, "console"),
  });
}

async function admin(path: string): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${app?.consolePort}/api/v1${path}`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  return answer.json();
}

/** The cost that the record of a demo request tells. */
async function costOfRequest(): Promise<number | null> {
  const answer = await fetch(`http://127.0.0.1:${app?.gatewayPort}/demo/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "simulated", messages: [{ role: "user", content: "Hello!" }] }),
  });
  expect(answer.status).toBe(200);
  await answer.text();
  const id = answer.headers.get("x-request-id") ?? "";
  for (;;) {
    // The answer is a record, or that there is none yet.
    const found = (await admin(`/logs/${id}`)) as { readonly costUsd?: number | null };
    if (found.costUsd !== undefined) return found.costUsd;
  }
}

const priced = (output: number): string =>
  `date: 2026-11-01\nsource: contract\nproviders:\n  simulator:\n    - name: simulated\n      price: { output: ${output} }\n`;

test("its prices are those of requests without any price in the configuration, and a change of it needs no start", async () => {
  await start(priced(1_000_000));
  const before = await costOfRequest();
  if (before === null) throw new Error("no price was found");
  expect(before).toBeGreaterThan(0);
  expect(await admin("/providers/simulator/models")).toMatchObject({
    items: [{ name: "simulated", price: { output: 1_000_000 }, source: "contract", date: "2026-11-01" }],
  });
  writeFileSync(file, priced(2_000_000));
  await changes.until(() => logged.includes("models-file-applied") || undefined);
  expect(await costOfRequest()).toBe(before * 2);
});

test("a change that cannot be taken changes nothing and is told with its place", async () => {
  await start(priced(1_000_000));
  const before = await costOfRequest();
  writeFileSync(file, priced(1).replace("output: 1", "outptu: 1"));
  await changes.until(() => logged.includes("models-file-refused") || undefined);
  expect(logged).toContain("models.yaml:6 providers.simulator[0].price.outptu: unknown field");
  expect(await costOfRequest()).toBe(before);
});

test("a file that cannot be taken at the start is a reason not to start", async () => {
  await expect(start("date: today\n")).rejects.toThrow(ModelFileRefused);
  await expect(start("date: today\n")).rejects.toThrow(/models\.yaml:1 date: must be a day/u);
});

test("without one, what ships is told with its source and day, or left out", async () => {
  await start("date: 2026-11-01\n");
  expect(await admin("/providers")).toMatchObject({
    items: expect.arrayContaining([
      expect.objectContaining({
        id: "openai",
        models: expect.arrayContaining([
          expect.objectContaining({ name: "gpt-4o", date: expect.stringMatching(/^\d{4}-/u) }),
        ]),
      }),
    ]),
  });
  expect(JSON.stringify(await admin("/providers?models=none"))).not.toContain("gpt-4o");
  expect(await admin("/providers/nobody/models")).toMatchObject({ error: { code: "not_found" } });
});
