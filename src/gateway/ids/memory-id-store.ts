// Ids in the memory of one data plane that is alone: for tests, and for one that nobody gave a store. Bounded; forgets at
// its end. Knows no protocol.
import { idFamilies, isRenewalDue } from "../../core/id-families.ts";
import type { IdBinding, IdOwner, IdStore } from "../../core/id-owner.ts";

/** More push the oldest ones out. */
const mostIds = 100_000;
/** How long cursors may name what was deleted. */
const forgottenMs = 86_400_000;

interface Entry {
  owner: IdOwner;
  forgotten: boolean;
  settled: boolean;
}

/** What tells two bindings apart. Neither names nor ids hold a NUL. */
function keyOf({ family, id, service, key, consumer }: IdBinding): string {
  const { uniqueIn } = idFamilies[family];
  if (uniqueIn === "instance") return [family, id].join("\0");
  return [family, id, service, key, ...(uniqueIn === "consumer" ? [consumer] : [])].join("\0");
}

function newestFirst(a: IdOwner, b: IdOwner): number {
  if (a.createdMs !== b.createdMs) return b.createdMs - a.createdMs;
  if (a.id === b.id) return 0;
  return a.id < b.id ? 1 : -1;
}

export function createMemoryIdStore(clock: { wallMs(): number }): IdStore {
  return new MemoryIdStore(clock);
}

class MemoryIdStore implements IdStore {
  readonly #clock: { wallMs(): number };
  readonly #entries = new Map<string, Entry>();

  constructor(clock: { wallMs(): number }) {
    this.#clock = clock;
  }

  bind(owners: readonly IdOwner[]): readonly IdOwner[] {
    return owners.map((owner) => this.#bindOne(owner));
  }

  #bindOne(owner: IdOwner): IdOwner {
    const entry = this.#living(keyOf(owner));
    if (entry === undefined) {
      this.#put(owner);
      return owner;
    }
    const { owner: holder } = entry;
    const isSame =
      holder.consumer === owner.consumer && holder.service === owner.service && holder.key === owner.key;
    if (isSame && isRenewalDue(owner.family, holder.expiresMs, owner.expiresMs)) {
      entry.owner = { ...holder, expiresMs: owner.expiresMs };
    }
    return entry.owner;
  }

  #put(owner: IdOwner): void {
    const key = keyOf(owner);
    this.#entries.delete(key);
    this.#entries.set(key, { owner, forgotten: false, settled: false });
    if (this.#entries.size <= mostIds) return;
    const [oldest = ""] = this.#entries.keys();
    this.#entries.delete(oldest);
  }

  #living(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry !== undefined && !entry.forgotten && entry.owner.expiresMs > this.#clock.wallMs()
      ? entry
      : undefined;
  }

  find(family: IdBinding["family"], id: string, consumer: string): IdOwner | undefined {
    const found = this.#all((owner) => owner.family === family && owner.id === id);
    return found.find((owner) => owner.consumer === consumer) ?? found[0];
  }

  #all(fits: (owner: IdOwner) => boolean): IdOwner[] {
    const nowMs = this.#clock.wallMs();
    return [...this.#entries.values()]
      .filter(({ owner, forgotten }) => !forgotten && owner.expiresMs > nowMs && fits(owner))
      .map(({ owner }) => owner)
      .toSorted(newestFirst);
  }

  findForgotten(family: IdBinding["family"], id: string, consumer: string): IdOwner | undefined {
    return [...this.#entries.values()].find(
      ({ owner, forgotten }) =>
        forgotten && owner.family === family && owner.id === id && owner.consumer === consumer,
    )?.owner;
  }

  list(
    family: IdBinding["family"],
    consumer: string,
    { limit, after }: Parameters<IdStore["list"]>[2],
  ): IdOwner[] {
    const all = this.#all((owner) => owner.family === family && owner.consumer === consumer);
    const rest =
      after === undefined ? all : all.filter((owner) => newestFirst(owner, { ...owner, ...after }) > 0);
    return rest.slice(0, limit);
  }

  forget(binding: IdBinding): void {
    const entry = this.#entries.get(keyOf(binding));
    if (entry === undefined || entry.forgotten) return;
    entry.forgotten = true;
    const expiresMs = Math.min(entry.owner.expiresMs, this.#clock.wallMs() + forgottenMs);
    entry.owner = { ...entry.owner, expiresMs };
  }

  settleOnce(binding: IdBinding): boolean {
    const entry = this.#entries.get(keyOf(binding));
    if (entry === undefined || entry.settled) return false;
    entry.settled = true;
    return true;
  }

  sweep(limit: number): number {
    const nowMs = this.#clock.wallMs();
    const expired = [...this.#entries]
      .filter(([, { owner }]) => owner.expiresMs <= nowMs)
      .toSorted(([, a], [, b]) => a.owner.expiresMs - b.owner.expiresMs)
      .slice(0, limit);
    for (const [key] of expired) this.#entries.delete(key);
    return expired.length;
  }

  close(): void {
    this.#entries.clear();
  }
}
