// How the memory of limits is laid out, which all threads of a node share. Knows no request.
import { randomFillSync } from "node:crypto";
import { SharedTable } from "../../lib/shared-table.ts";
import { lockWords } from "../../lib/shared-lock.ts";
import { Counters } from "./counters.ts";
import { HoldLedger } from "./hold-ledger.ts";

/** How much room there is. The system gives pages only once they are written. */
export interface LimitRoom {
  /** Threads that reserve. */
  readonly columns: number;
  /** Counters of values that clients choose. */
  readonly fleeting: number;
  /** Counters of what the configuration names. */
  readonly lasting: number;
  /** Reservations of one thread. */
  readonly reservations: number;
}

/** Of a node: 65,536 values of clients, and limits and quotas of 100,000 consumers. */
export const nodeRoom = { fleeting: 65_536, lasting: 524_288, reservations: 262_144 };
/** Of a data plane that is alone. */
export const loneRoom = { columns: 1, fleeting: 4_096, lasting: 16_384, reservations: 65_536 };

/** Numbers at the start of the memory. */
export const head = {
  columns: 0,
  fleeting: 1,
  lasting: 2,
  reservations: 3,
  dropped: 4,
  /** Four words. */
  secret: 8,
  /** Three words. */
  lock: 16,
  /** Two words: a number of 64 bits. */
  changes: 20,
} as const;
const headBytes = 128;
/** Longest name of a counter that is kept, with its length. */
const nameBytes = 256;

export interface TableMemory {
  readonly table: SharedTable;
  readonly counters: Counters;
}

/** Views of one buffer. */
export interface LimitMemory {
  readonly room: LimitRoom;
  readonly words: Int32Array<SharedArrayBuffer>;
  readonly lock: Int32Array<SharedArrayBuffer>;
  /** How often a lasting counter has changed. */
  readonly changes: Float64Array<SharedArrayBuffer>;
  readonly fleeting: TableMemory;
  readonly lasting: TableMemory;
  /** By lasting row: the number of its last change. */
  readonly changedAt: Float64Array<SharedArrayBuffer>;
  /** By lasting row: its name, whose length is the first byte. */
  readonly names: Uint8Array<SharedArrayBuffer>;
  readonly ledgerOffset: number;
}

export function allocateLimits(room: LimitRoom): SharedArrayBuffer {
  const buffer = new SharedArrayBuffer(layout(room).end);
  const words = new Int32Array(buffer, 0, headBytes / 4);
  words[head.columns] = room.columns;
  words[head.fleeting] = room.fleeting;
  words[head.lasting] = room.lasting;
  words[head.reservations] = room.reservations;
  const secret = randomFillSync(new Int32Array(4));
  words.set(secret, head.secret);
  return buffer;
}

export function openLimits(buffer: SharedArrayBuffer): LimitMemory {
  const words = new Int32Array(buffer, 0, headBytes / 4);
  const room: LimitRoom = {
    columns: words[head.columns] ?? 0,
    fleeting: words[head.fleeting] ?? 0,
    lasting: words[head.lasting] ?? 0,
    reservations: words[head.reservations] ?? 0,
  };
  const at = layout(room);
  return {
    room,
    words,
    lock: new Int32Array(buffer, head.lock * 4, lockWords),
    changes: new Float64Array(buffer, head.changes * 4, 1),
    fleeting: {
      table: new SharedTable(buffer, at.fleetingTable, room.fleeting),
      counters: new Counters(buffer, at.fleetingCounters, room.fleeting),
    },
    lasting: {
      table: new SharedTable(buffer, at.lastingTable, room.lasting),
      counters: new Counters(buffer, at.lastingCounters, room.lasting),
    },
    changedAt: new Float64Array(buffer, at.changedAt, room.lasting),
    names: new Uint8Array(buffer, at.names, room.lasting * nameBytes),
    ledgerOffset: at.ledger,
  };
}

function layout(room: LimitRoom) {
  const fleetingTable = headBytes;
  const fleetingCounters = fleetingTable + SharedTable.bytes(room.fleeting);
  const lastingTable = fleetingCounters + Counters.bytes(room.fleeting);
  const lastingCounters = lastingTable + SharedTable.bytes(room.lasting);
  const changedAt = lastingCounters + Counters.bytes(room.lasting);
  const names = changedAt + room.lasting * 8;
  const ledger = names + room.lasting * nameBytes;
  const end = ledger + HoldLedger.bytes(room.columns, room.reservations);
  return { fleetingTable, fleetingCounters, lastingTable, lastingCounters, changedAt, names, ledger, end };
}

/** A name too long to be kept is left out: such a counter does not outlive the process. */
export function writeName(names: Uint8Array, row: number, name: string): void {
  const bytes = Buffer.from(name);
  const length = bytes.length < nameBytes ? bytes.length : 0;
  names[row * nameBytes] = length;
  names.set(bytes.subarray(0, length), row * nameBytes + 1);
}

export function readName(names: Uint8Array, row: number): string {
  const start = row * nameBytes;
  const length = names[start] ?? 0;
  return Buffer.from(names.slice(start + 1, start + 1 + length)).toString();
}
