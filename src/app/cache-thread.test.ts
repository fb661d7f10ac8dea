// The cache thread and the ports of those that ask it: what one keeps the others find, and nobody waits for it long.
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import type { CacheEntry } from "../gateway/cache/cache-store.ts";
import { CachePort } from "./cache-port.ts";
import { CacheThread } from "./cache-thread.ts";
import type { ToCache } from "./cache-messages.ts";

const threads: CacheThread[] = [];
afterEach(async () => {
  for (const thread of threads.splice(0)) await thread.stop();
});

interface Started {
  readonly thread: CacheThread;
  readonly problems: Error[];
  port(): CachePort;
}

function start(maxBytes = 1_000_000): Started {
  const problems: Error[] = [];
  const thread = new CacheThread({ maxBytes, onProblem: (error) => problems.push(error) });
  threads.push(thread);
  const port = () => new CachePort({ patienceMs: 60_000, connect: (end) => thread.connect(end) });
  return { thread, problems, port };
}

function entry(key: string, fields: Partial<CacheEntry> = {}): CacheEntry {
  return {
    key,
    api: "a",
    epoch: "e",
    contentType: "text/event-stream",
    body: new Uint8Array(Buffer.from(`data: ${key}\n\n`)),
    service: "s",
    model: "m",
    saved: { inputTokens: 1, outputTokens: 2, costUsd: 0.5 },
    ttlMs: 60_000,
    askedMsAgo: 0,
    ...fields,
  };
}

const lookup = (key: string) => ({ key, maxAgeMs: 60_000 });

test("what one data plane keeps every other finds, as often as it is asked for", async () => {
  const { thread, port } = start();
  const [one, other] = [port(), port()];
  expect(await one.get(lookup("k"))).toBeNull();
  one.put(entry("k"));
  await one.get(lookup("k"));
  for (const asking of [other, other, one]) {
    const hit = await asking.get(lookup("k"));
    const {
      body: _body,
      key: _key,
      ttlMs: _ttl,
      askedMsAgo: _asked,
      api: _api,
      epoch: _epoch,
      ...facts
    } = entry("k");
    expect(hit).toMatchObject(facts);
    expect(Buffer.from(hit?.body ?? []).toString()).toBe("data: k\n\n");
  }
  expect(thread.stats.entries).toBe(1);
  expect(thread.stats.bytes).toBeGreaterThan(0);
});

test("likeness crosses too", async () => {
  const { port } = start();
  const asking = port();
  const vector = Float32Array.from([1, 0]);
  asking.put(entry("k", { likeness: { partition: "p", vector } }));
  expect(await asking.getLike({ partition: "p", vector, threshold: 0.9, maxAgeMs: 1_000 })).not.toBeNull();
});

test("a purge has been done when it says so, in all data planes", async () => {
  const { thread, port } = start();
  const [one, other] = [port(), port()];
  one.put(entry("k"));
  one.put(entry("l", { api: "b" }));
  await one.get(lookup("k"));
  await thread.purge("a");
  expect([await other.get(lookup("k")), (await other.get(lookup("l")))?.model]).toEqual([null, "m"]);
  one.put(entry("k", { askedMsAgo: 60_000 }));
  expect(await one.get(lookup("k"))).toBeNull();
});

test("another configuration forgets what none could answer any more", async () => {
  const { port } = start();
  const asking = port();
  asking.put(entry("k"));
  asking.put(entry("l", { epoch: "f" }));
  asking.keepOnly(new Map([["a", "f"]]));
  expect([await asking.get(lookup("k")), (await asking.get(lookup("l")))?.model]).toEqual([null, "m"]);
});

test("a thread that dies is a miss for all who wait, and the next question starts another", async () => {
  const { thread, problems, port } = start();
  const asking = port();
  asking.put(entry("k"));
  expect(await asking.get(lookup("k"))).not.toBeNull();
  const { port1, port2 } = new MessageChannel();
  thread.connect(port2);
  // A question without a question: nothing in the program asks it.
  port1.postMessage({ kind: "get", id: 1, untilMs: Infinity });
  const waiting = Array.from({ length: 200 }, async () => asking.get(lookup("unknown")));
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([null]));
  await expect.poll(() => problems.length).toBe(1);
  await expect.poll(() => thread.stats.entries).toBe(0);
  await thread.purge("a");
  await expect.poll(() => asking.get(lookup("k"))).toBeNull();
  asking.put(entry("k"));
  await expect.poll(async () => (await asking.get(lookup("k")))?.model).toBe("m");
});

/** A port whose other end the test holds. */
function heldPort(patienceMs: number): { port: CachePort; ends: MessagePort[]; heard: ToCache[] } {
  const [ends, heard]: [MessagePort[], ToCache[]] = [[], []];
  const connect = (end: MessagePort): void => {
    ends.push(end);
    end.on("message", (message: ToCache) => heard.push(message));
  };
  return { port: new CachePort({ patienceMs, connect }), ends, heard };
}

test("who has waited long enough has a miss; after many of them nothing is asked for a while", async () => {
  const { port, ends, heard } = heldPort(1);
  for (let index = 0; index < 16; index += 1) expect(await port.get(lookup("k"))).toBeNull();
  await expect.poll(() => heard.length).toBe(16);
  expect(port.get(lookup("k"))).toBeNull();
  ends[0]?.close();
});

test("no more wait at a time than are bearable", async () => {
  const { port, ends } = heldPort(60_000);
  const waiting = Array.from({ length: 1_024 }, async () => port.get(lookup("k")));
  expect(port.get(lookup("k"))).toBeNull();
  ends[0]?.close();
  expect(new Set(await Promise.all(waiting))).toEqual(new Set([null]));
});

test("answers that the thread does not take are not piled up before it", async () => {
  const { port, ends, heard } = heldPort(60_000);
  const body = () => new Uint8Array(16 * 1024 * 1024);
  for (let index = 0; index < 8; index += 1) port.put(entry(`k${index}`, { body: body() }));
  await expect.poll(() => heard.length).toBe(4);
  for (const { id } of heard.flatMap((message) => (message.kind === "put" ? [message] : [])))
    ends[0]?.postMessage({ id, hit: null });
  await expect
    .poll(() => {
      port.put(entry("later", { body: body() }));
      return heard.length;
    })
    .toBeGreaterThan(4);
  ends[0]?.close();
});
