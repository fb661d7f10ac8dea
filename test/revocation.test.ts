// What an administrator takes away ends on every worker, on connections that are in use: two workers, calls without pause.
import { Agent, request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startProcess, type GatewayProcess } from "./support/gateway-process.ts";

const lanesPerConsumer = 4;
const refusalsInARow = 25;
const names = ["revoked", "rotated", "disabled", "deleted", "left-group", "stays"] as const;
type Name = (typeof names)[number];

let gateway: GatewayProcess;
const keys = new Map<Name, string>();

async function admin(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
  const answer = await gateway.admin(method, path, body);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  // The admin API answers with an object, or with nothing.
  return text === "" ? {} : (JSON.parse(text) as Record<string, unknown>);
}

beforeAll(async () => {
  gateway = await startProcess({ env: { MOONGATE_WORKERS: "2" } });
  await admin("POST", "/services", { name: "sim", provider: "simulator" });
  await admin("POST", "/consumer-groups", { name: "team" });
  for (const name of names) {
    await admin("POST", "/consumers", { name, groups: ["team"] });
    const made = await admin("POST", `/consumers/${name}/credentials`, { name: "main" });
    keys.set(name, String(made["value"]));
  }
  await admin("POST", "/model-apis", {
    name: "chat",
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "single", target: { service: "sim" } },
    auth: { enabled: true, grants: [{ consumerGroup: "team" }] },
  });
}, 60_000);

afterAll(async () => {
  await gateway.close();
});

/** One kept connection that calls without pause, and what came of it. */
class Lane {
  readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });
  readonly key: string;
  stopped = false;
  good = 0;
  refused = 0;
  /** `performance.now()` when the last call began that was let in. */
  lastGoodMs = 0;
  /** Refused, then let in again. */
  relapses = 0;
  connections = new Set<number>();

  constructor(name: Name) {
    this.key = keys.get(name) ?? "";
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      const startedMs = performance.now();
      const status = await this.#call();
      if (status === 200) {
        this.good += 1;
        this.lastGoodMs = startedMs;
        if (this.refused > 0) this.relapses += 1;
        this.refused = 0;
      } else if (status === 401 || status === 403) this.refused += 1;
      else throw new Error(`status ${status}`);
    }
    this.agent.destroy();
  }

  #call(): Promise<number> {
    const body = '{"model":"m","messages":[{"role":"user","content":"hi"}]}';
    const headers = { authorization: `Bearer ${this.key}`, "content-type": "application/json" };
    return new Promise((resolve, reject) => {
      const call = request(`${gateway.gatewayUrl}/v1/chat/completions`, {
        agent: this.agent,
        method: "POST",
        headers,
      });
      call.on("error", reject);
      call.on("response", (answer) => {
        this.connections.add(answer.socket.localPort ?? 0);
        answer.resume();
        answer.on("end", () => resolve(answer.statusCode ?? 0));
        answer.on("error", reject);
      });
      call.end(body);
    });
  }
}

/** Asks again whenever the event loop comes round. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

const changes: readonly (readonly [name: Name, change: () => Promise<unknown>])[] = [
  ["revoked", () => admin("DELETE", "/consumers/revoked/credentials/main")],
  ["rotated", () => admin("POST", "/consumers/rotated/credentials/main/rotate", { overlapSeconds: 0 })],
  ["disabled", () => admin("PATCH", "/consumers/disabled", { enabled: false })],
  ["deleted", () => admin("DELETE", "/consumers/deleted")],
  ["left-group", () => admin("PATCH", "/consumers/left-group", { groups: [] })],
];

test("a revoked key, a rotated one, a disabled and a deleted consumer, and one that left its group: refused from then on", async () => {
  const lanes = new Map(
    names.map((name) => [name, Array.from({ length: lanesPerConsumer }, () => new Lane(name))]),
  );
  const all = [...lanes.values()].flat();
  const runs = Promise.all(all.map((lane) => lane.run()));
  const waitFor = (holds: () => boolean): Promise<unknown> => Promise.race([until(holds), runs]);
  try {
    await waitFor(() => all.every(({ good }) => good > 5));
    for (const [name, change] of changes) {
      await change();
      const own = lanes.get(name) ?? [];
      await waitFor(() => own.every(({ refused }) => refused >= refusalsInARow));
    }
    for (const [name] of changes) {
      expect(
        lanes.get(name)?.map(({ relapses }) => relapses),
        name,
      ).toEqual([0, 0, 0, 0]);
    }
    // The calls of others went on, each on its one connection.
    const others = lanes.get("stays") ?? [];
    expect(others.map(({ refused }) => refused)).toEqual([0, 0, 0, 0]);
    expect(all.map(({ connections }) => connections.size)).toEqual(all.map(() => 1));
  } finally {
    for (const lane of all) lane.stopped = true;
    await runs;
  }
}, 120_000);
