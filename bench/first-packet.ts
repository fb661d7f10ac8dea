// How late the first-packet timeout fires while 500 streams are open: `npm run bench:first-packet`.
// Measures from outside, over sockets; must not know the gateway's code.

import { once } from "node:events";
import { Agent, createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { startBlackHole } from "../test/support/black-hole.ts";
import { portOf } from "./load/upstream.ts";
import { freePort, startProcess, waitUntil } from "./peers/candidate.ts";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const OPEN_STREAMS = 500;
const EVENT_EVERY_MS = 500;
const TIMEOUTS_MS = [1, 50, 500];
const SAMPLES = 60;
const AT_ONCE = 6;
/** With the timeout off, nothing may come within this time. */
const QUIET_MS = 1_500;
const ALLOWED_LATENESS_MS = 50;

/** How a service keeps a client waiting, by the model name that asks for it. */
const STALLS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  "before head": () => undefined,
  "head only": (response) => {
    response.flushHeaders();
  },
  "comments only": (response) => {
    response.flushHeaders();
    const timer = setInterval(() => response.write(": wait\n\n"), 10);
    response.on("close", () => clearInterval(timer));
  },
  "empty role chunk": (response) => {
    response.write(event({ role: "assistant", content: "" }));
  },
};
const KINDS = ["connect", ...Object.keys(STALLS)];

function event(delta: object): string {
  const choices = [{ index: 0, delta, finish_reason: null }];
  return `data: ${JSON.stringify({ id: "x", object: "chat.completion.chunk", choices })}\n\n`;
}

function pathOf(kind: string, timeoutMs: number): string {
  return `/${kind.replaceAll(" ", "-")}-${timeoutMs}`;
}

function configuration(upstream: string, blackHole: string): string {
  const api = (name: string, service: string, timeoutMs: number): object => ({
    name: name.slice(1),
    useCase: "text-generation",
    protocols: ["openai"],
    basePath: name,
    stripBasePath: true,
    modelService: { mode: "single", target: { service } },
    retries: { max: 0 },
    firstPacketTimeoutMs: timeoutMs,
  });
  const service = (name: string, url: string): object => ({
    name,
    provider: "openai-compatible",
    baseUrl: `${url}/v1`,
    timeouts: { connectMs: 60_000 },
  });
  const cells = [0, ...TIMEOUTS_MS].flatMap((timeoutMs) =>
    KINDS.map((kind) => api(pathOf(kind, timeoutMs), kind === "connect" ? "hole" : "mock", timeoutMs)),
  );
  return JSON.stringify({
    version: 1,
    services: [service("mock", upstream), service("hole", blackHole)],
    modelApis: [api("/open", "mock", 0), ...cells],
  });
}

