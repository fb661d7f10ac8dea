// How often may be tried: what counts together, and that nothing grows without end.
import { expect, test } from "vitest";
import { createSignInThrottle } from "./sign-in-throttle.ts";
import { TriedTooOften } from "./tried-too-often.ts";

function scene() {
  let nowMs = 0;
  const throttle = createSignInThrottle(() => nowMs);
  const takes = (account: string, address: string): boolean => {
    try {
      throttle.count(account, address);
      return true;
    } catch (error) {
      if (error instanceof TriedTooOften) return false;
      throw error;
    }
  };
  return {
    throttle,
    takes,
    /** How many of `count` tries are taken. */
    taken: (count: number, account: string, address: string) =>
      Array.from({ length: count }, () => takes(account, address)).filter(Boolean).length,
    advance: (milliseconds: number) => {
      nowMs += milliseconds;
    },
  };
}

test("a window slides: each try frees its place after a minute", () => {
  const { takes, taken, advance } = scene();
  expect(taken(3, "ada", "a")).toBe(3);
  advance(30_000);
  expect(taken(3, "ada", "a")).toBe(2);
  advance(30_000);
  expect(taken(5, "ada", "a")).toBe(3);
  advance(29_999);
  expect(takes("ada", "a")).toBe(false);
  advance(1);
  expect(taken(5, "ada", "a")).toBe(2);
});

test("what is refused does not count, so that trying on makes nothing longer", () => {
  const { taken, advance } = scene();
  taken(5, "ada", "a");
  advance(59_999);
  expect(taken(1000, "ada", "a")).toBe(0);
  advance(1);
  expect(taken(9, "ada", "a")).toBe(5);
});

test("an address has 30 tries for all names, others have their own", () => {
  const { taken, takes } = scene();
  const names = Array.from({ length: 50 }, (_, index) => `user-${index}`);
  expect(names.filter((name) => takes(name, "a"))).toHaveLength(30);
  expect(taken(9, "user-49", "b")).toBe(5);
});

test.each([
  ["one IPv6 network of 64 bits", "2001:db8:1:2::1", "2001:db8:1:2:ffff:1:2:3", 0],
  ["two IPv6 networks", "2001:db8:1:2::1", "2001:db8:1:3::1", 5],
  ["two IPv4 addresses", "203.0.113.1", "203.0.113.2", 5],
  ["two IPv4 addresses written as IPv6", "::ffff:203.0.113.1", "::ffff:203.0.113.2", 5],
])("%s", (_name, first, second, left) => {
  const { taken } = scene();
  taken(5, "ada", first);
  expect(taken(5, "ada", second)).toBe(left);
});

test("names that no user can have share one count", () => {
  const { takes } = scene();
  const names = Array.from({ length: 10 }, (_, index) => `no user ${index}`);
  expect(names.filter((name) => takes(name, "a"))).toHaveLength(5);
});

test("a hundred thousand addresses leave nothing behind but the newest", () => {
  const { taken, takes } = scene();
  taken(5, "ada", "first");
  for (let index = 0; index < 100_000; index += 1) takes("ada", `address-${index}`);
  // The oldest was forgotten to bound what is kept; the newest was not.
  expect(taken(9, "ada", "first")).toBe(5);
  expect(taken(9, "ada", "address-99999")).toBe(4);
});
