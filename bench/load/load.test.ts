// Mock, relay and generator over real sockets: right answers are counted, wrong and broken ones noticed.

import { createServer, type Server } from "node:net";
import { afterEach, expect, test, vi } from "vitest";

import { type RunningLoad, startLoad } from "./generator.ts";
import { startRelay } from "./relay.ts";
import { type Answer, requestBody, requestBytes, STREAM_FRAMES } from "./traffic.ts";
import { portOf, startUpstream } from "./upstream.ts";

/** Generous: the machine may be busy. */
const until = (condition: () => boolean): Promise<unknown> => vi.waitUntil(condition, { timeout: 20_000 });

const cleanUp: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const step of cleanUp.splice(0).toReversed()) await step();
});

function load(port: number, answer: Answer | "other", bytes = 1024): RunningLoad {
  const body = answer === "other" ? '{"model":"other"}' : requestBody(answer, bytes);
  const running = startLoad({
    port,
    request: requestBytes({ path: "/v1/chat/completions", headers: {} }, body),
    kind: answer === "brisk" || answer === "slow" ? "stream" : "plain",
    connections: 4,
  });
  cleanUp.push(() => running.stop());
  return running;
}

async function upstream(): Promise<number> {
  const started = await startUpstream({ tickMs: 1, eventIntervalMs: { brisk: 1, slow: 1 } });
  cleanUp.push(() => started.close());
  return started.port;
}

async function relayed(): Promise<number> {
  const started = await startRelay({ port: 0, upstreamPort: await upstream() });
  cleanUp.push(() => started.close());
  return started.port;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cleanUp.push(() => void server.close());
  return portOf(server.address());
}

test.each([
  { name: "1 KB requests", answer: "plain", bytes: 1024, start: upstream },
  { name: "32 KB requests", answer: "plain", bytes: 32 * 1024, start: upstream },
  { name: "1 KB requests through the relay", answer: "plain", bytes: 1024, start: relayed },
  { name: "streams", answer: "brisk", bytes: 1024, start: upstream },
  { name: "streams through the relay", answer: "slow", bytes: 1024, start: relayed },
] as const)("$name are all answered right", async ({ answer, bytes, start }) => {
  const running = load(await start(), answer, bytes);
  await until(() => running.snapshot().done >= 8);
  const { done, wrong, broken, events } = running.snapshot();
  expect({ wrong, broken }).toEqual({ wrong: 0, broken: 0 });
  if (answer !== "plain") expect(events).toBeGreaterThanOrEqual(done * STREAM_FRAMES);
});

test("streams count as open from their first event until they end", async () => {
  const running = load(await upstream(), "slow");
  await until(() => running.snapshot().openStreams === 4);
  running.stop();
  await until(() => running.snapshot().openStreams === 0);
});

test("an answer with another status counts as wrong and is told", async () => {
  const running = load(await upstream(), "other");
  await until(() => running.snapshot().wrong >= 4);
  expect(running.snapshot()).toMatchObject({ done: 0, problem: "status 400" });
});

test("a 200 with another body counts as wrong", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", () => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}"));
  });
  const running = load(await listen(server), "plain");
  await until(() => running.snapshot().wrong >= 4);
  expect(running.snapshot().done).toBe(0);
});

test("a connection that closes inside an answer counts as broken and is opened anew", async () => {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.on("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{}"));
  });
  const running = load(await listen(server), "plain");
  await until(() => running.snapshot().broken > 4);
});

test("a connection that the server closes with notice is no loss", async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    socket.on("error", () => socket.destroy());
    socket.on("data", () =>
      socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 14\r\n\r\n"fp_bench_end"`),
    );
  });
  const running = load(await listen(server), "plain");
  await until(() => connections > 4);
  expect(running.snapshot()).toMatchObject({ wrong: 0, broken: 0 });
});
