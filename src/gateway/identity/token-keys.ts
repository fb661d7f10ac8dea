// Public keys for tokens: inline ones, and those that are fetched from an identity provider, kept while they are good
// and asked for no more often than a provider can bear. Must not know tokens or consumers.
import type { Clock } from "../../core/clock.ts";
import type { Get } from "../../lib/guarded-get.ts";
import { parseObject } from "../../lib/unknown-json.ts";
import type { SnapshotTokenKeys } from "../../snapshot/snapshot.ts";
import { KeySet } from "./key-set.ts";

/** Fetched keys are asked for again after this time. */
const freshMs = 10 * 60_000;
/** And used no longer than this when their provider does not answer. */
const longestMs = 24 * 60 * 60_000;
/** Between two tries at one address, however many tokens ask for keys that are not known. */
const betweenTriesMs = 30_000;
const timeoutMs = 5_000;
const maxBytes = 256 * 1024;
const maxKeys = 100;
/** Sets that are remembered; configurations have a handful. */
const maxSets = 1_000;

interface Fetched {
  set: KeySet | null;
  fetchedMs: number;
  triedMs: number;
  running: Promise<void> | null;
}

export interface TokenKeysOptions {
  readonly get: Get;
  readonly clock: Clock;
  /** Told when keys could not be fetched: once per try. */
  readonly onProblem?: (error: Error) => void;
}

export class TokenKeys {
  readonly #options: TokenKeysOptions;
  readonly #inline = new Map<string, KeySet>();
  readonly #fetched = new Map<string, Fetched>();

  constructor(options: TokenKeysOptions) {
    this.#options = options;
  }

  /** Null while a provider has never answered, or not for too long. */
  async setFor(keys: SnapshotTokenKeys, alg: string, kid: string | undefined): Promise<KeySet | null> {
    return "url" in keys ? this.#remote(keys.url, alg, kid) : this.#ofInline(keys.inline);
  }

  /** Credentials of many consumers hold the same keys: they are made ready once. */
  #ofInline(keys: Extract<SnapshotTokenKeys, { readonly inline: unknown }>["inline"]): KeySet {
    const text = JSON.stringify(keys);
    let set = this.#inline.get(text);
    if (set === undefined) {
      set = new KeySet(keys);
      bounded(this.#inline);
      this.#inline.set(text, set);
    }
    return set;
  }

  async #remote(url: string, alg: string, kid: string | undefined): Promise<KeySet | null> {
    const now = this.#options.clock.monotonicMs();
    let entry = this.#fetched.get(url);
    if (entry === undefined) {
      entry = { set: null, fetchedMs: -Infinity, triedMs: -Infinity, running: null };
      bounded(this.#fetched);
      this.#fetched.set(url, entry);
    }
    const known = entry.set?.has(alg, kid) === true && now - entry.fetchedMs < longestMs;
    if ((!known || now - entry.fetchedMs >= freshMs) && now - entry.triedMs >= betweenTriesMs) {
      entry.triedMs = now;
      entry.running = this.#fetch(url, entry);
    }
    // Old keys serve on while new ones come.
    if (!known && entry.running !== null) await entry.running;
    return this.#options.clock.monotonicMs() - entry.fetchedMs < longestMs ? entry.set : null;
  }

  async #fetch(url: string, entry: Fetched): Promise<void> {
    const { get, clock, onProblem } = this.#options;
    try {
      const keys = keysIn(await get({ url, timeoutMs, maxBytes }));
      entry.set = new KeySet(keys);
      entry.fetchedMs = clock.monotonicMs();
    } catch (error) {
      const what = error instanceof Error ? error.message : String(error);
      onProblem?.(new Error(`The public keys at ${withoutQuery(url)} could not be fetched: ${what}`));
    } finally {
      entry.running = null;
    }
  }
}

/** @throws Error for what is no JWKS (RFC 7517, 5) */
function keysIn(bytes: Buffer): Readonly<Record<string, unknown>>[] {
  const list = parseObject(bytes.toString("utf8"))?.["keys"];
  if (!Array.isArray(list)) throw new Error("it is no JWKS");
  return list
    .slice(0, maxKeys)
    .filter((key): key is Record<string, unknown> => typeof key === "object" && key !== null)
    .filter((key) => key["kty"] !== "oct");
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/, "");
}

function bounded(map: Map<string, unknown>): void {
  const [oldest] = map.keys();
  if (map.size >= maxSets && oldest !== undefined) map.delete(oldest);
}