async function startMock(): Promise<{ readonly url: string; close(): void }> {
  const server = createServer((incoming, response) => {
    let body = "";
    incoming.setEncoding("utf8").on("data", (text: string) => (body += text));
    incoming.on("end", () => serve(/"model":"([^"]*)"/.exec(body)?.[1] ?? "", response));
  });
  server.listen({ port: 0, host: "127.0.0.1", backlog: 2048 });
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function serve(model: string, response: ServerResponse): void {
  response.setHeader("content-type", "text/event-stream");
  const stall = STALLS[model];
  if (stall !== undefined) return stall(response);
  response.write(event({ content: "word" }));
  const timer = setInterval(() => response.write(event({ content: "word" })), EVENT_EVERY_MS);
  response.on("close", () => clearInterval(timer));
}

const agent = new Agent({ keepAlive: true, maxSockets: Infinity });

function post(port: number, path: string, model: string) {
  const sent = request({
    agent,
    port,
    host: "127.0.0.1",
    method: "POST",
    path: `${path}/v1/chat/completions`,
  });
  sent.setHeader("content-type", "application/json");
  sent.end(JSON.stringify({ model, stream: true, messages: [{ role: "user", content: "Hello" }] }));
  return sent;
}

async function openStream(port: number): Promise<() => void> {
  const sent = post(port, "/open", "open");
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  answer.on("error", () => undefined);
  await once(answer, "data");
  return () => sent.destroy();
}

/** Milliseconds from sending to the 504. */
async function timeToRefusal(port: number, path: string, kind: string): Promise<number> {
  const startedMs = performance.now();
  const [answer] = (await once(post(port, path, kind), "response")) as [IncomingMessage];
  const tookMs = performance.now() - startedMs;
  answer.resume();
  await once(answer, "end");
  if (answer.statusCode !== 504) throw new Error(`${path}: ${answer.statusCode} in place of 504`);
  return tookMs;
}

async function sample(port: number, kind: string, timeoutMs: number): Promise<number[]> {
  const late: number[] = [];
  const path = pathOf(kind, timeoutMs);
  while (late.length < SAMPLES) {
    const batch = Array.from({ length: AT_ONCE }, () => timeToRefusal(port, path, kind));
    for (const tookMs of await Promise.all(batch)) late.push(tookMs - timeoutMs);
  }
  return late.toSorted((a, b) => a - b);
}

/** With the timeout off nothing is answered. */
async function staysQuiet(port: number, kind: string): Promise<boolean> {
  const sent = post(port, pathOf(kind, 0), kind);
  sent.on("error", () => undefined);
  const quiet = await Promise.race([
    once(sent, "response").then(() => false),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(true), QUIET_MS)),
  ]);
  sent.destroy();
  return quiet;
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(1);
}

async function measure(port: number): Promise<boolean> {
  let met = true;
  console.log("| stall | timeout ms | late p50 | p99 | max | |\n|---|--:|--:|--:|--:|---|");
  for (const kind of KINDS) {
    const quiet = await staysQuiet(port, kind);
    met &&= quiet;
    console.log(`| ${kind} | 0 (off) | | | | ${quiet ? "never fires" : "FIRES"} |`);
    for (const timeoutMs of TIMEOUTS_MS) {
      const late = await sample(port, kind, timeoutMs);
      const good = (late[0] ?? 0) >= 0 && (late.at(-1) ?? 0) <= ALLOWED_LATENESS_MS;
      met &&= good;
      console.log(
        `| ${kind} | ${timeoutMs} | ${at(late, 0.5)} | ${at(late, 0.99)} | ${at(late, 1)} | ${good ? "met" : "NOT met"} |`,
      );
    }
  }
  return met;
}

const folder = await mkdtemp(join(tmpdir(), "moongate-first-packet-"));
const mock = await startMock();
const hole = await startBlackHole();
const [port, consolePort] = [await freePort(), await freePort()];
await writeFile(join(folder, "gateway.json"), configuration(mock.url, hole.url));
const command = [process.execPath, MAIN, "start", "--config", join(folder, "gateway.json")];
const gateway = await startProcess({ upstreamPort: 0, folder, pin: [] }, "moongate", command, {
  ...process.env,
  MOONGATE_WORKERS: "1",
  MOONGATE_DATA_DIR: join(folder, "data"),
  MOONGATE_GATEWAY_PORT: String(port),
  MOONGATE_CONSOLE_PORT: String(consolePort),
  MOONGATE_DRAIN_TIMEOUT_MS: "100",
});
try {
  await waitUntil("Moongate", gateway, () =>
    fetch(`http://127.0.0.1:${consolePort}/readyz`).then(
      (answer) => answer.ok,
      () => false,
    ),
  );
  const streams: (() => void)[] = [];
  while (streams.length < OPEN_STREAMS) streams.push(await openStream(port));
  console.log(`${streams.length} streams are open, one event per ${EVENT_EVERY_MS} ms each`);
  process.exitCode = (await measure(port)) ? 0 : 1;
  for (const close of streams) close();
} finally {
  agent.destroy();
  await gateway.stop();
  mock.close();
  await hole.close();
  await rm(folder, { recursive: true, force: true });
}
