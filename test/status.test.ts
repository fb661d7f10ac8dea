// What the state at a glance tells while services fail: the whole program, asked as a console asks it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusAnswer } from "../src/control/routes/console-answers.ts";
import { serviceAt } from "./support/configuration.ts";
import { startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

const question = JSON.stringify({ model: "asked", messages: [{ role: "user", content: "Hello" }] });

let folder: string;
let upstreams: RawUpstream[];
let gateway: GatewayProcess;

async function answering(statusLine: string): Promise<string> {
  const upstream = await startRawUpstream({
    onRequest: ({ connection }) => {
      connection.socket.write(
        `HTTP/1.1 ${statusLine}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}`,
      );
    },
  });
  upstreams.push(upstream);
  return upstream.url;
}

/** By the clock on the wall. */
const beganMs = Date.now();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "status-"));
  upstreams = [];
  const withKey = (name: string) => ({
    name,
    apiKeys: [{ name: "main", value: `key-of-${name}-0123456789` }],
  });
  const services = [
    serviceAt(await answering("500 Broken"), "openai", withKey("broken")),
    serviceAt(await answering("401 Unauthorized"), "openai", withKey("barred")),
    serviceAt(await answering("429 Too Many\r\nretry-after: 30"), "openai", withKey("busy")),
    serviceAt(await answering("200 OK"), "openai", { ...withKey("off"), enabled: false }),
    serviceAt(await answering("200 OK"), "openai", withKey("good")),
  ];
  const modelApis = ["broken", "barred", "busy", "good"].map((service) => ({
    name: service,
    useCase: "text-generation",
    protocols: ["openai"],
    basePath: `/${service}`,
    modelService: { mode: "single", target: { service, model: "m" } },
    retries: { max: 0 },
  }));
  const file = join(folder, "gateway.json");
  writeFileSync(
    file,
    JSON.stringify({ version: 1, instance: { name: "i", region: "r" }, services, modelApis }),
  );
  gateway = await startProcess({ words: ["--config", file], env: { MOONGATE_WORKERS: "2" } });
});
afterAll(async () => {
  await gateway?.close();
  for (const upstream of upstreams) await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(api: string, times: number): Promise<void> {
  for (let asked = 0; asked < times; asked += 1) {
    const answer = await fetch(`${gateway.gatewayUrl}/${api}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: question,
    });
    await answer.arrayBuffer();
  }
}

async function status(): Promise<StatusAnswer> {
  const answer = await gateway.admin("GET", "/status");
  expect(answer.status).toBe(200);
  return (await answer.json()) as StatusAnswer;
}

test("a failing service is ejected, a refused key refused, a limited one rests; the rest is ready", async () => {
  await ask("broken", 5);
  await ask("barred", 1);
  await ask("busy", 1);
  await expect
    .poll(async () => (await status()).services.map(({ name, standing }) => [name, standing]))
    .toEqual([
      ["broken", "ejected"],
      ["barred", "refused"],
      ["busy", "resting"],
      ["off", "disabled"],
      ["good", "ready"],
    ]);
  const told = await status();
  expect(told.services[0]).toMatchObject({
    reason: "upstream-5xx",
    targets: [{ model: "m", standing: "ejected", reason: "upstream-5xx" }],
  });
  const { since = "", until = "" } = told.services[0]?.targets[0] ?? {};
  expect(Date.parse(since)).toBeGreaterThanOrEqual(beganMs);
  expect(Date.parse(since)).toBeLessThanOrEqual(Date.now());
  expect(Date.parse(until)).toBeGreaterThan(Date.parse(since));
  expect(told.keys).toMatchObject([
    { service: "barred", key: "main", standing: "refused", reason: "credentials" },
    { service: "busy", key: "main", standing: "resting", reason: "rate_limit" },
  ]);
  expect(told.attention.map(({ code, object }) => `${code} ${object}`)).toEqual([
    "service_refused barred",
    "target_ejected broken",
    "service_resting busy",
  ]);
  expect(JSON.stringify(told)).not.toContain("0123456789");
});

test("where clients call it, and how it runs", async () => {
  const told = await status();
  expect(told).toMatchObject({
    instance: { name: "i", region: "r" },
    ready: true,
    configError: null,
    nodes: [{ ready: true, workers: 2, revision: told.revision }],
    gateway: { url: gateway.gatewayUrl, scheme: "http", port: gateway.gatewayPort },
    counts: { modelApis: 4, services: 5, domains: 1, consumers: 0, resourceGroups: 1 },
  });
  expect(Date.parse(told.startedAt)).toBeGreaterThanOrEqual(beganMs);
  expect(Date.parse(told.startedAt)).toBeLessThanOrEqual(Date.now());
});
