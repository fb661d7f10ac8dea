// The store of limits over the memory that all threads of a node share: exact over all of them, without a message.
// Every thread opens its own view. Knows no request.
import type { KeyHash } from "../../lib/shared-table.ts";
import { LimitDesk } from "./limit-desk.ts";
import { writeName } from "./limit-memory.ts";
import {
  LimitsFull,
  type LimitAsk,
  type LimitHold,
  type LimitState,
  type LimitStore,
  type LimitVerdict,
} from "./limit-store.ts";

export interface SharedLimitsOptions {
  /** See `allocateLimits`. */
  readonly buffer: SharedArrayBuffer;
  /** The thread's own. */
  readonly column: number;
  /** Monotonic, the same for all threads. */
  readonly nowMs: () => number;
  /** Told when a request is settled twice. */
  readonly onDefect?: (error: Error) => void;
}

/** An ask with the row that counts it. */
interface Asked<Ask extends LimitAsk = LimitAsk> {
  readonly ask: Ask;
  readonly key: KeyHash;
  /** -1: none counts it yet. */
  row: number;
  used: number;
}

/** An ask that has passed, with all that settling it needs. */
interface Taken<Ask extends LimitAsk = LimitAsk> extends Asked<Ask> {
  /** Of its row: when it differs, the row is another's by now. */
  readonly given: number;
  /** Of the ledger; -1 for what counted at once. */
  readonly slot: number;
  /** The part of the window in which it counted at once. */
  readonly epoch: number;
}

export class SharedLimits implements LimitStore {
  readonly #desk: LimitDesk;
  readonly #onDefect: (error: Error) => void;

  constructor({ buffer, column, nowMs, onDefect = () => undefined }: SharedLimitsOptions) {
    this.#desk = new LimitDesk(buffer, column, nowMs);
    this.#onDefect = onDefect;
  }

