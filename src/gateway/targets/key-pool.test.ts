import { describe, expect, test } from "vitest";
import { KeyPool, type KeyConfig, type PooledKey } from "./key-pool.ts";
import { TestClock, testMemory } from "../runtime-fixture.ts";

const key = (name: string, weight = 1): KeyConfig => ({ name, value: `secret-${name}`, weight });

function createPool(...keys: KeyConfig[]) {
  const [pool, , clock] = createPools(...keys);
  return { clock, pool };
}

/** The pools of two data planes of one node. */
function createPools(...keys: KeyConfig[]): readonly [KeyPool, KeyPool, TestClock] {
  const clock = new TestClock();
  const { rows } = testMemory();
  const memory = { rows, keyRows: keys.map((_, index) => index + 1), serviceRow: 0 };
  return [new KeyPool(keys, clock, memory), new KeyPool(keys, clock, memory), clock];
}

function mustPick(pool: KeyPool, tried: readonly PooledKey[] = []): PooledKey {
  const picked = pool.pick(tried);
  if (picked === undefined) throw new Error("no key");
  return picked;
}

/** Names of the next keys, "-" for none. */
function picks(pool: KeyPool, count: number): string {
  return Array.from({ length: count }, () => pool.pick([])?.name ?? "-").join(" ");
}

/** Every key of the pool, found by naming those already tried. */
function allKeys(pool: KeyPool): Map<string, PooledKey> {
  const found: PooledKey[] = [];
  for (let next = pool.pick(found); next !== undefined; next = pool.pick(found)) found.push(next);
  return new Map(found.map((each) => [each.name, each]));
}

function named(pool: KeyPool, name: string): PooledKey {
  const found = allKeys(pool).get(name);
  if (found === undefined) throw new Error(`no key ${name}`);
  return found;
}

