// Ids of the whole program with two workers: killed at once, started again over its data folder, it still knows them.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { memberOf, textOf } from "../src/lib/json-value.ts";
import { startSimulator } from "../src/simulator/simulator.ts";
import { longMs, startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { createKeeper } from "./support/keeper.ts";

const keep = createKeeper();

const count = 40;

async function write(gateway: GatewayProcess, path: string, body: unknown): Promise<void> {
  const answer = await gateway.admin("POST", path, body);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
}

async function stateOf(answer: Response): Promise<{ id: string; state: string }> {
  const output = memberOf(await answer.json(), "output");
  return { id: textOf(output, "task_id") ?? "", state: textOf(output, "task_status") ?? "" };
}

test(
  "a task whose id a client has been told is found after the process was killed, whichever worker is asked",
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "moongate-test-"));
    keep({ close: async () => rmSync(dataDir, { recursive: true, force: true }) });
    const options = { dataDir, env: { MOONGATE_DEMO: "off" } };
    const first = keep(await startProcess(options));
    for (const name of ["a", "b"]) {
      const simulator = keep(await startSimulator({ port: 0 }));
      await write(first, "/services", {
        name,
        provider: "dashscope",
        protocols: [{ protocol: "dashscope", baseUrl: simulator.url }],
        apiKeys: [{ name: "main", value: `provider-key-of-${name}-0123456789` }],
      });
    }
    await write(first, "/model-apis", {
      name: "pictures",
      useCase: "image-generation",
      protocols: ["dashscope"],
      modelService: {
        mode: "by-weight",
        targets: [
          { service: "a", weight: 1 },
          { service: "b", weight: 1 },
        ],
      },
    });
    const create = (): Promise<Response> =>
      fetch(`${first.gatewayUrl}/api/v1/services/aigc/text2image/image-synthesis`, {
        method: "POST",
        // A connection of its own: the system spreads connections over the workers.
        headers: { "content-type": "application/json", "x-dashscope-async": "enable", connection: "close" },
        body: JSON.stringify({ model: "wanx-v1", input: { prompt: "a moon gate" } }),
      });
    const made = await Promise.all(Array.from({ length: count }, async () => stateOf(await create())));
    first.kill("SIGKILL");
    await first.exited();
    const second = keep(await startProcess(options));
    const polled = await Promise.all(
      made.map(async ({ id }) => {
        const headers = { connection: "close" };
        return stateOf(await fetch(`${second.gatewayUrl}/api/v1/tasks/${id}`, { headers }));
      }),
    );
    expect(polled).toEqual(made.map(({ id }) => ({ id, state: "PENDING" })));
    expect(new Set(made.map(({ id }) => id)).size).toBe(count);
  },
  longMs,
);
