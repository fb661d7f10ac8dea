// Rate limits of the whole program with four workers under two hundred callers at once: exactly what fits passes, and
// what was taken comes back from clients that leave, services that break and workers that die.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Worker } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { startApp } from "../src/app/app.ts";
import { readSettings } from "../src/app/settings.ts";
import { createOperationalLog } from "../src/telemetry/operational-log.ts";
import { startBillingService, type BillingService } from "./support/billing-service.ts";
import { adminToken, longMs } from "./support/gateway-process.ts";
import { createKeeper } from "./support/keeper.ts";

const keep = createKeeper();
const callers = 200;
const workerCount = 4;

afterEach(() => process.removeAllListeners("worker"));

interface Scene {
  readonly service: BillingService;
  readonly workers: ReadonlySet<Worker>;
  call(maxTokens: number, signal?: AbortSignal): Promise<{ status: number; remaining: number }>;
}

async function start(rateLimit: object): Promise<Scene> {
  const service = keep(await startBillingService());
  const workers = new Set<Worker>();
  process.on("worker", (worker) => {
    workers.add(worker);
    worker.on("exit", () => workers.delete(worker));
  });
  const folder = mkdtempSync(join(tmpdir(), "limits-"));
  const document = {
    version: 1,
    services: [
      {
        name: "up",
        provider: "openai-compatible",
        protocols: [{ protocol: "openai", baseUrl: service.url }],
      },
    ],
    modelApis: [
      {
        name: "chat",
        useCase: "text-generation",
        protocols: ["openai"],
        modelService: { mode: "single", target: { service: "up" } },
        retries: { max: 0 },
        rateLimits: [{ name: "the-limit", by: "api", ...rateLimit }],
      },
    ],
  };
  writeFileSync(join(folder, "gateway.json"), JSON.stringify(document));
  const app = await startApp(settingsIn(folder), {
    env: {},
    print: () => undefined,
    log: createOperationalLog({ level: "error", target: { write: () => undefined }, wallMs: Date.now }),
    consoleFolder: join(folder, "console"),
  });
  keep({
    close: async () => {
      await app.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  });
  const url = `http://127.0.0.1:${app.gatewayPort}/v1/chat/completions`;
  const call: Scene["call"] = async (maxTokens, signal) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({
        model: "m",
        max_tokens: maxTokens,
        messages: [{ role: "user", content: "Hi" }],
      }),
      ...(signal === undefined ? {} : { signal }),
    });
    await response.arrayBuffer();
    return {
      status: response.status,
      remaining: Number(response.headers.get("x-ratelimit-remaining-tokens")),
    };
  };
  return { service, workers, call };
}

function settingsIn(folder: string) {
  const read = readSettings({
    MOONGATE_DATA_DIR: join(folder, "data"),
    MOONGATE_CONFIG: join(folder, "gateway.json"),
    MOONGATE_GATEWAY_HOST: "127.0.0.1",
    MOONGATE_GATEWAY_PORT: "0",
    MOONGATE_CONSOLE_PORT: "0",
    MOONGATE_WORKERS: String(workerCount),
    MOONGATE_ADMIN_TOKEN: adminToken,
    MOONGATE_DRAIN_TIMEOUT_MS: "0",
  });
  if ("problems" in read) throw new Error(read.problems.map(({ message }) => message).join());
  return read.settings;
}

/** Calls of all callers at once, of which so many are let through and are then held by the service. */
async function callTogether(
  { service, call }: Scene,
  maxTokens: number,
  held: number,
): Promise<{ readonly ended: Promise<readonly (number | null)[]>; readonly leave: AbortController }> {
  service.hold();
  const leave = new AbortController();
  let refused = 0;
  const calls = Array.from({ length: callers }, async () => {
    const answer = await call(maxTokens, leave.signal).catch(() => null);
    if (answer?.status === 429) refused += 1;
    return answer?.status ?? null;
  });
  await expect.poll(() => refused + service.waiting).toBe(callers);
  expect({ held: service.waiting, refused }).toEqual({ held, refused: callers - held });
  return { ended: Promise.all(calls), leave };
}

