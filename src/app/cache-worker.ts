// The cache thread: keeps the answers of a node for reuse, for all of its data planes.
import { parentPort, workerData, type MessagePort } from "node:worker_threads";
import { MemoryCache } from "../gateway/cache/memory-cache.ts";
import { stateBytes, stateKeyStart } from "../gateway/cache/kept-states.ts";
import type { CacheHit } from "../gateway/cache/cache-store.ts";
import type { CacheSetup, FromCache, ToCache, ToCacheThread } from "./cache-messages.ts";
import { processMs } from "./token-messages.ts";

const sweepEveryMs = 30_000;

const main = parentPort;
if (main === null) throw new Error("cache-worker.ts runs in a worker thread only");

// The main thread starts this script with nothing else.
const { maxBytes, stats } = workerData as CacheSetup;
const cache = new MemoryCache({ maxBytes, nowMs: () => performance.now() });
/** Apart, so that neither takes the other's room, and a change of the configuration forgets no state. */
const states = new MemoryCache({ maxBytes: stateBytes, nowMs: () => performance.now() });
const told = new Float64Array(stats);

function shelfOf(key: string): MemoryCache {
  return key.startsWith(stateKeyStart) ? states : cache;
}

function tellStats(): void {
  told[0] = cache.entries;
  told[1] = cache.bytes;
}

function answer(port: MessagePort, id: number, hit: CacheHit | null): void {
  if (hit === null) return port.postMessage({ id, hit } satisfies FromCache);
  // Its own stays here.
  const body = new Uint8Array(hit.body);
  port.postMessage({ id, hit: { ...hit, body } } satisfies FromCache, [body.buffer]);
}

function heard(port: MessagePort, message: ToCache): void {
  switch (message.kind) {
    case "get":
      if (processMs() <= message.untilMs)
        answer(port, message.id, shelfOf(message.lookup.key).get(message.lookup));
      return;
    case "get-like":
      if (processMs() <= message.untilMs) answer(port, message.id, cache.getLike(message.lookup));
      return;
    case "put":
      shelfOf(message.entry.key).put({ ...message.entry, askedMsAgo: processMs() - message.askedAtMs });
      port.postMessage({ id: message.id, hit: null } satisfies FromCache);
      return tellStats();
    case "keep-only":
      cache.keepOnly(message.epochs);
      return tellStats();
  }
}

main.on("message", (message: ToCacheThread) => {
  if (message.kind === "connect") {
    const { port } = message;
    port.on("message", (asked: ToCache) => heard(port, asked));
    return;
  }
  cache.purge(message.api);
  tellStats();
  main.postMessage(message.id);
});

setInterval(() => {
  cache.sweep();
  states.sweep();
  tellStats();
}, sweepEveryMs).unref();
