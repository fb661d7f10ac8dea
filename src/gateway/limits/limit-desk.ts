// The memory of limits as one thread works on it: under its lock, by key, dropping what must go. Knows no request.
import { hash } from "node:crypto";
import { SharedLock } from "../../lib/shared-lock.ts";
import type { KeyHash } from "../../lib/shared-table.ts";
import { HoldLedger, type CounterPlace } from "./hold-ledger.ts";
import { head, openLimits, writeName, type LimitMemory, type TableMemory } from "./limit-memory.ts";
import { LimitsFull } from "./limit-store.ts";

/** Hashes of keys that were asked for lately. Clients may choose long ones: those are made anew each time. */
const maxKnownHashes = 8_192;
const maxKnownCharacters = 256;
/** So many of the oldest counters are looked at for one that holds nothing, once there are many. */
const idleLooks = 4;
const manyCounters = 1_024;
/** Asks of one request: fewer than there are counters before one is used again, so that none of its own is. */
const maxAsks = 512;
/** So many are looked at for one that may be dropped. */
const dropLooks = 4_096;

export class LimitDesk {
  readonly memory: LimitMemory;
  readonly ledger: HoldLedger;
  readonly #lock: SharedLock;
  readonly #nowMs: () => number;
  readonly #secret: string;
  #hashes = new Map<string, KeyHash>();

  /** @param column the thread's own column of the ledger; the number of columns for one that reserves nothing */
  constructor(buffer: SharedArrayBuffer, column: number, nowMs: () => number) {
    this.memory = openLimits(buffer);
    const { room, ledgerOffset } = this.memory;
    this.ledger = new HoldLedger(buffer, ledgerOffset, {
      columns: room.columns,
      slots: room.reservations,
      column,
    });
    this.#lock = new SharedLock(this.memory.lock, column);
    this.#nowMs = nowMs;
    this.#secret = this.memory.words.slice(head.secret, head.secret + 4).join(" ");
  }

  /** Monotonic. */
  get nowMs(): number {
    return this.#nowMs();
  }

  /** Everything that reads and writes together stands between this and `close`, and neither throws nor waits there. */
  open(): void {
    if (this.#lock.lock()) this.#mend();
  }

  close(): void {
    this.#lock.unlock();
  }

  /** Gives back what a thread held that has ended. */
  release(column: number): void {
    const wasWriting = this.#lock.takeFrom(column);
    if (!wasWriting) this.open();
    this.ledger.each(column, (place, amount) => {
      if (!wasWriting && this.isStill(place)) this.of(place.lasting).counters.release(place.row, amount);
    });
    this.ledger.clear(column);
    if (wasWriting) this.#mend();
    this.close();
  }

  of(lasting: boolean): TableMemory {
    return lasting ? this.memory.lasting : this.memory.fleeting;
  }

  /** Keyed, so that no client can choose values that share a counter. */
  hashOf(key: string): KeyHash {
    const known = this.#hashes.get(key);
    if (known !== undefined) return known;
    const digest = hash("sha256", `${this.#secret} ${key}`, "buffer");
    const made = Int32Array.of(
      digest.readInt32LE(0),
      digest.readInt32LE(4),
      digest.readInt32LE(8),
      digest.readInt32LE(12),
    );
    if (key.length > maxKnownCharacters) return made;
    if (this.#hashes.size >= maxKnownHashes) this.#hashes = new Map();
    this.#hashes.set(key, made);
    return made;
  }

  /** The row of a key; -1: it has none. */
  find(lasting: boolean, key: KeyHash): number {
    return this.of(lasting).table.find(key);
  }

  /** The row of a key, made if there is none; -1: every row is held by what runs. */
  findOrAdd(lasting: boolean, key: KeyHash): number {
    const { table, counters } = this.of(lasting);
    const found = table.find(key);
    if (found >= 0) {
      table.touch(found);
      return found;
    }
    this.#makeRoom(lasting);
    const row = table.add(key);
    if (row < 0) return -1;
    counters.clear(row);
    if (lasting) {
      this.memory.changedAt[row] = 0;
      writeName(this.memory.names, row, "");
    }
    return row;
  }

  /** @throws LimitsFull before anything is written, if so many could not be */
  requireRoom(asks: number): void {
    if (asks > maxAsks || !this.ledger.hasRoom(asks)) throw new LimitsFull();
  }

  /** Whether a row is still the one that was meant. */
  isStill({ lasting, row, given }: CounterPlace): boolean {
    const { table } = this.of(lasting);
    return table.isTaken(row) && table.givenTo(row) === given;
  }

  /** Notes that a lasting counter is to be written to disk. */
  changed(row: number): void {
    const { changes, changedAt } = this.memory;
    const mark = (changes[0] ?? 0) + 1;
    changes[0] = mark;
    changedAt[row] = mark;
  }

  /** Old counters that hold nothing are used again before new memory is; one that counts is dropped only if all do. */
  #makeRoom(lasting: boolean): void {
    const { table, counters } = this.of(lasting);
    const nowMs = this.#nowMs();
    if (table.count < manyCounters) return;
    let row = table.oldest;
    for (let look = 0; look < idleLooks && row >= 0; look += 1) {
      const newer = table.newerThan(row);
      if (counters.isIdle(row, nowMs)) return table.remove(row);
      row = newer;
    }
    if (table.count < table.capacity) return;
    this.#dropOldest(table, counters);
  }

  /** What runs is never dropped, and no quota. */
  #dropOldest(table: TableMemory["table"], counters: TableMemory["counters"]): void {
    let row = table.oldest;
    for (let look = 0; look < dropLooks && row >= 0; look += 1) {
      if (counters.holds(row) === 0 && counters.period(row) === undefined) {
        table.remove(row);
        Atomics.add(this.memory.words, head.dropped, 1);
        return;
      }
      row = table.newerThan(row);
    }
  }

  /** The ledgers are always written before the counters, so they tell what is reserved. */
  #mend(): void {
    for (const { table, counters } of [this.memory.fleeting, this.memory.lasting]) {
      table.rebuild();
      for (let row = 0; row < table.used; row += 1) counters.rebuild(row);
    }
    for (let column = 0; column < this.memory.room.columns; column += 1) {
      this.ledger.each(column, (place, amount) => {
        if (this.isStill(place)) this.of(place.lasting).counters.reserve(place.row, amount);
      });
    }
  }
}
