// The whole program as users run it: started, reloaded under load, killed, drained, started in bad places.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { failedStart, longMs, startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { createKeeper } from "./support/keeper.ts";
import { protocolCases } from "./support/protocol-cases.ts";
import { exchange, RawClient } from "./support/raw-client.ts";
import { seededRandom } from "../src/lib/seeded-random.ts";
import {
  startTickingUpstream,
  tickEnd,
  tickEvent,
  type TickingUpstream,
} from "./support/ticking-upstream.ts";

const keep = createKeeper();

const chatPath = "/v1/chat/completions";
const noDemo = { MOONGATE_DEMO: "off" };

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "moongate-test-"));
  keep({ close: async () => rmSync(folder, { recursive: true, force: true }) });
  return folder;
}

async function started(...args: Parameters<typeof startProcess>): Promise<GatewayProcess> {
  return keep(await startProcess(...args));
}

async function connect({ gatewayPort }: GatewayProcess): Promise<RawClient> {
  const client = await RawClient.connect(gatewayPort);
  keep({ close: async () => void client.destroy() });
  return client;
}

/** Creates or replaces a resource; throws unless the admin API accepts it. */
async function write(
  gateway: GatewayProcess,
  method: "POST" | "PUT",
  path: string,
  body: unknown,
): Promise<void> {
  const answer = await gateway.admin(method, path, body);
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
}

interface Stream {
  readonly name: string;
  readonly client: RawClient;
}

