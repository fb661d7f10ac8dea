// Reuse of answers in the whole program: workers share what they keep, and it can be forgotten.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createOperationalLog } from "../telemetry/operational-log.ts";
import { startApp, type App } from "./app.ts";
import { readSettings } from "./settings.ts";

const adminToken = "admin-token-of-this-test-0123456789abcdef";
let dir: string;
let app: App;

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), "cache-app-"));
  const config = join(dir, "gateway.json");
  const document = {
    version: 1,
    services: [{ name: "simulator", provider: "simulator" }],
    modelApis: [
      {
        name: "chat",
        useCase: "text-generation",
        protocols: ["openai"],
        modelService: { mode: "single", target: { service: "simulator" } },
        cache: { enabled: true },
      },
    ],
  };
  writeFileSync(config, JSON.stringify(document));
  const read = readSettings({
    MOONGATE_DATA_DIR: join(dir, "data"),
    MOONGATE_CONFIG: config,
    MOONGATE_ADMIN_TOKEN: adminToken,
    MOONGATE_GATEWAY_HOST: "127.0.0.1",
    MOONGATE_GATEWAY_PORT: "0",
    MOONGATE_CONSOLE_PORT: "0",
    MOONGATE_WORKERS: "2",
    MOONGATE_DRAIN_TIMEOUT_MS: "0",
  });
  if ("problems" in read) throw new Error(read.problems.map(({ message }) => message).join());
  app = await startApp(read.settings, {
    env: {},
    print: () => undefined,
    log: createOperationalLog({ level: "error", target: { write: () => undefined }, wallMs: Date.now }),
    consoleFolder: join(dir, "console"),
  });
});

afterAll(async () => {
  await app.stop();
  rmSync(dir, { recursive: true, force: true });
});

/** On a connection of its own, so that either worker may get it. */
async function ask(): Promise<{ cache: string | null; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${app.gatewayPort}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", connection: "close" },
    body: JSON.stringify({ model: "moon-1", messages: [{ role: "user", content: "Hello!" }] }),
  });
  return { cache: answer.headers.get("x-moongate-cache"), text: await answer.text() };
}

const admin = (method: string, path: string): Promise<Response> =>
  fetch(`http://127.0.0.1:${app.consolePort}${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}` },
  });

test("what one worker was told all of them tell, until it is forgotten", async () => {
  const first = await ask();
  expect(first.cache).toBe("miss");
  await expect.poll(async () => (await ask()).cache).toBe("hit");
  const { text } = await ask();
  const again = await Promise.all(Array.from({ length: 20 }, ask));
  // A thread that has no time is a miss: most of them are none.
  expect(again.filter(({ cache }) => cache === "hit").length).toBeGreaterThan(10);
  for (const { cache, text: told } of again) if (cache === "hit") expect(told).toBe(text);

  const metrics = await (await admin("GET", "/metrics")).text();
  expect(metrics).toMatch(/^moongate_cache_entries 1$/m);
  expect(metrics).toMatch(/^moongate_cache_bytes [1-9]/m);
  await expect
    .poll(async () => (await admin("GET", "/metrics")).text(), { timeout: 10_000 })
    .toMatch(/^moongate_cache_saved_tokens_total\{api="chat",model="moon-1"\} [1-9]/m);

  expect((await admin("DELETE", "/api/v1/model-apis/chat/cache")).status).toBe(204);
  expect((await ask()).cache).toBe("miss");
  expect((await admin("DELETE", "/api/v1/model-apis/unknown/cache")).status).toBe(404);
});
