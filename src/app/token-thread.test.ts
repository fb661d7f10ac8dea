// The token thread and the ports of those that ask it: it counts, and nobody waits for it long.
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { afterEach, expect, test } from "vitest";
import { countTokens } from "../gateway/accounting/tokenizer.ts";
import type { TokenAsk } from "../gateway/accounting/token-ask.ts";
import type { TokenQuestion } from "./token-messages.ts";
import { TokenPort } from "./token-port.ts";
import { TokenThread } from "./token-thread.ts";

const words = "How many tokens may this have? ".repeat(4);
/** Parts of larger memory, as the bytes of requests are. */
const ask: TokenAsk = {
  request: beginningOf(JSON.stringify({ input: words })),
  answer: beginningOf(JSON.stringify({ choices: [{ text: words }] })),
};

function beginningOf(text: string) {
  const bytes = Buffer.from(`before${text}after`).subarray(6, -5);
  return { bytes, total: bytes.length };
}

const threads: TokenThread[] = [];
afterEach(async () => {
  for (const thread of threads.splice(0)) await thread.stop();
});

function startThread(): TokenThread {
  const thread = new TokenThread((error) => {
    throw error;
  });
  threads.push(thread);
  return thread;
}

/** A port whose other end the test holds. */
function heldPort(patienceMs: number): { port: TokenPort; ends: MessagePort[] } {
  const ends: MessagePort[] = [];
  return { port: new TokenPort({ patienceMs, connect: (end) => void ends.push(end) }), ends };
}

test("several data planes ask one thread, which counts all of the text", async () => {
  const thread = startThread();
  const ports = [1, 2].map(
    () => new TokenPort({ patienceMs: 60_000, connect: (end) => thread.connect(end) }),
  );
  const counts = await Promise.all([...ports, ...ports].map((port) => port.count(ask)));
  const expected = { input: countTokens(words), output: countTokens(words) };
  expect(counts).toEqual([expected, expected, expected, expected]);
  expect(ask.answer.bytes.length).toBeGreaterThan(0);
});

test("who has waited long enough gets no count, and a late one is nobody's", async () => {
  const { port, ends } = heldPort(1);
  const counted = port.count(ask);
  const [end] = ends;
  expect(await counted).toBeNull();
  end?.postMessage({ id: 1, counts: { input: 1, output: 1 } });
  const second = port.count(ask);
  expect(await second).toBeNull();
  end?.close();
});

test("a thread that ends leaves nobody waiting, and the next one asks another", async () => {
  const { port, ends } = heldPort(60_000);
  const counted = port.count(ask);
  ends[0]?.close();
  expect(await counted).toBeNull();
  const again = port.count(ask);
  expect(ends).toHaveLength(2);
  const [, end] = ends;
  end?.on("message", ({ id }: TokenQuestion) => end.postMessage({ id, counts: { input: 3, output: 4 } }));
  expect(await again).toEqual({ input: 3, output: 4 });
  end?.close();
});

test("no more wait at a time than are bearable", async () => {
  const { port, ends } = heldPort(60_000);
  const counted = Array.from({ length: 40 }, () => port.count(ask));
  expect(await Promise.race(counted.slice(32))).toBeNull();
  ends[0]?.close();
  expect(await Promise.all(counted)).toEqual(Array.from({ length: 40 }, () => null));
});

test("no more is asked in a second than the thread may cost", async () => {
  const { port, ends } = heldPort(60_000);
  const bytes = Buffer.alloc(1024 * 1024);
  const large = { request: { bytes, total: bytes.length }, answer: { bytes, total: bytes.length } };
  const counted = [port.count(large), port.count(large)];
  // Each counts for 129 of 200.
  expect(await counted[1]).toBeNull();
  ends[0]?.close();
  expect(await counted[0]).toBeNull();
});

test("a thread that was stopped takes nobody any more", async () => {
  const thread = startThread();
  await thread.stop();
  const { port1, port2 } = new MessageChannel();
  const closed = new Promise((resolve) => port1.on("close", resolve));
  thread.connect(port2);
  await closed;
});