async function openStream(gateway: GatewayProcess, name: string): Promise<Stream> {
  const client = await connect(gateway);
  const body = JSON.stringify({ model: name, stream: true, messages: [] });
  client.send(
    `POST ${chatPath} HTTP/1.1\r\nhost: any.example\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  // The stream counts as running once its first event has come through.
  await client.body((bytes) => bytes.includes(`/${name}/0 `));
  return { name, client };
}

describe("configuration changes under load", () => {
  const marks = ["a", "b"] as const;
  const reloads = 100;
  const streamsBefore = 100;

  async function reload(gateway: GatewayProcess, round: number): Promise<void> {
    const service = marks[round % marks.length];
    const target = { modelService: { mode: "single", target: { service } } };
    await write(
      gateway,
      "PUT",
      "/model-apis/chat",
      apiOf("openai", { ...target, description: `reload ${round}` }),
    );
  }

  test(
    `${reloads} reloads while ${streamsBefore + reloads} streams run: none is cut, none is mixed`,
    async () => {
      const upstreams: readonly TickingUpstream[] = await Promise.all(
        marks.map(async (mark) => keep(await startTickingUpstream(mark))),
      );
      const gateway = await started({ env: noDemo });
      for (const [index, name] of marks.entries()) {
        // A provider that is not asked for usage: every byte of the streams is the service's own.
        const fields = { name, provider: "mistral" };
        await write(gateway, "POST", "/services", serviceAt(upstreams[index]?.url ?? "", "openai", fields));
      }
      const first = { modelService: { mode: "single", target: { service: "a" } } };
      await write(gateway, "POST", "/model-apis", apiOf("openai", first));
      await untilServed(gateway);

      const streams: { stream: Stream; ticksBefore: number }[] = [];
      const names = Array.from({ length: streamsBefore }, (_, index) => `early-${index}`);
      for (const stream of await Promise.all(names.map((name) => openStream(gateway, name)))) {
        streams.push({ stream, ticksBefore: 0 });
      }
      for (let round = 1; round <= reloads; round += 1) {
        await reload(gateway, round);
        streams.push({ stream: await openStream(gateway, `late-${round}`), ticksBefore: round - 1 });
        for (const upstream of upstreams) upstream.tick();
      }
      for (const upstream of upstreams) upstream.finish();

      const served = new Map<string, number>();
      for (const { stream, ticksBefore } of streams) {
        const answer = await stream.client.answer();
        expect(answer).toMatchObject({ status: 200, complete: true });
        const text = answer.text();
        const mark =
          marks.find((candidate) => text.startsWith(tickEvent(candidate, stream.name, 0))) ?? "none";
        const events = Array.from({ length: 1 + reloads - ticksBefore }, (_, count) =>
          tickEvent(mark, stream.name, count),
        );
        expect(text).toBe(events.join("") + tickEnd);
        served.set(mark, (served.get(mark) ?? 0) + 1);
      }
      // The reloads did change where streams go, or nothing was proved.
      expect([...served.keys()].toSorted()).toEqual(["a", "b"]);
      expect(Math.min(...served.values())).toBeGreaterThan(20);
    },
    longMs,
  );
});

/** Waits until the data plane knows the API `chat`: changes are live a moment after their answer. */
async function untilServed(gateway: GatewayProcess): Promise<void> {
  for (;;) {
    const answer = await exchange(gateway.gatewayPort, { path: chatPath, body: "[]" });
    if (answer.status === 400) return;
  }
}

describe("SIGKILL in the middle of configuration writes", () => {
  const writes = 50;
  const writers = 4;
  const killsAfter = [3, 14, 26, 37, 48] as const;

  /** Writes with several writers until the process is gone; gives the names that were acknowledged and those that were sent. */
  async function writeUntilKilled(gateway: GatewayProcess, round: number, killAfter: number) {
    const acknowledged = new Set<string>();
    const sent = new Set<string>();
    let next = 0;
    const random = seededRandom(round + 1);
    const work = async (): Promise<void> => {
      while (next < writes) {
        const name = `service-${round}-${next}`;
        next += 1;
        sent.add(name);
        const body = serviceAt(`http://127.0.0.1:9/${name}`, "openai", {
          name,
          description: `${name} ${random()}`,
        });
        const accepted = await gateway.admin("POST", "/services", body).then(
          (answer) => answer.status === 201,
          () => false,
        );
        if (!accepted) return;
        acknowledged.add(name);
        if (acknowledged.size === killAfter) gateway.kill("SIGKILL");
      }
    };
    await Promise.all(Array.from({ length: writers }, work));
    expect(await gateway.exited()).toEqual({ code: null, signal: "SIGKILL" });
    return { acknowledged, sent };
  }

  async function storedServices(gateway: GatewayProcess): Promise<string[]> {
    const answer = await gateway.admin("GET", "/services?limit=1000");
    const { items } = (await answer.json()) as { items: readonly { name: string }[] };
    return items.map(({ name }) => name);
  }

  test(
    `${killsAfter.length} kills during ${writes} writes each: nothing acknowledged is lost, ready again each time`,
    async () => {
      const dataDir = temporaryFolder();
      const all = { acknowledged: new Set<string>(), sent: new Set<string>() };
      let gateway = await started({ dataDir, env: noDemo });
      for (const [round, killAfter] of killsAfter.entries()) {
        const { acknowledged, sent } = await writeUntilKilled(gateway, round, killAfter);
        expect(acknowledged.size).toBeGreaterThanOrEqual(killAfter);
        for (const name of acknowledged) all.acknowledged.add(name);
        for (const name of sent) all.sent.add(name);

        // Comes back once it is ready; how soon that is, `npm run bench:starts` tells.
        gateway = await started({ dataDir, env: noDemo });
        const stored = new Set(await storedServices(gateway));
        expect([...all.acknowledged].filter((name) => !stored.has(name))).toEqual([]);
        // What was sent and not acknowledged may be there or not, but nothing else.
        expect([...stored].filter((name) => !all.sent.has(name))).toEqual([]);
      }
    },
    longMs,
  );
});

describe("stopping", () => {
  test(
    "SIGTERM: not ready, nobody new is let in, running streams end whole, exit code 0",
    async () => {
      const upstream = keep(await startTickingUpstream("a"));
      const gateway = await started({ env: noDemo });
      await write(
        gateway,
        "POST",
        "/services",
        serviceAt(upstream.url, "openai", { name: "a", provider: "mistral" }),
      );
      await write(
        gateway,
        "POST",
        "/model-apis",
        apiOf("openai", { modelService: { mode: "single", target: { service: "a" } } }),
      );
      await untilServed(gateway);
      expect(readFileSync(join(gateway.dataDir, "moongate.pid"), "utf8").trim()).toBe(String(gateway.pid));
      const { client, name } = await openStream(gateway, "last");
      const kept = await connect(gateway);
      expect((await kept.request({ path: "/nowhere" })).status).toBe(404);

      gateway.kill("SIGTERM");
      await untilRefused(gateway.gatewayPort);
      const answer = await fetch(`${gateway.consoleUrl}/readyz`).catch(() => undefined);
      expect(answer?.status ?? 503).toBe(503);
      const late = await kept.request({ path: "/nowhere" });
      expect(late.status).toBe(404);
      expect(late.header("connection")).toBe("close");
      upstream.tick();
      upstream.finish();
      const whole = await client.answer();
      expect(whole.complete).toBe(true);
      expect(whole.text()).toBe(tickEvent("a", name, 0) + tickEvent("a", name, 1) + tickEnd);
      expect(await gateway.exited()).toEqual({ code: 0, signal: null });
      expect(existsSync(join(gateway.dataDir, "moongate.pid"))).toBe(false);
    },
    longMs,
  );
});

