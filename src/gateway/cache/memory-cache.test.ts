// What is kept of answers in memory: for how long, how much of it, and what goes first.
import { createHash } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import type { CacheEntry } from "./cache-store.ts";
import { MemoryCache } from "./memory-cache.ts";

let nowMs: number;
let cache: MemoryCache;

beforeEach(() => {
  nowMs = 1_000;
  cache = new MemoryCache({ maxBytes: 100_000, nowMs: () => nowMs });
});

function entry(key: string, fields: Partial<CacheEntry> = {}): CacheEntry {
  return {
    key,
    api: "a",
    epoch: "e",
    contentType: "application/json",
    body: new Uint8Array(Buffer.from(key)),
    service: "s",
    model: "m",
    saved: { inputTokens: 1, outputTokens: 2, costUsd: null },
    ttlMs: 10_000,
    askedMsAgo: 5,
    ...fields,
  };
}

const found = (key: string, maxAgeMs = 60_000): string | undefined => {
  const hit = cache.get({ key, maxAgeMs });
  return hit === null ? undefined : Buffer.from(hit.body).toString();
};

describe("time", () => {
  test("an answer ends with its own time", () => {
    cache.put(entry("k"));
    nowMs += 9_999;
    expect(found("k")).toBe("k");
    nowMs += 1;
    expect(found("k")).toBeUndefined();
    expect([cache.entries, cache.bytes]).toEqual([0, 0]);
  });

  test("who wants a newer one does not get it, and others still do", () => {
    cache.put(entry("k"));
    nowMs += 5_000;
    expect(found("k", 5_000)).toBeUndefined();
    expect(found("k", 5_001)).toBe("k");
  });

  test("what is over is swept", () => {
    cache.put(entry("k"));
    nowMs += 10_000;
    cache.sweep();
    expect([cache.entries, cache.bytes]).toEqual([0, 0]);
  });
});

describe("room", () => {
  /** Random bytes do not get smaller. */
  const noise = (seed: number): Uint8Array =>
    new Uint8Array(createHash("shake256", { outputLength: 30_000 }).update(String(seed)).digest());

  test("what nobody has asked for goes first", () => {
    for (const key of ["a", "b", "c"]) cache.put(entry(key, { body: noise(key.charCodeAt(0)) }));
    found("a");
    cache.put(entry("d", { body: noise(9) }));
    expect(found("b")).toBeUndefined();
    for (const key of ["a", "c", "d"]) expect(found(key)).toBeDefined();
    expect(cache.bytes).toBeLessThanOrEqual(100_000);
  });

  test("what is larger than everything is not kept, and nothing goes for it", () => {
    cache.put(entry("a"));
    cache.put(entry("b", { body: new Uint8Array(Buffer.concat([noise(1), noise(2), noise(3), noise(4)])) }));
    expect([found("a"), found("b")]).toEqual(["a", undefined]);
  });

  test("large texts are compressed and come back as they were", () => {
    const text = "The moon is bright tonight. ".repeat(2_000);
    cache.put(entry("k", { body: new Uint8Array(Buffer.from(text)) }));
    expect(cache.bytes).toBeLessThan(text.length / 10);
    expect(found("k")).toBe(text);
  });

  test("one in the place of another takes no more than itself", () => {
    cache.put(entry("k"));
    const { bytes } = cache;
    cache.put(entry("k"));
    expect([cache.entries, cache.bytes]).toEqual([1, bytes]);
  });
});

describe("what is forgotten", () => {
  test("the answers of one Model API, and those that were asked for before", () => {
    cache.put(entry("k"));
    cache.put(entry("l", { api: "b" }));
    nowMs += 100;
    cache.purge("a");
    expect([found("k"), found("l")]).toEqual([undefined, "l"]);
    nowMs += 50;
    cache.put(entry("k", { askedMsAgo: 60 }));
    expect(found("k")).toBeUndefined();
    cache.put(entry("k", { askedMsAgo: 40 }));
    expect(found("k")).toBe("k");
  });

  test("answers of another configuration, and of Model APIs that are no more", () => {
    for (const [key, api, epoch] of [
      ["k", "a", "e"],
      ["l", "a", "old"],
      ["m", "gone", "e"],
    ] as const)
      cache.put(entry(key, { api, epoch }));
    cache.keepOnly(new Map([["a", "e"]]));
    expect(["k", "l", "m"].map((key) => found(key))).toEqual(["k", undefined, undefined]);
  });
});

describe("likeness", () => {
  const towards = (degrees: number): Float32Array =>
    Float32Array.from([Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]);
  const like = (degrees: number, threshold = 0.9, partition = "p"): string | undefined => {
    const hit = cache.getLike({ partition, vector: towards(degrees), threshold, maxAgeMs: 60_000 });
    return hit === null ? undefined : Buffer.from(hit.body).toString();
  };
  const put = (key: string, degrees: number, partition = "p"): void =>
    cache.put(entry(key, { likeness: { partition, vector: towards(degrees) } }));

  test("the nearest within the threshold is found", () => {
    put("north", 0);
    put("east", 90);
    put("near", 12);
    expect([like(10), like(85), like(45)]).toEqual(["near", "east", undefined]);
    expect(like(10, 0.9999)).toBeUndefined();
  });

  test("another partition has nothing, however near", () => {
    put("k", 0);
    expect(like(0, 0.5, "other")).toBeUndefined();
  });

  test("vectors of another model do not compare", () => {
    put("k", 0);
    const vector = Float32Array.from([1, 0, 0]);
    expect(cache.getLike({ partition: "p", vector, threshold: 0.5, maxAgeMs: 60_000 })).toBeNull();
  });

  test("the oldest of too many are found by their words alone", () => {
    cache = new MemoryCache({ maxBytes: 1_000_000, nowMs: () => nowMs });
    for (let index = 0; index <= 256; index += 1) put(`k${index}`, index === 0 ? 0 : 90);
    expect(like(0)).toBeUndefined();
    expect(found("k0")).toBe("k0");
  });

  test("what is over is not like anything", () => {
    put("k", 0);
    nowMs += 10_000;
    expect(like(0)).toBeUndefined();
    cache.sweep();
    expect([cache.entries, cache.bytes]).toEqual([0, 0]);
  });
});
