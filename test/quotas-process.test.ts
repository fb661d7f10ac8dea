// Quotas of the whole program with two workers: 200 callers at once against a budget, by the test's own ledger; what is
// used is told, survives the end of the process, is set back for all workers at once, and is told to webhooks once.
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBillingService, type BillingService } from "./support/billing-service.ts";
import { Changes } from "./support/changes.ts";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { adminToken, startProcess, type GatewayProcess } from "./support/gateway-process.ts";

const callers = 200;
const maxTokens = 50;
const used = { input: 10, output: 30 };
/** USD per million tokens. */
const price = { input: 10_000, output: 20_000 };
const body = JSON.stringify({
  model: "m",
  max_tokens: maxTokens,
  messages: [{ role: "user", content: "Hi" }],
});
const promptTokens = Math.ceil(Buffer.byteLength(body) / 4);

const budgets = {
  tokens: { limit: 4_000, reserved: promptTokens + maxTokens, used: used.input + used.output },
  cost: {
    limit: 60,
    reserved: (promptTokens * price.input + maxTokens * price.output) / 1e6,
    used: (used.input * price.input + used.output * price.output) / 1e6,
  },
} as const;
type Metric = keyof typeof budgets;
const metrics = ["tokens", "cost"] as const;

const keyOf = (metric: Metric): string => `consumer-${metric}-key-0123456789`;

let dataDir: string;
let service: BillingService;
let hooks: Awaited<ReturnType<typeof startHooks>>;
let program: GatewayProcess;
/** Answers of 200 by consumer since the last reset: the test's own ledger. */
const answered = { tokens: 0, cost: 0 };

async function startHooks() {
  const told: { readonly consumer: string; readonly share: number; readonly used: number }[] = [];
  const changes = new Changes();
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (piece: string) => (text += piece));
    request.on("end", () => {
      told.push(JSON.parse(text) as (typeof told)[number]);
      response.end();
      changes.notify();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  return { told, changes, url: `http://127.0.0.1:${port}/quota`, close: () => void server.close() };
}

async function start(): Promise<void> {
  program = await startProcess({
    words: ["--config", join(dataDir, "gateway.json")],
    dataDir: join(dataDir, "data"),
    env: { MOONGATE_UPSTREAM_NETWORKS: "private" },
  });
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), "moongate-quotas-"));
  service = await startBillingService();
  service.usage = used;
  hooks = await startHooks();
  const document = {
    version: 1,
    services: [serviceAt(service.url, "openai", { models: [{ name: "m", price }] })],
    modelApis: [
      apiOf("openai", { auth: { enabled: true, grants: metrics.map((consumer) => ({ consumer })) } }),
    ],
    consumers: metrics.map((metric) => ({
      name: metric,
      credentials: [{ type: "api-key", name: "main", value: keyOf(metric) }],
      quotas: [
        {
          name: "budget",
          metric,
          limit: budgets[metric].limit,
          period: "month",
          notify: [{ webhook: hooks.url }],
        },
      ],
    })),
  };
  writeFileSync(join(dataDir, "gateway.json"), JSON.stringify(document));
  await start();
});

afterAll(async () => {
  await program.close();
  hooks.close();
  await service.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function call(metric: Metric): Promise<number> {
  const response = await fetch(`${program.gatewayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${keyOf(metric)}` },
    body,
  });
  await response.arrayBuffer();
  if (response.status === 200) answered[metric] += 1;
  return response.status;
}

interface Usage {
  readonly quotas: readonly { readonly used: number; readonly reserved: number; readonly state: string }[];
  readonly models: readonly { readonly inputTokens: number; readonly outputTokens: number }[];
}

async function usageOf(metric: Metric): Promise<Usage> {
  const response = await program.admin("GET", `/consumers/${metric}/usage`);
  return (await response.json()) as Usage;
}

/** What is settled follows the answer by a moment. */
async function settled(metric: Metric): Promise<Usage["quotas"][number] | undefined> {
  for (;;) {
    const [quota] = (await usageOf(metric)).quotas;
    if (quota?.reserved === 0) return quota;
  }
}

/** How many of so many callers pass at once, when all of them wait for their answers. */
async function burst(metric: Metric): Promise<{ readonly passed: number; readonly refused: number }> {
  const { limit, reserved, used: each } = budgets[metric];
  const room = Math.floor((limit - answered[metric] * each) / reserved);
  const refusals = new Changes();
  let refused = 0;
  service.hold();
  const statuses = Array.from({ length: callers }, async () => {
    const status = await call(metric);
    if (status === 429) refused += 1;
    refusals.notify();
    return status;
  });
  await service.holding(Math.min(room, callers));
  await refusals.until(() => (refused + service.waiting >= callers ? true : undefined));
  service.release();
  const all = await Promise.all(statuses);
  return { passed: all.filter((status) => status === 200).length, refused };
}

/** One after the other, until the first that is refused. */
async function exhaust(metric: Metric): Promise<void> {
  for (;;) {
    await settled(metric);
    if ((await call(metric)) !== 200) return;
  }
}

