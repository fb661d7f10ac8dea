// What keeps answers for reuse, over all data planes that share it: the memory of a node, later also a server for several.
// Knows no exchange, no Model API and no protocol.

import type { SavedUsage } from "../../core/exchange-record.ts";

export interface CachedAnswer {
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Who gave it, and by which model. */
  readonly service: string;
  readonly model: string;
  readonly saved: SavedUsage;
}

/** A question whose words may differ: all that must be the same, and what it means. */
export interface Likeness {
  /** Digest of everything but the words of the question. */
  readonly partition: string;
  /** Of length 1. */
  readonly vector: Float32Array;
}

export interface CacheLookup {
  /** Digest of all that an answer depends on. */
  readonly key: string;
  /** Answers that are older are none. */
  readonly maxAgeMs: number;
  /** How long the question may take; absent: as the store has it. */
  readonly patienceMs?: number;
}

export interface LikenessLookup extends Likeness {
  readonly maxAgeMs: number;
  /** Cosine from which two questions count as one. */
  readonly threshold: number;
}

export interface CacheHit extends CachedAnswer {
  readonly ageMs: number;
}

export interface CacheEntry extends CachedAnswer {
  readonly key: string;
  readonly api: string;
  /** See `cacheEpoch`. */
  readonly epoch: string;
  readonly ttlMs: number;
  /** How long ago its request came: what was asked before a purge does not come back after it. */
  readonly askedMsAgo: number;
  readonly likeness?: Likeness | undefined;
}

/** Never throws: what cannot be asked has nothing. */
export interface CacheStore {
  get(lookup: CacheLookup): CacheHit | null | Promise<CacheHit | null>;
  getLike(lookup: LikenessLookup): CacheHit | null | Promise<CacheHit | null>;
  /** The body is the store's from here on. */
  put(entry: CacheEntry): void;
}
