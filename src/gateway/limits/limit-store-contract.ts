// What every store of limits must do, as tests: run for each implementation. Knows none of them.
import { describe, expect, test } from "vitest";
import type { LimitAsk, LimitHold, LimitStore, LimitVerdict, LimitWindow } from "./limit-store.ts";

/** A store with its clock, opened afresh for each test. */
export interface StoreUnderTest {
  /** Views as data planes have them, all of one memory. */
  readonly views: readonly [LimitStore, LimitStore];
  /** Lets time go by. */
  advance(ms: number): void;
  readonly defects: readonly Error[];
}

const minute: LimitWindow = { kind: "sliding", ms: 60_000 };
const open: LimitWindow = { kind: "open" };
const day = 86_400_000;

function ask(more: Partial<LimitAsk> = {}): LimitAsk {
  return { key: "k", lasting: true, window: minute, limit: 100, amount: 10, dryRun: false, ...more };
}

async function passed(verdict: LimitVerdict | Promise<LimitVerdict>): Promise<LimitHold> {
  const answer = await verdict;
  if (!answer.passed) throw new Error(`refused by ${answer.refusedBy.ask.key} at ${answer.refusedBy.used}`);
  return answer.hold;
}

async function refused(verdict: LimitVerdict | Promise<LimitVerdict>) {
  const answer = await verdict;
  if (answer.passed) throw new Error("passed");
  return answer;
}

