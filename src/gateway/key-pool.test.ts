import { describe, expect, test } from "vitest";
import { KeyPool, type KeyConfig, type PooledKey } from "./key-pool.ts";
import { TestClock, testMemory } from "./runtime-fixture.ts";

const key = (name: string, weight = 1): KeyConfig => ({ name, value: `secret-${name}`, weight });

function createPool(...keys: KeyConfig[]) {
  const clock = new TestClock();
  return {
    clock,
    pool: new KeyPool(keys, clock, { rows: testMemory().rows, keyRows: keys.map((_, index) => index) }),
  };
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
    const bad = named(pool, "bad");
    for (const restMs of [30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]) {
      pool.refused(bad);
      clock.nowMs += restMs - 1;
      expect(picks(pool, 3)).toBe("good good good");
      clock.nowMs += 1;
      expect(picks(pool, 3)).toContain("bad");
    }
  });

  test("requests in flight together are one refusal", () => {
    const { pool, clock } = createPool(key("bad"), key("good"));
    const bad = named(pool, "bad");
    for (let request = 0; request < 50; request += 1) pool.refused(bad);
    clock.nowMs += 30_000;
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
