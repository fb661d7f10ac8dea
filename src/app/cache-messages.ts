// The words between the data planes, the main thread and the cache thread. Data only: all of it crosses by structured clone.
import type { MessagePort } from "node:worker_threads";
import type { CacheEntry, CacheHit, CacheLookup, LikenessLookup } from "../gateway/cache/cache-store.ts";

/** What the cache thread is born with. */
export interface CacheSetup {
  readonly maxBytes: number;
  /** Entries and bytes, as two numbers of 64 bits. */
  readonly stats: SharedArrayBuffer;
}

/** Of the main thread. */
export type ToCacheThread =
  /** Another data plane wants to ask. */
  | { readonly kind: "connect"; readonly port: MessagePort }
  /** Is answered with its id when it is done. */
  | { readonly kind: "purge"; readonly id: number; readonly api: string };

/** Of a data plane. */
export type ToCache =
  /** Nobody waits for an answer longer than `untilMs`, by `processMs`. */
  | { readonly kind: "get"; readonly id: number; readonly untilMs: number; readonly lookup: CacheLookup }
  | {
      readonly kind: "get-like";
      readonly id: number;
      readonly untilMs: number;
      readonly lookup: LikenessLookup;
    }
  /** `askedAtMs`: when the request came, by `processMs`. Is answered with its id once it is taken. */
  | {
      readonly kind: "put";
      readonly id: number;
      readonly askedAtMs: number;
      readonly entry: Omit<CacheEntry, "askedMsAgo">;
    }
  | { readonly kind: "keep-only"; readonly epochs: ReadonlyMap<string, string> };

export interface FromCache {
  readonly id: number;
  readonly hit: CacheHit | null;
}