  take<Ask extends LimitAsk>(asks: readonly Ask[], wallMs: number): LimitVerdict<Ask> {
    const desk = this.#desk;
    const all = this.#asked(asks);
    desk.requireRoom(asks.length);
    const nowMs = desk.nowMs;
    let over: LimitState<Ask>[] = [];
    let refusedBy: LimitState<Ask> | undefined;
    let taken: Taken<Ask>[] = [];
    desk.open();
    try {
      let full = false;
      for (const asked of all) {
        asked.row = desk.findOrAdd(asked.ask.lasting, asked.key);
        full ||= asked.row < 0;
        this.#read(asked, nowMs);
        if (asked.used + asked.ask.amount <= asked.ask.limit) continue;
        const state = this.#state(asked, { nowMs, wallMs });
        over.push(state);
        if (!asked.ask.dryRun) refusedBy ??= state;
      }
      if (refusedBy !== undefined) over = all.map((asked) => this.#state(asked, { nowMs, wallMs }));
      else if (!full) taken = all.map((asked) => this.#count(asked));
    } finally {
      desk.close();
    }
    if (refusedBy !== undefined) return { passed: false, refusedBy, states: over };
    if (taken.length < all.length) throw new LimitsFull();
    return { passed: true, hold: new SharedHold(asks, taken, this.#settle, this.#onDefect), over };
  }

  look<Ask extends LimitAsk>(asks: readonly Ask[], wallMs: number): readonly LimitState<Ask>[] {
    const desk = this.#desk;
    const all = this.#asked(asks);
    const nowMs = desk.nowMs;
    desk.open();
    try {
      return all.map((asked) => {
        asked.row = desk.find(asked.ask.lasting, asked.key);
        this.#read(asked, nowMs);
        return this.#state(asked, { nowMs, wallMs });
      });
    } finally {
      desk.close();
    }
  }

  #asked<Ask extends LimitAsk>(asks: readonly Ask[]): Asked<Ask>[] {
    return asks.map((ask) => ({ ask, key: this.#desk.hashOf(ask.key), row: -1, used: 0 }));
  }

  #read(asked: Asked, nowMs: number): void {
    const { ask, row } = asked;
    if (row < 0) return;
    const { counters } = this.#desk.of(ask.lasting);
    counters.bring(row, ask.window, nowMs);
    asked.used = counters.settled(row) + counters.reserved(row);
  }

  #state<Ask extends LimitAsk>(
    { ask, row, used }: Asked<Ask>,
    { nowMs, wallMs }: { readonly nowMs: number; readonly wallMs: number },
  ): LimitState<Ask> {
    const { counters } = this.#desk.of(ask.lasting);
    const missing = used + ask.amount - ask.limit;
    const never = ask.amount > ask.limit;
    const endMs = row < 0 ? undefined : counters.period(row)?.endMs;
    const freedInMs = (amount: number): number =>
      endMs === undefined ? counters.freedInMs(row, amount, nowMs) : Math.max(0, endMs - wallMs);
    const wholeMs = row < 0 ? 0 : freedInMs(Infinity);
    if (missing <= 0 || never || row < 0) return { ask, used, resetMs: never ? Infinity : 0, wholeMs };
    return { ask, used, resetMs: freedInMs(missing), wholeMs };
  }

  /** The ledger first: it tells what is reserved if this thread is ended here. */
  #count<Ask extends LimitAsk>(asked: Asked<Ask>): Taken<Ask> {
    const { ask, row } = asked;
    const { table, counters } = this.#desk.of(ask.lasting);
    const given = table.givenTo(row);
    if (ask.window.kind === "period") writeName(this.#desk.memory.names, row, ask.key);
    if (ask.atOnce === true) return { ...asked, given, slot: -1, epoch: counters.count(row, ask.amount) };
    const slot = this.#desk.ledger.write({ lasting: ask.lasting, row, given }, ask.amount);
    counters.reserve(row, ask.amount);
    return { ...asked, given, slot, epoch: 0 };
  }

  readonly #settle = (taken: readonly Taken[], amounts: readonly number[]): void => {
    const desk = this.#desk;
    const nowMs = desk.nowMs;
    desk.open();
    try {
      for (const [index, entry] of taken.entries()) this.#settleOne(entry, amounts[index] ?? 0, nowMs);
    } finally {
      desk.close();
    }
  };

  /** The row cannot be another's while something of it is reserved, except where the memory had to be mended. */
  #settleOne({ ask, row, given, slot, epoch }: Taken, amount: number, nowMs: number): void {
    const desk = this.#desk;
    const { counters } = desk.of(ask.lasting);
    const isOurs = desk.isStill({ lasting: ask.lasting, row, given });
    if (slot >= 0) {
      desk.ledger.erase(slot);
      if (isOurs) counters.release(row, ask.amount);
    }
    if (!isOurs || ask.window.kind === "open") return;
    counters.bring(row, ask.window, nowMs);
    if (slot < 0) counters.uncount(row, Math.max(0, ask.amount - amount), epoch);
    else if (amount > 0) counters.count(row, amount);
    if (ask.lasting && ask.window.kind === "period") desk.changed(row);
  }
}

class SharedHold<Ask extends LimitAsk> implements LimitHold<Ask> {
  readonly asks: readonly Ask[];
  readonly #taken: readonly Taken[];
  readonly #settle: (taken: readonly Taken[], amounts: readonly number[]) => void;
  readonly #onDefect: (error: Error) => void;
  #settled = false;

  constructor(
    asks: readonly Ask[],
    taken: readonly Taken[],
    settle: (taken: readonly Taken[], amounts: readonly number[]) => void,
    onDefect: (error: Error) => void,
  ) {
    this.asks = asks;
    this.#taken = taken;
    this.#settle = settle;
    this.#onDefect = onDefect;
  }

  settle(usedOf: (ask: Ask) => number): void {
    if (this.#settled)
      return this.#onDefect(new Error("what a request took of its limits was settled twice"));
    this.#settled = true;
    this.#settle(
      this.#taken,
      this.asks.map((ask) => Math.max(0, usedOf(ask)) || 0),
    );
  }
}
