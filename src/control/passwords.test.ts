// Passwords as slow hashes: what is stored, and that many at once neither stall nor pile up.
import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { createPasswords } from "./passwords.ts";
import { TriedTooOften } from "./tried-too-often.ts";

const quick = createPasswords(randomBytes, { N: 2 ** 4, r: 8, p: 1 });

test("a hash says its cost, has a salt of its own, and knows its password again", async () => {
  const passwords = createPasswords(randomBytes);
  const [first, second] = [await passwords.hash("long enough"), await passwords.hash("long enough")];
  expect(first).toMatch(/^scrypt\$32768\$8\$1\$[\w-]{22}\$[\w-]{43}$/u);
  expect(second).not.toBe(first);
  expect(await passwords.verify("long enough", first)).toBe(true);
  expect(await passwords.verify("long enougH", first)).toBe(false);
});

test("a hash of another cost is compared at its own", async () => {
  const stored = await createPasswords(randomBytes, { N: 2 ** 5, r: 4, p: 2 }).hash("long enough");
  expect(stored).toMatch(/^scrypt\$32\$4\$2\$/u);
  expect(await quick.verify("long enough", stored)).toBe(true);
});

test.each([
  ["no hash", undefined],
  ["an empty text", ""],
  ["a SHA-256", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  ["the password itself", "long enough"],
  ["a hash without its end", "scrypt$16$8$1$AAAA"],
])("nothing is the password of %s", async (_name, stored) => {
  expect(await quick.verify("long enough", stored)).toBe(false);
});

test("of very many at once the last are sent away, and all others are served", async () => {
  const stored = await quick.hash("long enough");
  const tries = Array.from({ length: 60 }, () => quick.verify("long enough", stored));
  const ends = await Promise.allSettled(tries);
  expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(52);
  const reasons = ends.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
  expect(reasons.every((reason) => reason instanceof TriedTooOften)).toBe(true);
  expect(await quick.verify("long enough", stored)).toBe(true);
});

test("the thread is free while hashes are made", async () => {
  let turns = 0;
  const timer = setInterval(() => (turns += 1), 1);
  const passwords = createPasswords(randomBytes);
  await Promise.all(Array.from({ length: 4 }, () => passwords.hash("long enough")));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
});
