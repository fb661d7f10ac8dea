// The store in shared memory: what every store must do, and what only this one can: dead threads, dropped counters.
import fc from "fast-check";
import { expect, test } from "vitest";
import { windowParts } from "./counters.ts";
import { LimitKeeper } from "./limit-keeper.ts";
import { limitStoreContract } from "./limit-store-contract.ts";
import { LimitsFull, type LimitAsk, type LimitHold } from "./limit-store.ts";
import { SharedLimits } from "./shared-limits.ts";

const room = { columns: 3, fleeting: 2_048, lasting: 2_048, reservations: 64 };

function open(more: Partial<typeof room> = {}) {
  let nowMs = 1_000_000;
  const keeper = new LimitKeeper({ ...room, ...more }, () => nowMs);
  const defects: Error[] = [];
  const view = (column: number): SharedLimits =>
    new SharedLimits({
      buffer: keeper.buffer,
      column,
      nowMs: () => nowMs,
      onDefect: (error) => void defects.push(error),
    });
  const views = [view(0), view(1)] as const;
  return { keeper, views, view, defects, advance: (ms: number) => void (nowMs += ms) };
}

limitStoreContract("limits in shared memory", open, 1 / windowParts);

const minute = { kind: "sliding", ms: 60_000 } as const;
const day = { kind: "period", startMs: 0, endMs: 86_400_000 } as const;

function ask(key: string, more: Partial<LimitAsk> = {}): LimitAsk {
  return { key, lasting: true, window: minute, limit: 100, amount: 10, dryRun: false, ...more };
}

function used(limits: SharedLimits, one: LimitAsk): number | undefined {
  return limits.look([one], 0)[0]?.used;
}

function hold(limits: SharedLimits, asks: readonly LimitAsk[]): LimitHold {
  const verdict = limits.take(asks, 0);
  if (!verdict.passed) throw new Error("refused");
  return verdict.hold;
}

test("what a dead thread held is given back, and nothing else", () => {
  const { keeper, views } = open();
  const slots = ask("slots", { window: { kind: "open" }, amount: 1 });
  const tokens = ask("tokens");
  const requests = ask("requests", { amount: 1, atOnce: true });
  for (let request = 0; request < 5; request += 1) hold(views[0], [slots, tokens, requests]);
  hold(views[1], [slots, tokens, requests]);
  hold(views[0], [tokens]).settle(() => 7);
  keeper.releaseColumn(0);
  expect([slots, tokens, requests].map((one) => used(views[1], one))).toEqual([1, 17, 6]);
});

test("a thread that dies while it writes leaves a memory that says what the ledgers say", () => {
  const { keeper, views } = open();
  hold(views[0], [ask("a"), ask("b")]);
  hold(views[1], [ask("a")]);
  hold(views[1], [ask("b")]).settle(() => 30);
  // What such a thread leaves behind: the lock is its own, and a sum is half written.
  const words = new Int32Array(keeper.buffer);
  words[16] = 1;
  keeper.releaseColumn(0);
  expect([used(views[1], ask("a")), used(views[1], ask("b"))]).toEqual([10, 30]);
  hold(views[1], [ask("a", { amount: 90 })]);
});

test("a lock that nobody gives back is taken over", () => {
  const { keeper, views } = open();
  hold(views[0], [ask("a")]);
  new Int32Array(keeper.buffer)[16] = 3;
  expect(used(views[1], ask("a"))).toBe(10);
});

test("of values that clients choose the one that was used least lately is dropped, and counted", () => {
  const { keeper, views } = open();
  const value = (number: number): LimitAsk => ask(`header ${number}`, { lasting: false, atOnce: true });
  const running = ask("running", { lasting: false, window: { kind: "open" }, amount: 1 });
  hold(views[0], [running]);
  for (let number = 0; number < room.fleeting - 1; number += 1) hold(views[0], [value(number)]);
  hold(views[0], [value(0)]);
  hold(views[1], [value(9_999)]);
  expect(keeper.totals).toEqual({ fleeting: room.fleeting, lasting: 0, dropped: 1 });
  expect([0, 1, 2].map((number) => used(views[0], value(number)))).toEqual([20, 0, 10]);
  expect(used(views[0], running)).toBe(1);
});

test("counters that hold nothing any more are used again before others are dropped", () => {
  const { keeper, views, advance } = open();
  for (let number = 0; number < room.lasting; number += 1)
    hold(views[0], [ask(`consumer ${number}`, { atOnce: true })]);
  advance(120_000);
  for (let number = 0; number < room.lasting; number += 1)
    hold(views[0], [ask(`other ${number}`, { atOnce: true })]);
  expect(keeper.totals.dropped).toBe(0);
});

test("no quota is dropped: what finds no counter is refused", () => {
  const { keeper, views } = open();
  for (let number = 0; number < room.lasting; number += 1)
    hold(views[0], [ask(`quota ${number}`, { window: day })]).settle(() => 1);
  expect(() => views[1].take([ask("one more", { window: day })], 0)).toThrow(LimitsFull);
  expect(keeper.read("quota 0")?.used).toBe(1);
});

test("more reservations than the ledger holds are refused, and none is lost", () => {
  const { views } = open();
  const holds = Array.from({ length: room.reservations }, () => hold(views[0], [ask("a", { limit: 1_000 })]));
  expect(() => views[0].take([ask("a", { limit: 1_000 })], 0)).toThrow(LimitsFull);
  for (const one of holds) one.settle(() => 0);
  expect(used(views[1], ask("a"))).toBe(0);
  hold(views[0], [ask("a")]);
});

