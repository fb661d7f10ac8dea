// What an administrator takes away ends on every worker, on connections that are in use: two workers, calls without pause.
import { afterAll, beforeAll, expect, test } from "vitest";
import { CallingLane, until } from "./support/calling-lane.ts";
import { longMs, startProcess, type GatewayProcess } from "./support/gateway-process.ts";

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
});

afterAll(async () => {
  await gateway.close();
});

const isRefusal = (status: number): boolean => status === 401 || status === 403;

const changes: readonly (readonly [name: Name, change: () => Promise<unknown>])[] = [
  ["revoked", () => admin("DELETE", "/consumers/revoked/credentials/main")],
  ["rotated", () => admin("POST", "/consumers/rotated/credentials/main/rotate", { overlapSeconds: 0 })],
  ["disabled", () => admin("PATCH", "/consumers/disabled", { enabled: false })],
  ["deleted", () => admin("DELETE", "/consumers/deleted")],
  ["left-group", () => admin("PATCH", "/consumers/left-group", { groups: [] })],
];

test(
  "a revoked key, a rotated one, a disabled and a deleted consumer, and one that left its group: refused from then on",
  async () => {
    const url = `${gateway.gatewayUrl}/v1/chat/completions`;
    const lanes = new Map(
      names.map((name) => [
        name,
        Array.from({ length: lanesPerConsumer }, () => new CallingLane(url, keys.get(name) ?? "")),
      ]),
    );
    const all = [...lanes.values()].flat();
    const runs = Promise.all(all.map((lane) => lane.run()));
    const waitFor = (holds: () => boolean): Promise<unknown> => Promise.race([until(holds), runs]);
    try {
      await waitFor(() => all.every(({ status, inARow }) => status === 200 && inARow > 5));
      for (const [name, change] of changes) {
        await change();
        const own = lanes.get(name) ?? [];
        await waitFor(() => own.every(({ status, inARow }) => isRefusal(status) && inARow >= refusalsInARow));
      }
      for (const [name] of changes) {
        // Once refused, never let in again.
        expect(
          lanes.get(name)?.map(({ turns }) => turns),
          name,
        ).toEqual([1, 1, 1, 1]);
      }
      // The calls of others went on, each on its one connection.
      const others = lanes.get("stays") ?? [];
      expect(others.map(({ status, turns }) => [status, turns])).toEqual(others.map(() => [200, 0]));
      expect(all.map(({ connections }) => connections.size)).toEqual(all.map(() => 1));
    } finally {
      for (const lane of all) lane.stop();
      await runs;
    }
  },
  longMs,
);
