// Answers in memory: so many bytes, the ones that nobody asks for go first. Knows no thread and no request.
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type {
  CacheEntry,
  CacheHit,
  CacheLookup,
  CacheStore,
  CachedAnswer,
  Likeness,
  LikenessLookup,
} from "./cache-store.ts";

export interface MemoryCacheOptions {
  readonly maxBytes: number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Bodies from this size on are compressed. */
const compressedFromBytes = 8 * 1024;
/** What an entry takes besides body and vector. */
const entryBytes = 600;
/** Questions that one is compared with: the newest of those that differ in nothing but their words. */
const maxPartition = 256;

interface Kept extends Omit<CachedAnswer, "body"> {
  readonly key: string;
  readonly api: string;
  readonly epoch: string;
  readonly body: Uint8Array;
  readonly compressed: boolean;
  readonly storedMs: number;
  readonly endsMs: number;
  readonly bytes: number;
  readonly likeness: Likeness | undefined;
}

export class MemoryCache implements CacheStore {
  readonly #options: MemoryCacheOptions;
  /** By key; the least recently used first. */
  readonly #entries = new Map<string, Kept>();
  /** Entries that can be found by likeness, by partition; the oldest first. */
  readonly #partitions = new Map<string, Set<Kept>>();
  /** When an API was last purged. */
  readonly #purged = new Map<string, number>();
  #bytes = 0;

  constructor(options: MemoryCacheOptions) {
    this.#options = options;
  }

  get entries(): number {
    return this.#entries.size;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get({ key, maxAgeMs }: CacheLookup): CacheHit | null {
    const kept = this.#entries.get(key);
    return kept === undefined ? null : this.#hit(kept, maxAgeMs);
  }

  getLike({ partition, vector, threshold, maxAgeMs }: LikenessLookup): CacheHit | null {
    let best: Kept | undefined;
    let bestCosine = threshold;
    for (const kept of this.#partitions.get(partition) ?? []) {
      const cosine = kept.likeness === undefined ? 0 : product(kept.likeness.vector, vector);
      if (cosine < bestCosine || !this.#isFresh(kept, maxAgeMs)) continue;
      best = kept;
      bestCosine = cosine;
    }
    return best === undefined ? null : this.#hit(best, maxAgeMs);
  }

  #isFresh({ storedMs, endsMs }: Kept, maxAgeMs: number): boolean {
    const nowMs = this.#options.nowMs();
    return nowMs < endsMs && nowMs - storedMs < maxAgeMs;
  }

  #hit(kept: Kept, maxAgeMs: number): CacheHit | null {
    const nowMs = this.#options.nowMs();
    if (nowMs >= kept.endsMs) this.#drop(kept);
    if (!this.#isFresh(kept, maxAgeMs)) return null;
    // Put in again, it is the last to go.
    this.#entries.delete(kept.key);
    this.#entries.set(kept.key, kept);
    const { contentType, service, model, saved } = kept;
    const body = kept.compressed ? zstdDecompressSync(kept.body) : kept.body;
    return { contentType, service, model, saved, body, ageMs: nowMs - kept.storedMs };
  }

  put(entry: CacheEntry): void {
    const nowMs = this.#options.nowMs();
    if (nowMs - entry.askedMsAgo <= (this.#purged.get(entry.api) ?? -Infinity)) return;
    const before = this.#entries.get(entry.key);
    if (before !== undefined) this.#drop(before);
    const kept = this.#kept(entry, nowMs);
    if (kept.bytes > this.#options.maxBytes) return;
    this.#entries.set(kept.key, kept);
    this.#bytes += kept.bytes;
    if (kept.likeness !== undefined) this.#addLike(kept, kept.likeness);
    for (const oldest of this.#entries.values()) {
      if (this.#bytes <= this.#options.maxBytes) break;
      this.#drop(oldest);
    }
  }

  #kept(entry: CacheEntry, nowMs: number): Kept {
    const { key, api, epoch, contentType, service, model, saved, body, ttlMs, likeness } = entry;
    const facts = { key, api, epoch, contentType, service, model, saved, likeness };
    const small = body.length < compressedFromBytes ? null : zstdCompressSync(body);
    const compressed = small !== null && small.length < body.length;
    const stored = compressed ? new Uint8Array(small) : body;
    const bytes = stored.length + (likeness?.vector.byteLength ?? 0) + entryBytes;
    return { ...facts, body: stored, compressed, bytes, storedMs: nowMs, endsMs: nowMs + ttlMs };
  }

  #addLike(kept: Kept, { partition }: Likeness): void {
    const questions = this.#partitions.get(partition) ?? new Set<Kept>();
    this.#partitions.set(partition, questions);
    questions.add(kept);
    const [oldest] = questions;
    // It is still found by its own words.
    if (questions.size > maxPartition && oldest !== undefined) questions.delete(oldest);
  }

  #drop(kept: Kept): void {
    this.#entries.delete(kept.key);
    this.#bytes -= kept.bytes;
    const partition = kept.likeness?.partition ?? "";
    const questions = this.#partitions.get(partition);
    questions?.delete(kept);
    if (questions?.size === 0) this.#partitions.delete(partition);
  }

  /** Forgets all answers of a Model API, and those that are on their way. */
  purge(api: string): void {
    this.#purged.set(api, this.#options.nowMs());
    for (const kept of this.#entries.values()) if (kept.api === api) this.#drop(kept);
  }

  /** Forgets what no Model API could answer any more. @param epochs by Model API */
  keepOnly(epochs: ReadonlyMap<string, string>): void {
    for (const kept of this.#entries.values()) if (epochs.get(kept.api) !== kept.epoch) this.#drop(kept);
  }

  /** Forgets what is over. */
  sweep(): void {
    const nowMs = this.#options.nowMs();
    for (const kept of this.#entries.values()) if (nowMs >= kept.endsMs) this.#drop(kept);
  }
}

/** The cosine of two vectors of length 1. */
function product(left: Float32Array, right: Float32Array): number {
  if (left.length !== right.length) return 0;
  let sum = 0;
  for (let at = 0; at < left.length; at += 1) sum += (left[at] ?? 0) * (right[at] ?? 0);
  return sum;
}