async function untilRefused(port: number): Promise<void> {
  for (;;) {
    const client = await RawClient.connect(port).catch(() => undefined);
    if (client === undefined) return;
    client.destroy();
  }
}

describe("starting", () => {
  test.each([
    ["MOONGATE_GATEWAY_PORT", "the data plane"],
    ["MOONGATE_CONSOLE_PORT", "the console"],
  ])(
    "a port that is taken (%s) is named in one clear message",
    async (variable) => {
      const server = createServer();
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      keep({ close: async () => void server.close() });
      const address = server.address();
      if (address === null || typeof address === "string") throw new Error("no port");
      const { code, output } = await failedStart({ env: { [variable]: String(address.port) } });
      expect(code).toBe(1);
      expect(output).toContain(String(address.port));
      expect(output).toContain(variable);
      expect(output).not.toMatch(/\bat .*\.ts|node:internal/);
    },
    longMs,
  );

  test(
    "a data folder that cannot be written is named in one clear message",
    async () => {
      const file = join(temporaryFolder(), "in-the-way");
      writeFileSync(file, "a file, not a folder");
      const { code, output } = await failedStart({ dataDir: join(file, "data") });
      expect(code).toBe(1);
      expect(output).toContain(file);
      expect(output).toContain("MOONGATE_DATA_DIR");
      expect(output).not.toMatch(/\bat .*\.ts|node:internal/);
    },
    longMs,
  );

  test(
    "an empty data folder gets a demo that answers both protocols, says that it is simulated, and can be deleted",
    async () => {
      const dataDir = temporaryFolder();
      const gateway = await started({ dataDir });
      expect(gateway.output()).toContain("/demo/v1/chat/completions");
      for (const wire of protocolCases) {
        for (const stream of [false, true]) {
          const parts = {
            path: `/demo${wire.path}`,
            body: wire.request(stream),
            headers: [["anthropic-version", "2023-06-01"]] as const,
          };
          const answer = await exchange(gateway.gatewayPort, parts);
          expect(answer).toMatchObject({ status: 200, complete: true });
          expect(answer.text()).toContain(stream ? wire.endMarker : "simulated");
        }
      }
      for (const path of ["/model-apis/demo", "/services/simulator"]) {
        expect((await gateway.admin("DELETE", path)).ok).toBe(true);
      }
      gateway.kill("SIGTERM");
      await gateway.exited();
      const again = await started({ dataDir });
      expect((await again.admin("GET", "/model-apis/demo")).status).toBe(404);
    },
    longMs,
  );

  test(
    "MOONGATE_DEMO=off leaves the demo out",
    async () => {
      const gateway = await started({ env: noDemo });
      const answer = await exchange(gateway.gatewayPort, { path: `/demo${chatPath}`, body: "{}" });
      expect(answer.status).toBe(404);
    },
    longMs,
  );
});

describe("records", () => {
  test(
    "the record of an exchange can be read at the admin API, and shows no key",
    async () => {
      const gateway = await started();
      const answer = await exchange(gateway.gatewayPort, {
        path: `/demo${chatPath}`,
        body: JSON.stringify({
          model: "moon-1",
          messages: [{ role: "user", content: "Hello" }],
          stream: true,
        }),
      });
      expect(answer.status).toBe(200);
      const requestId = answer.header("x-request-id") ?? "";
      const record = await untilRecorded(gateway, requestId);
      expect(record).toMatchObject({
        requestId,
        api: "demo",
        service: "simulator",
        outcome: "ok",
        stream: true,
        usage: { inputTokens: expect.any(Number), outputTokens: expect.any(Number) },
      });
    },
    longMs,
  );
});

/** A record may take a moment to become readable. */
async function untilRecorded(gateway: GatewayProcess, requestId: string): Promise<unknown> {
  for (;;) {
    const answer = await gateway.admin("GET", `/logs/${requestId}`);
    if (answer.status === 200) return answer.json();
    expect(answer.status).toBe(404);
    await answer.arrayBuffer();
  }
}
