// What an administrator changes in limits and quotas holds on every worker, on connections that are in use: two workers,
// calls without pause. And a drain counts what requests have used that were on their way.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startBillingService } from "./support/billing-service.ts";
import { CallingLane, until } from "./support/calling-lane.ts";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { longMs, startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { createKeeper } from "./support/keeper.ts";

const keep = createKeeper();
/** Enough that each worker has some. */
const lanesPerConsumer = 8;
const sameInARow = 25;
const names = ["limited", "counted", "member", "left-alone"] as const;
type Name = (typeof names)[number];

const plenty = 1_000_000_000;
const monthly = (limit: number) => ({ name: "monthly", metric: "tokens", limit, period: "month" });
const perMinute = (limit: number) => ({
  name: "per-app",
  by: "consumer",
  match: { type: "exact", value: "limited" },
  metric: "requests",
  limit,
  window: "minute",
});

let gateway: GatewayProcess;
const keys = new Map<Name, string>();

async function admin(
  method: string,
  path: string,
  body?: unknown,
  program = gateway,
): Promise<Record<string, unknown>> {
  const answer = await program.admin(method, path, body);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  // The admin API answers with an object, or with nothing.
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

beforeAll(async () => {
  gateway = await startProcess({ env: { MOONGATE_WORKERS: "2" } });
  await admin("POST", "/services", { name: "sim", provider: "simulator" });
  await admin("POST", "/consumer-groups", { name: "team", quotas: [monthly(plenty)] });
  for (const name of names) {
    const own = name === "counted" ? { quotas: [monthly(plenty)] } : {};
    await admin("POST", "/consumers", { name, ...own, groups: name === "member" ? ["team"] : [] });
    const made = await admin("POST", `/consumers/${name}/credentials`, { name: "main" });
    keys.set(name, String(made["value"]));
  }
  await admin("POST", "/model-apis", {
    name: "chat",
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "single", target: { service: "sim" } },
    auth: { enabled: true, grants: names.map((consumer) => ({ consumer })) },
    rateLimits: [perMinute(plenty)],
  });
});

afterAll(() => gateway.close());

interface Step {
  readonly name: string;
  readonly consumer: Name;
  readonly change: () => Promise<unknown>;
  readonly status: number;
}

const steps: readonly Step[] = [
  {
    name: "a rate limit that allows nothing any more",
    consumer: "limited",
    change: () => admin("PATCH", "/model-apis/chat", { rateLimits: [perMinute(0)] }),
    status: 429,
  },
  {
    name: "a rate limit that is raised",
    consumer: "limited",
    change: () => admin("PATCH", "/model-apis/chat", { rateLimits: [perMinute(plenty)] }),
    status: 200,
  },
  {
    name: "a quota below what is used",
    consumer: "counted",
    change: () => admin("PATCH", "/consumers/counted", { quotas: [monthly(1)] }),
    status: 429,
  },
  {
    name: "a deleted quota",
    consumer: "counted",
    change: () => admin("PATCH", "/consumers/counted", { quotas: [] }),
    status: 200,
  },
  {
    name: "a group's quota below what is used",
    consumer: "member",
    change: () => admin("PATCH", "/consumer-groups/team", { quotas: [monthly(1)] }),
    status: 429,
  },
  {
    name: "a group's deleted quota",
    consumer: "member",
    change: () => admin("PATCH", "/consumer-groups/team", { quotas: [] }),
    status: 200,
  },
];

test(
  "a changed limit, a deleted quota and those of a group hold for every call from then on, under load",
  async () => {
    const url = `${gateway.gatewayUrl}/v1/chat/completions`;
    const lanesOf = (name: Name): CallingLane[] =>
      Array.from({ length: lanesPerConsumer }, () => new CallingLane(url, keys.get(name) ?? ""));
    const lanes = new Map(names.map((name) => [name, lanesOf(name)]));
    const all = [...lanes.values()].flat();
    const runs = Promise.all(all.map((lane) => lane.run()));
    const waitFor = (holds: () => boolean): Promise<unknown> => Promise.race([until(holds), runs]);
    try {
      await waitFor(() => all.every(({ status, inARow }) => status === 200 && inARow > 5));
      for (const { name, consumer, change, status } of steps) {
        const own = lanes.get(consumer) ?? [];
        const before = own.map(({ turns }) => turns);
        await change();
        await waitFor(() => own.every((lane) => lane.status === status && lane.inARow >= sameInARow));
        expect(
          own.map(({ turns }, index) => turns - (before[index] ?? 0)),
          name,
        ).toEqual(own.map(() => 1));
      }
      // The calls of others went on, each on its one connection.
      const others = lanes.get("left-alone") ?? [];
      expect(others.map(({ status, turns }) => ({ status, turns }))).toEqual(
        others.map(() => ({ status: 200, turns: 0 })),
      );
      expect(all.map(({ connections }) => connections.size)).toEqual(all.map(() => 1));
    } finally {
      for (const lane of all) lane.stop();
      await runs;
    }
  },
  longMs,
);

interface Usage {
  readonly quotas: readonly { readonly used: number; readonly reserved: number }[];
}

test(
  "a drain settles what running requests have reserved by what they have used, and keeps it",
  async () => {
    const running = 12;
    const used = { input: 10, output: 30 };
    const dataDir = mkdtempSync(join(tmpdir(), "moongate-drain-"));
    keep({ close: () => Promise.resolve(rmSync(dataDir, { recursive: true, force: true })) });
    const service = keep(await startBillingService());
    service.usage = used;
    const key = "consumer-drained-key-0123456789";
    const start = (): Promise<GatewayProcess> =>
      startProcess({ dataDir, env: { MOONGATE_UPSTREAM_NETWORKS: "private" } });
    const first = keep(await start());
    const document = {
      version: 1,
      services: [serviceAt(service.url, "openai")],
      modelApis: [apiOf("openai", { auth: { enabled: true, grants: [{ consumer: "drained" }] } })],
      consumers: [
        {
          name: "drained",
          credentials: [{ type: "api-key", name: "main", value: key }],
          quotas: [monthly(plenty)],
        },
      ],
    };
    await admin("POST", "/config/apply", document, first);
    // The admin API answers so.
    const usageOf = async (program: GatewayProcess) =>
      (await admin("GET", "/consumers/drained/usage", undefined, program)) as unknown as Usage;
    service.hold();
    const answers = Array.from({ length: running }, async () => {
      const response = await fetch(`${first.gatewayUrl}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${key}` },
        body: '{"model":"m","max_tokens":500,"messages":[{"role":"user","content":"hi"}]}',
      });
      await response.arrayBuffer();
      return response.status;
    });
    await service.holding(running);
    const held = (await usageOf(first)).quotas[0];
    expect(held?.used).toBe(0);
    expect(held?.reserved).toBeGreaterThan(running * 500);
    first.kill("SIGTERM");
    for (;;) if ((await fetch(`${first.consoleUrl}/readyz`)).status === 503) break;
    service.release();
    expect(await Promise.all(answers)).toEqual(answers.map(() => 200));
    expect(await first.exited()).toEqual({ code: 0, signal: null });
    const second = keep(await start());
    expect((await usageOf(second)).quotas[0]).toMatchObject({
      used: running * (used.input + used.output),
      reserved: 0,
    });
  },
  longMs,
);
