// Counters of quotas in a test's hands, and a store of them in memory. Tests only.
import type { KeptQuota, QuotaChanges, QuotaLetter, QuotaStore } from "../../core/kept-quota.ts";
import type { QuotaCount, QuotaCounters } from "./quota-book.ts";

export class TestCounters implements QuotaCounters {
  readonly #counts = new Map<string, QuotaCount & { readonly changed: number }>();
  #mark = 0;

  /** What a data plane would have counted. */
  put(count: Omit<QuotaCount, "reserved"> & Partial<QuotaCount>): void {
    this.#mark += 1;
    this.#counts.set(count.key, { reserved: 0, ...count, changed: this.#mark });
  }

  read(key: string): QuotaCount | undefined {
    return this.#counts.get(key);
  }

  restore(counts: readonly Omit<QuotaCount, "reserved">[]): void {
    for (const count of counts) this.#counts.set(count.key, { reserved: 0, ...count, changed: 0 });
  }

  reset(key: string): void {
    const count = this.#counts.get(key);
    if (count !== undefined) this.put({ ...count, used: 0 });
  }

  forget(key: string): void {
    this.#counts.delete(key);
  }

  changedSince(mark: number): { readonly mark: number; readonly counts: readonly QuotaCount[] } {
    return { mark: this.#mark, counts: [...this.#counts.values()].filter(({ changed }) => changed > mark) };
  }
}

export class TestQuotaStore implements QuotaStore {
  readonly #counts = new Map<string, KeptQuota>();
  #letters: readonly QuotaLetter[] = [];
  /** Thrown by every write while it is set. */
  fault: Error | null = null;

  counts(): KeptQuota[] {
    return [...this.#counts.values()];
  }

  letters(): QuotaLetter[] {
    return [...this.#letters];
  }

  write({ counts, gone, letters, sent }: QuotaChanges): void {
    if (this.fault !== null) throw this.fault;
    for (const count of counts) this.#counts.set(count.key, count);
    for (const key of gone) this.#counts.delete(key);
    const ids = new Set([...sent, ...letters.map(({ deliveryId }) => deliveryId)]);
    this.#letters = [
      ...this.#letters.filter(({ key, deliveryId }) => !gone.includes(key) && !ids.has(deliveryId)),
      ...letters.filter(({ deliveryId }) => !sent.includes(deliveryId)),
    ];
  }

  close(): void {
    this.fault = new Error("the store is closed");
  }
}