function roomOf(metric: Metric, spent: number): number {
  const { limit, reserved } = budgets[metric];
  return Math.floor((limit - spent) / reserved);
}

test.each(metrics)("of 200 callers at once as many pass as a budget of %s has room for", async (metric) => {
  const room = roomOf(metric, 0);
  expect(room).toBeGreaterThan(10);
  expect(await burst(metric)).toEqual({ passed: room, refused: callers - room });
});

test.each(metrics)("none is refused while it would fit, and none passes beyond: %s", async (metric) => {
  await exhaust(metric);
  const { used: each, reserved, limit } = budgets[metric];
  const spent = answered[metric] * each;
  expect(spent).toBeLessThanOrEqual(limit);
  expect(spent + reserved).toBeGreaterThan(limit);
  expect(spent - each + reserved).toBeLessThanOrEqual(limit);
});

test.each(metrics)("what is told as used is what the service has billed: %s", async (metric) => {
  const quota = await settled(metric);
  expect(quota?.used).toBeCloseTo(answered[metric] * budgets[metric].used, 6);
  expect(quota?.state).toBe("warned");
  let models = (await usageOf(metric)).models;
  while (models[0]?.outputTokens !== answered[metric] * used.output) ({ models } = await usageOf(metric));
  expect(models[0]).toMatchObject({ inputTokens: answered[metric] * used.input });
});

test("those near their end are listed, nearest first", async () => {
  const response = await program.admin("GET", "/quotas?state=warned&state=exhausted&limit=1");
  const page = (await response.json()) as { items: { owner: object }[]; nextCursor: string };
  expect(page.items).toHaveLength(1);
  const rest = await program.admin(
    "GET",
    `/quotas?state=warned&state=exhausted&limit=1&cursor=${page.nextCursor}`,
  );
  const second = (await rest.json()) as { items: { owner: object }[]; nextCursor: null };
  expect(second.nextCursor).toBeNull();
  expect([...page.items, ...second.items].map(({ owner }) => owner)).toEqual(
    expect.arrayContaining([
      { kind: "consumer", name: "tokens" },
      { kind: "consumer", name: "cost" },
    ]),
  );
});

test("webhooks were told once of each, and Prometheus has the share", async () => {
  await hooks.changes.until(() => (hooks.told.length >= 2 ? true : undefined));
  expect(new Set(hooks.told.map(({ consumer, share }) => `${consumer} ${share}`))).toEqual(
    new Set(["cost 0.8", "tokens 0.8"]),
  );
  expect(hooks.told).toHaveLength(2);
  const metricsText = await fetch(`${program.consoleUrl}/metrics`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  expect(await metricsText.text()).toMatch(
    /moongate_quota_used_ratio\{consumer="tokens",consumer_group="",quota="budget"\} 0\.9/u,
  );
});

test("the end of the process forgets nothing that was written, and tells no webhook again", async () => {
  const before = await settled("tokens");
  const file = new DatabaseSync(join(dataDir, "data", "quotas.db"), { readOnly: true });
  const written = file.prepare("SELECT used FROM counts WHERE key LIKE 'quota consumer tokens %'");
  while (Number(written.get()?.["used"]) !== before?.used) await fetch(`${program.consoleUrl}/readyz`);
  file.close();
  program.kill("SIGKILL");
  await program.exited();
  await start();
  expect(await settled("tokens")).toMatchObject({ used: before?.used, state: "warned" });
  expect(await call("tokens")).toBe(429);
  expect(hooks.told).toHaveLength(2);
});

test("an orderly end writes the last counts", async () => {
  const room = await program.admin("POST", "/consumers/tokens/quotas/budget/reset");
  expect(room.status).toBe(204);
  answered.tokens = 0;
  expect(await call("tokens")).toBe(200);
  program.kill("SIGTERM");
  await program.exited();
  await start();
  expect((await settled("tokens"))?.used).toBe(budgets.tokens.used);
});

test("a reset holds at once for all workers, under load too", async () => {
  await exhaust("tokens");
  const load = Array.from({ length: 20 }, () => call("tokens"));
  const answer = await program.admin("POST", "/consumers/tokens/quotas/budget/reset");
  expect(answer.status).toBe(204);
  await Promise.all(load);
  await settled("tokens");
  await exhaust("tokens");
  const again = await program.admin("POST", "/consumers/tokens/quotas/budget/reset");
  expect(again.status).toBe(204);
  answered.tokens = 0;
  const room = roomOf("tokens", 0);
  expect(await burst("tokens")).toEqual({ passed: room, refused: callers - room });
});

test.each([
  ["a quota that is not there", "/consumers/tokens/quotas/other/reset"],
  ["a consumer that is not there", "/consumers/nobody/quotas/budget/reset"],
  ["a group that is not there", "/consumer-groups/nobody/quotas/budget/reset"],
])("%s cannot be set back", async (_name, path) => {
  expect((await program.admin("POST", path)).status).toBe(404);
});
