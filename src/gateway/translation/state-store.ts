// Keeps the opaque state of turns with tool calls for clients that drop it, in the memory of the node. Knows no protocol.
import { createHash } from "node:crypto";
import { isJsonObject, parseJson } from "../../lib/json-value.ts";
import type { CallState } from "../../translators/translated-call.ts";
import type { CacheHit, CacheStore } from "../cache/cache-store.ts";
import { stateKeyStart } from "../cache/kept-states.ts";

const lifeMs = 3_600_000;
/** Longer than for an answer: without its state a turn is lost, where an answer is only asked for again. */
const patienceMs = 2_000;

export class StateStore {
  readonly #store: CacheStore;

  constructor(store: CacheStore) {
    this.#store = store;
  }

  keep(consumer: string, states: ReadonlyMap<string, CallState>): void {
    for (const [id, state] of states) {
      this.#store.put({
        key: keyOf(consumer, id),
        api: "",
        epoch: "",
        ttlMs: lifeMs,
        askedMsAgo: 0,
        contentType: "application/json",
        // Memory of its own: the store takes it over.
        body: new Uint8Array(Buffer.from(JSON.stringify(state))),
        service: "",
        model: "",
        saved: { inputTokens: 0, outputTokens: 0, costUsd: null },
      });
    }
  }

  /** What is known of these calls; what is not known, or not told soon, is left out. */
  async find(consumer: string, ids: readonly string[]): Promise<ReadonlyMap<string, CallState>> {
    const asked = ids.map(async (id) => {
      const hit = await this.#store.get({ key: keyOf(consumer, id), maxAgeMs: lifeMs, patienceMs });
      return [id, stateOf(hit)] as const;
    });
    const found = new Map<string, CallState>();
    for (const [id, state] of await Promise.all(asked)) if (state !== undefined) found.set(id, state);
    return found;
  }
}

function stateOf(hit: CacheHit | null): CallState | undefined {
  if (hit === null) return undefined;
  const state = parseJson(Buffer.from(hit.body).toString());
  // Nobody but `keep` writes below this key.
  return isJsonObject(state) ? state : undefined;
}

function keyOf(consumer: string, id: string): string {
  return stateKeyStart + createHash("sha256").update(`${consumer}\0${id}`).digest("base64url");
}