test(
  "a budget of tokens lets exactly those through that fit, round after round, until it is used up",
  async () => {
    const limit = 10_000;
    const maxTokens = 180;
    const usedEach = 30;
    const scene = await start({ metric: "tokens", limit, window: "day" });
    const { service, call } = scene;
    /** What no request fits into is refused, and says how much is left. */
    const left = async (): Promise<number> => (await call(limit)).remaining;
    service.hold();
    const first = call(maxTokens);
    await service.holding(1);
    const reservation = limit - (await left());
    expect(reservation).toBeGreaterThan(maxTokens);
    service.release();
    expect((await first).status).toBe(200);
    let settled = usedEach;
    let refusedRounds = 0;
    for (let round = 0; round < 8; round += 1) {
      await expect.poll(left).toBe(limit - settled);
      const fits = Math.floor((limit - settled) / reservation);
      if (fits < callers) refusedRounds += 1;
      const { ended } = await callTogether(scene, maxTokens, Math.min(callers, fits));
      expect(settled + service.waiting * reservation).toBeLessThanOrEqual(limit);
      settled += service.waiting * usedEach;
      service.release();
      await ended;
    }
    expect(refusedRounds).toBe(8);
    expect(settled).toBeLessThanOrEqual(limit);
    expect(settled).toBe(service.asked * usedEach);
    expect(limit - settled).toBeLessThan(limit / 3);
  },
  longMs,
);

test(
  "slots are exact under all callers, and free again after clients that left and services that broke",
  async () => {
    const scene = await start({ metric: "concurrency", limit: 50 });
    const { service } = scene;
    const answered = await callTogether(scene, 10, 50);
    service.release();
    expect((await answered.ended).filter((status) => status === 200)).toHaveLength(50);
    await allFree(scene);
    const left = await callTogether(scene, 10, 50);
    left.leave.abort();
    await left.ended;
    await expect.poll(() => service.waiting).toBe(0);
    await allFree(scene);
    const broken = await callTogether(scene, 10, 50);
    service.reset();
    await broken.ended;
    await allFree(scene);
  },
  longMs,
);

test(
  "the slots of a worker that dies are free again, and only those",
  async () => {
    const scene = await start({ metric: "concurrency", limit: 50 });
    const { service, workers, call } = scene;
    for (let death = 0; death < 3; death += 1) {
      const { ended } = await callTogether(scene, 10, 50);
      const worker = [...workers].find(({ threadName }) => threadName === `data plane ${death}`);
      await worker?.terminate();
      // Its services see their connections close; what the others hold goes on.
      await expect.poll(() => service.waiting).toBeLessThan(50);
      const more: Promise<unknown>[] = [];
      while (service.waiting < 50) {
        const coming = service.asking(service.asked + 1);
        const one = call(10).catch(() => null);
        more.push(one);
        // Let through, refused, or lost on a connection to the worker that is no more.
        await Promise.race([one, coming]);
      }
      expect((await call(10)).status).toBe(429);
      expect(service.waiting).toBe(50);
      service.release();
      await ended;
      await Promise.all(more);
      await allFree(scene);
    }
  },
  longMs,
);

/** Until all that ended has given its slot back: that many at once are not refused. A service that broke may rest. */
async function allFree({ service, call }: Scene): Promise<void> {
  for (let refused = 1; refused > 0;) {
    refused = 0;
    service.hold();
    let ended = 0;
    const calls = Array.from({ length: 50 }, async () => {
      const answer = await call(10).catch(() => null);
      ended += 1;
      if (answer?.status === 429) refused += 1;
    });
    await expect.poll(() => ended + service.waiting).toBe(50);
    service.release();
    await Promise.all(calls);
  }
}