describe("picking", () => {
  test("without keys the service is called without credentials", () => {
    const { pool } = createPool();
    expect(mustPick(pool)).toMatchObject({ name: "", value: "" });
  });

  test("a lone key is picked every time, but not twice for one request", () => {
    const { pool } = createPool(key("a"));
    expect(picks(pool, 3)).toBe("a a a");
    expect(pool.pick([mustPick(pool)])).toBeUndefined();
  });

  test.each([
    ["equal weights in turn", [1, 1, 1], "a b c a b c"],
    ["a heavier key without bursts", [5, 1, 1], "a a b a c a a"],
    ["weights as ratio", [200, 100], "a b a a b a"],
  ])("%s", (_, weights, expected) => {
    const { pool } = createPool(...weights.map((weight, index) => key("abc".charAt(index), weight)));
    expect(picks(pool, expected.split(" ").length)).toBe(expected);
  });

  test.each([
    ["not used beside one that has a share", [0, 1], "b b b b"],
    ["used in turn when no key has a share", [0, 0], "a b a b"],
    ["used when it is the only one", [0], "a a a a"],
  ])("a key of weight 0 is %s", (_, weights, expected) => {
    const { pool } = createPool(...weights.map((weight, index) => key("ab".charAt(index), weight)));
    expect(picks(pool, 4)).toBe(expected);
  });

  test("a key of weight 0 is no way out when the others rest", () => {
    const { pool, clock } = createPool(key("off", 0), key("b"));
    pool.rateLimited(mustPick(pool), 5_000);
    expect(pool.pick([])).toBeUndefined();
    expect(pool.standing(clock.nowMs)).toBe("resting");
    expect(pool.restMs(clock.nowMs)).toBe(5_000);
  });

  test("shares are exact over many picks", () => {
    const { pool } = createPool(key("a", 7), key("b", 2), key("c", 1));
    const counts = new Map<string, number>();
    for (const name of picks(pool, 1_000).split(" ")) counts.set(name, (counts.get(name) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({ a: 700, b: 200, c: 100 });
  });

  test("tried keys are left out until none is left", () => {
    const { pool } = createPool(key("a"), key("b"), key("c"));
    expect([...allKeys(pool).keys()].toSorted()).toEqual(["a", "b", "c"]);
  });
});

describe("rate limits", () => {
  test.each([
    ["what the service asked for", 7_000, 7_000],
    ["a second when it asked for nothing", undefined, 1_000],
    ["a minute at most", 3_600_000, 60_000],
    ["a minute when it asked for ever", Infinity, 60_000],
  ])("a key rests for %s", (_, waitMs, restMs) => {
    const { pool, clock } = createPool(key("a"));
    pool.rateLimited(mustPick(pool), waitMs);
    expect(pool.restsForCredentials).toBe(false);
    clock.nowMs += restMs - 1;
    expect(pool.pick([])).toBeUndefined();
    clock.nowMs += 1;
    expect(pool.pick([])?.name).toBe("a");
  });

  test("the other keys take over in the meantime", () => {
    const { pool, clock } = createPool(key("a", 10), key("b"));
    pool.rateLimited(named(pool, "a"), 5_000);
    expect(picks(pool, 3)).toBe("b b b");
    clock.nowMs += 5_000;
    expect(picks(pool, 20)).toContain("a");
  });

  test("an answer to an earlier request does not end the rest", () => {
    const { pool, clock } = createPool(key("a"));
    const earlier = mustPick(pool);
    pool.rateLimited(mustPick(pool), 5_000);
    clock.nowMs += 1_000;
    pool.worked(earlier);
    expect(pool.pick([])).toBeUndefined();
    clock.nowMs += 4_000;
    expect(pool.pick([])?.name).toBe("a");
  });

  test.each([
    ["shorter does not shorten it", 20_000, 500, 20_000],
    ["longer lengthens it", 500, 20_000, 20_000],
  ])("a second limit that is %s", (_, firstMs, secondMs, restMs) => {
    const { pool, clock } = createPool(key("a"));
    const only = mustPick(pool);
    pool.rateLimited(only, firstMs);
    pool.rateLimited(only, secondMs);
    clock.nowMs += restMs - 1;
    expect(pool.pick([])).toBeUndefined();
    clock.nowMs += 1;
    expect(pool.pick([])?.name).toBe("a");
  });

  test("a limit does not shorten the rest of a refused key", () => {
    const { pool, clock } = createPool(key("a"), key("b"));
    const refused = named(pool, "a");
    pool.refused(refused);
    pool.rateLimited(refused, undefined);
    clock.nowMs += 29_999;
    expect(picks(pool, 4)).toBe("b b b b");
  });

  test("a refusal counts although the key rests for a rate limit", () => {
    const { pool, clock } = createPool(key("a"), key("b"));
    const limited = named(pool, "a");
    pool.rateLimited(limited, 1_000);
    pool.refused(limited);
    clock.nowMs += 29_999;
    expect(picks(pool, 4)).toBe("b b b b");
  });

  test("keys that rest for rate limits are not tried before their time", () => {
    const { pool, clock } = createPool(key("a"), key("b"));
    for (const each of allKeys(pool).values()) pool.rateLimited(each, 30_000);
    for (let second = 0; second < 30; second += 1) {
      expect(pool.pick([])).toBeUndefined();
      clock.nowMs += 1_000;
    }
    expect(pool.pick([])).toBeDefined();
  });
});

describe("refused credentials", () => {
  test("each refusal in a row doubles the rest, from 30 s to 10 min", () => {
    const { pool, clock } = createPool(key("bad"), key("good"));
    let bad = named(pool, "bad");
    for (const restMs of [30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]) {
      pool.refused(bad);
      clock.nowMs += restMs - 1;
      expect(picks(pool, 3)).toBe("good good good");
      clock.nowMs += 1;
      bad = named(pool, "bad");
    }
  });

  test("requests in flight together are one refusal, however late the last of them ends", () => {
    const { pool, clock } = createPool(key("bad"), key("good"));
    const bad = named(pool, "bad");
    for (let request = 0; request < 50; request += 1) pool.refused(bad);
    clock.nowMs += 30_000;
    pool.refused(bad);
    expect(picks(pool, 3)).toContain("bad");
  });

  test("when a rest is over one real request is the trial, not all of them", () => {
    const { pool, clock } = createPool(key("bad"), key("good"));
    pool.refused(named(pool, "bad"));
    clock.nowMs += 30_000;
    const during = picks(pool, 10).split(" ");
    expect(during.filter((name) => name === "bad")).toHaveLength(1);
  });

  test("a trial without a verdict is followed by another one a second later", () => {
    const { pool, clock } = createPool(key("bad"), key("good"));
    pool.refused(named(pool, "bad"));
    clock.nowMs += 30_000;
    expect(picks(pool, 10)).toContain("bad");
    clock.nowMs += 999;
    expect(picks(pool, 10)).not.toContain("bad");
    clock.nowMs += 1;
    expect(picks(pool, 10)).toContain("bad");
  });

  test("a trial that works brings the key back and forgets its refusals", () => {
    const { pool, clock } = createPool(key("a"));
    const only = mustPick(pool);
    pool.refused(only);
    clock.nowMs += 30_000;
    pool.worked(mustPick(pool));
    expect(picks(pool, 3)).toBe("a a a");
    pool.refused(only);
    clock.nowMs += 29_999;
    // The one trial a second of a pool without any other key.
    expect(picks(pool, 3)).toBe("a - -");
    clock.nowMs += 1_000;
    pool.worked(mustPick(pool));
    expect(picks(pool, 2)).toBe("a a");
  });

  test("an answer to an earlier request does not end the rest", () => {
    const { pool } = createPool(key("a"), key("b"));
    const revoked = named(pool, "a");
    pool.refused(revoked);
    pool.worked(revoked);
    expect(picks(pool, 4)).toBe("b b b b");
  });

  test("nor does it when the rest is over and the trial is under way", () => {
    const { pool, clock } = createPool(key("a"), key("b"));
    const revoked = named(pool, "a");
    pool.refused(revoked);
    clock.nowMs += 30_000;
    const trial = named(pool, "a");
    pool.worked(revoked);
    expect(picks(pool, 4)).toBe("b b b b");
    pool.worked(trial);
    expect(picks(pool, 4)).toContain("a");
  });

  test("a trial that ends after the next one was refused does not end that rest", () => {
    const { pool, clock } = createPool(key("a"), key("b"));
    pool.refused(named(pool, "a"));
    clock.nowMs += 30_000;
    const slow = named(pool, "a");
    clock.nowMs += 1_000;
    pool.refused(named(pool, "a"));
    pool.worked(slow);
    expect(picks(pool, 4)).toBe("b b b b");
  });

  test("a trial that meets a rate limit ends the refusal: the key rests as long as the limit", () => {
    const { pool, clock } = createPool(key("a"), key("b"));
    pool.refused(named(pool, "a"));
    clock.nowMs += 30_000;
    pool.rateLimited(named(pool, "a"), 2_000);
    clock.nowMs += 1_999;
    expect(picks(pool, 4)).toBe("b b b b");
    clock.nowMs += 1;
    expect(picks(pool, 4).split(" ").toSorted()).toEqual(["a", "a", "b", "b"]);
  });

  test("a service without keys that is refused is tried once a second too", () => {
    const { pool, clock } = createPool();
    pool.refused(mustPick(pool));
    expect(picks(pool, 3)).toBe(" - -");
    clock.nowMs += 1_000;
    pool.worked(mustPick(pool));
    expect(pool.standing(clock.nowMs)).toBe("ready");
  });

  test("when every key rests one is tried once a second, each in its turn", () => {
    const { pool, clock } = createPool(key("a"), key("b"));
    for (const each of allKeys(pool).values()) pool.refused(each);
    expect(pool.restsForCredentials).toBe(true);
    const tried: string[] = [];
    for (let second = 0; second < 4; second += 1) {
      const trial = mustPick(pool);
      tried.push(trial.name);
      pool.refused(trial);
      expect(picks(pool, 3)).toBe("- - -");
      clock.nowMs += 1_000;
    }
    expect(tried.toSorted()).toEqual(["a", "a", "b", "b"]);
  });

  test("a trial during the rest that works brings the key back at once", () => {
    const { pool } = createPool(key("a"), key("b"));
    for (const each of allKeys(pool).values()) pool.refused(each);
    const trial = mustPick(pool);
    pool.worked(trial);
    expect(pool.restsForCredentials).toBe(false);
    expect(picks(pool, 3)).toBe(`${trial.name} ${trial.name} ${trial.name}`);
  });

  test("a request that was refused by one key gets no trial of another", () => {
    const { pool } = createPool(key("a"), key("b"));
    for (const each of allKeys(pool).values()) pool.refused(each);
    const trial = mustPick(pool);
    expect(pool.pick([trial])).toBeUndefined();
  });

  test("no trial while some key only rests for a rate limit", () => {
    const { pool } = createPool(key("a"), key("b"));
    const keys = allKeys(pool);
    for (const [name, each] of keys) {
      if (name === "a") pool.refused(each);
      else pool.rateLimited(each, 60_000);
    }
    expect(pool.restsForCredentials).toBe(false);
    expect(pool.pick([])).toBeUndefined();
  });
});

describe("two data planes over one memory", () => {
  test("a rate limit that one meets rests the key for both", () => {
    const [one, other, clock] = createPools(key("a"), key("b"));
    one.rateLimited(named(one, "a"), 5_000);
    expect(picks(other, 3)).toBe("b b b");
    clock.nowMs += 5_000;
    expect(picks(other, 4).split(" ").toSorted()).toEqual(["a", "a", "b", "b"]);
  });

  test("the standing is the same for both", () => {
    const [one, other, clock] = createPools(key("a"));
    const only = mustPick(one);
    expect(other.standing(clock.nowMs)).toBe("ready");
    one.rateLimited(only, 5_000);
    expect(other.standing(clock.nowMs)).toBe("resting");
    expect(other.restMs(clock.nowMs)).toBe(5_000);
    one.refused(only);
    expect(other.standing(clock.nowMs)).toBe("refused");
    expect(other.restsForCredentials).toBe(true);
  });

  test("refusals that both meet at once are one", () => {
    const [one, other, clock] = createPools(key("bad"), key("good"));
    const sent = [named(one, "bad"), named(other, "bad")] as const;
    one.refused(sent[0]);
    other.refused(sent[1]);
    clock.nowMs += 30_000;
    expect(picks(other, 4)).toContain("bad");
  });

  test("a trial is one trial, and its success holds for both", () => {
    const [one, other, clock] = createPools(key("bad"), key("good"));
    one.refused(named(one, "bad"));
    clock.nowMs += 30_000;
    const trial = named(other, "bad");
    expect(picks(one, 4)).toBe("good good good good");
    other.worked(trial);
    expect(picks(one, 4)).toContain("bad");
  });

  test("when every key is refused there is one trial a second in all", () => {
    const [one, other, clock] = createPools(key("a"), key("b"));
    for (const each of allKeys(one).values()) one.refused(each);
    let trials = 0;
    for (let tenth = 0; tenth < 100; tenth += 1) {
      for (const pool of [one, other]) {
        const trial = pool.pick([]);
        if (trial === undefined) continue;
        trials += 1;
        pool.refused(trial);
      }
      clock.nowMs += 100;
    }
    expect(trials).toBe(10);
  });

  test("each uses its keys by their weights", () => {
    const [one, other] = createPools(key("a", 2), key("b", 1));
    expect(picks(one, 3)).toBe("a b a");
    expect(picks(other, 3)).toBe("a b a");
  });
});