/** @param precision by how much later than its window a count may leave, as a share of the window */
export function limitStoreContract(name: string, openStore: () => StoreUnderTest, precision: number): void {
  describe(`${name} does what every store must`, () => {
    test("what is reserved and what is settled fill a limit together, and not one token more", async () => {
      const { views } = openStore();
      const hold = await passed(views[0].take([ask({ amount: 60 })], 0));
      hold.settle(() => 50);
      await passed(views[1].take([ask({ amount: 50 })], 0));
      const { refusedBy } = await refused(views[0].take([ask({ amount: 1 })], 0));
      expect(refusedBy.used).toBe(100);
    });

    test("a reservation of which less is used gives the rest back", async () => {
      const { views } = openStore();
      const hold = await passed(views[0].take([ask({ amount: 100 })], 0));
      await refused(views[1].take([ask({ amount: 1 })], 0));
      hold.settle(() => 0);
      await passed(views[1].take([ask({ amount: 100 })], 0));
    });

    test("who uses more than he reserved is counted in full", async () => {
      const { views } = openStore();
      const hold = await passed(views[0].take([ask({ amount: 10 })], 0));
      hold.settle(() => 130);
      expect((await refused(views[0].take([ask({ amount: 1 })], 0))).refusedBy.used).toBe(130);
    });

    test("several asks pass together or not at all", async () => {
      const { views } = openStore();
      const wide = ask({ key: "wide", limit: 1_000 });
      const slots = ask({ key: "slots", window: open, limit: 5, amount: 1 });
      const narrow = ask({ key: "narrow", limit: 5 });
      const answer = await refused(views[0].take([wide, slots, narrow], 0));
      expect(answer.refusedBy.ask.key).toBe("narrow");
      expect(answer.states.map((state) => state.ask.key)).toEqual(["wide", "slots", "narrow"]);
      const states = await views[0].look([wide, slots, narrow], 0);
      expect(states.map((state) => state.used)).toEqual([0, 0, 0]);
    });

    test("looking takes nothing", async () => {
      const { views } = openStore();
      await passed(views[0].take([ask({ amount: 90 })], 0));
      for (let look = 0; look < 3; look += 1) {
        const [state] = await views[1].look([ask()], 0);
        expect(state?.used).toBe(90);
      }
    });

    test("what counts at once leaves the window although it still runs", async () => {
      const { views, advance } = openStore();
      const once = ask({ amount: 1, limit: 1, atOnce: true });
      await passed(views[0].take([once], 0));
      await refused(views[1].take([once], 0));
      advance(60_000 * (1 + precision) + 1);
      await passed(views[1].take([once], 0));
    });

    test("what counted at once is taken back when it is settled as nothing", async () => {
      const { views, advance } = openStore();
      const once = ask({ amount: 1, limit: 1, atOnce: true });
      const hold = await passed(views[0].take([once], 0));
      advance(30_000);
      hold.settle(() => 0);
      const kept = await passed(views[0].take([once], 0));
      kept.settle(() => 1);
      await refused(views[0].take([once], 0));
    });

    test("a window holds what was counted for its whole length, and at most its precision longer", async () => {
      const { views, advance } = openStore();
      (await passed(views[0].take([ask({ amount: 100 })], 0))).settle(() => 100);
      advance(59_999);
      await refused(views[0].take([ask({ amount: 1 })], 0));
      advance(60_000 * precision + 1);
      await passed(views[0].take([ask({ amount: 100 })], 0));
    });

    test("after the time that a refusal tells the same ask passes, and not a hundredth earlier", async () => {
      const { views, advance } = openStore();
      (await passed(views[0].take([ask({ amount: 40 })], 0))).settle(() => 40);
      advance(20_000);
      (await passed(views[0].take([ask({ amount: 60 })], 0))).settle(() => 60);
      const { refusedBy } = await refused(views[0].take([ask({ amount: 70 })], 0));
      expect(refusedBy.resetMs).toBeGreaterThan(59_999);
      expect(refusedBy.wholeMs).toBe(refusedBy.resetMs);
      advance(refusedBy.resetMs - 600);
      await refused(views[0].take([ask({ amount: 70 })], 0));
      advance(600);
      await passed(views[0].take([ask({ amount: 70 })], 0));
    });

    test("what asks for more than the limit is told that no time helps", async () => {
      const { views } = openStore();
      expect((await refused(views[0].take([ask({ amount: 101 })], 0))).refusedBy.resetMs).toBe(Infinity);
    });

    test("a limit of 0 refuses everything", async () => {
      const { views } = openStore();
      await refused(views[0].take([ask({ limit: 0, amount: 1 })], 0));
    });

    test("slots are given back however they are settled", async () => {
      const { views } = openStore();
      const slot = ask({ window: open, limit: 2, amount: 1 });
      const first = await passed(views[0].take([slot], 0));
      await passed(views[1].take([slot], 0));
      await refused(views[0].take([slot], 0));
      first.settle(() => 1);
      await passed(views[1].take([slot], 0));
      expect((await views[0].look([slot], 0))[0]?.used).toBe(2);
    });

    test("a slot is held as long as its request runs, not as long as a window", async () => {
      const { views, advance } = openStore();
      const slot = ask({ window: open, limit: 1, amount: 1 });
      await passed(views[0].take([slot], 0));
      advance(7 * day);
      await refused(views[1].take([slot], 0));
    });

    test("a dry run counts, tells that it was over, and passes", async () => {
      const { views } = openStore();
      const dry = ask({ amount: 60, dryRun: true });
      await passed(views[0].take([dry], 0));
      const answer = await views[0].take([dry], 0);
      expect(answer.passed && answer.over.map((state) => state.used)).toEqual([60]);
      expect((await views[0].look([dry], 0))[0]?.used).toBe(120);
    });

    test("a new limit holds for what runs already", async () => {
      const { views } = openStore();
      await passed(views[0].take([ask({ amount: 80 })], 0));
      await refused(views[1].take([ask({ amount: 10, limit: 50 })], 0));
      await passed(views[1].take([ask({ amount: 10, limit: 200 })], 0));
    });

    test("another length of window starts anew", async () => {
      const { views } = openStore();
      (await passed(views[0].take([ask({ amount: 100 })], 0))).settle(() => 100);
      await passed(views[0].take([ask({ amount: 100, window: { kind: "sliding", ms: 1_000 } })], 0));
    });

    test("a later period starts anew with what is reserved, and an earlier one does not", async () => {
      const { views } = openStore();
      const first = ask({ window: { kind: "period", startMs: 0, endMs: day } });
      const second = { ...first, window: { kind: "period", startMs: day, endMs: 2 * day } } as const;
      (await passed(views[0].take([{ ...first, amount: 70 }], 0))).settle(() => 70);
      await passed(views[0].take([{ ...first, amount: 20 }], 1));
      expect((await views[1].look([second], day))[0]?.used).toBe(20);
      (await passed(views[1].take([{ ...second, amount: 50 }], day))).settle(() => 50);
      expect((await views[0].look([first], 2))[0]?.used).toBe(70);
    });

    test("settling twice counts once and is reported", async () => {
      const { views, defects } = openStore();
      const hold = await passed(views[0].take([ask()], 0));
      hold.settle(() => 10);
      hold.settle(() => 10);
      expect((await views[0].look([ask()], 0))[0]?.used).toBe(10);
      expect(defects).toHaveLength(1);
    });

    test.each([
      ["NaN", Number.NaN],
      ["a negative number", -50],
    ])("%s settles as nothing", async (_, used) => {
      const { views } = openStore();
      (await passed(views[0].take([ask()], 0))).settle(() => used);
      expect((await views[0].look([ask()], 0))[0]?.used).toBe(0);
    });
  });
}