test("quotas are read, told when they change, restored, reset and forgotten", () => {
  const { keeper, views } = open();
  const quota = ask("quota of a", { window: day });
  hold(views[0], [quota]).settle(() => 25);
  hold(views[1], [quota]);
  const count = { key: "quota of a", startMs: 0, endMs: 86_400_000, used: 25, reserved: 10 };
  expect(keeper.read("quota of a")).toEqual(count);
  const { mark, counts } = keeper.changedSince(0);
  expect([...counts]).toEqual([count]);
  expect(keeper.changedSince(mark)).toEqual({ mark, counts: [] });
  keeper.reset("quota of a");
  expect([...keeper.changedSince(mark).counts]).toEqual([{ ...count, used: 0 }]);
  keeper.forget("quota of a");
  expect(keeper.read("quota of a")).toBeUndefined();

  const after = open();
  after.keeper.restore([count]);
  expect(used(after.views[0], quota)).toBe(25);
  expect(after.keeper.changedSince(0).counts).toEqual([]);
  after.keeper.restore([{ ...count, startMs: -86_400_000, endMs: 0, used: 99 }]);
  expect(used(after.views[0], quota)).toBe(25);
});

/** A model so simple that it is right: lists of what was counted when. */
class Model {
  readonly #counted = new Map<string, { atMs: number; amount: number }[]>();
  readonly #reserved = new Map<string, number>();

  /** The most and the least that may be in use, as a window is kept in parts. */
  used({ key, window }: LimitAsk, nowMs: number): { least: number; most: number } {
    const reserved = this.#reserved.get(key) ?? 0;
    const sum = (lengthMs: number): number =>
      (this.#counted.get(key) ?? [])
        .filter(({ atMs }) => atMs > nowMs - lengthMs)
        .reduce((total, { amount }) => total + amount, reserved);
    if (window.kind !== "sliding") return { least: reserved, most: reserved };
    return { least: sum(window.ms), most: sum(window.ms * (1 + 1 / windowParts)) };
  }

  reserve(key: string, amount: number): void {
    this.#reserved.set(key, (this.#reserved.get(key) ?? 0) + amount);
  }

  count(key: string, atMs: number, amount: number): void {
    const list = this.#counted.get(key) ?? [];
    list.push({ atMs, amount });
    this.#counted.set(key, list);
  }
}

const step = fc.oneof(
  fc.record({
    do: fc.constant("take" as const),
    view: fc.nat(2),
    asks: fc.uniqueArray(fc.record({ limit: fc.nat(3), amount: fc.integer({ min: 1, max: 40 }) }), {
      selector: ({ limit }) => limit,
      minLength: 1,
    }),
  }),
  fc.record({ do: fc.constant("settle" as const), which: fc.nat(), used: fc.nat(60) }),
  fc.record({ do: fc.constant("wait" as const), ms: fc.nat(30_000) }),
  fc.record({ do: fc.constant("die" as const), view: fc.nat(2) }),
);

test("over three views every verdict is the model's, whatever is taken, settled and ended in between", () => {
  const limits: readonly Omit<LimitAsk, "amount">[] = [
    { key: "second", lasting: false, window: { kind: "sliding", ms: 1_000 }, limit: 50, dryRun: false },
    { key: "minute", lasting: true, window: minute, limit: 100, dryRun: false },
    { key: "slots", lasting: true, window: { kind: "open" }, limit: 90, dryRun: false },
    { key: "once", lasting: false, window: minute, limit: 70, atOnce: true, dryRun: false },
  ];
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { keeper, view, advance } = open();
      const views = [view(0), view(1), view(2)];
      const model = new Model();
      let nowMs = 1_000_000;
      let running: { hold: LimitHold; view: number }[] = [];
      const giveBack = ({ hold: { asks } }: { hold: LimitHold }): void => {
        for (const one of asks) if (one.atOnce !== true) model.reserve(one.key, -one.amount);
      };
      for (const one of steps) {
        if (one.do === "wait") {
          nowMs += one.ms;
          advance(one.ms);
        } else if (one.do === "die") {
          keeper.releaseColumn(one.view);
          views[one.view] = view(one.view);
          for (const ended of running.filter((entry) => entry.view === one.view)) giveBack(ended);
          running = running.filter((entry) => entry.view !== one.view);
        } else if (one.do === "settle") {
          const [entry] = running.splice(one.which % Math.max(1, running.length), 1);
          if (entry === undefined) continue;
          giveBack(entry);
          entry.hold.settle((settled) => (settled.atOnce === true ? settled.amount : one.used));
          for (const { key, atOnce, window } of entry.hold.asks)
            if (atOnce !== true && window.kind !== "open") model.count(key, nowMs, one.used);
        } else {
          const asks = one.asks.flatMap(({ limit, amount }) => {
            const found = limits[limit];
            return found === undefined ? [] : [{ ...found, amount }];
          });
          const inUse = asks.map((entry) => ({ ...model.used(entry, nowMs), entry }));
          const verdict = views[one.view]?.take(asks, 0);
          const mayPass = inUse.every(({ least, entry }) => least + entry.amount <= entry.limit);
          const mustPass = inUse.every(({ most, entry }) => most + entry.amount <= entry.limit);
          expect(mustPass && verdict?.passed === false).toBe(false);
          expect(!mayPass && verdict?.passed === true).toBe(false);
          if (verdict?.passed !== true) continue;
          running.push({ hold: verdict.hold, view: one.view });
          for (const { key, amount, atOnce } of asks) {
            if (atOnce === true) model.count(key, nowMs, amount);
            else model.reserve(key, amount);
          }
        }
      }
    }),
    { numRuns: 300 },
  );
});
