// What a simulator keeps is bounded: in things, in bytes, in credentials.
import { expect, test } from "vitest";
import { Accounts, perAccount } from "./account.ts";
import { RefusedRequest } from "./refused-request.ts";
import { Shelf } from "./shelf.ts";

const mib = 1024 * 1024;

function accountOf(accounts: Accounts, key: string): ReturnType<Accounts["of"]> {
  return accounts.of({ authorization: `Bearer ${key}` }, new URLSearchParams());
}

test("an account is told by its credential, in whatever header it comes", () => {
  const accounts = new Accounts();
  const account = accountOf(accounts, "k");
  expect(accounts.of({ "x-api-key": "k" }, new URLSearchParams())).toBe(account);
  expect(accounts.of({}, new URLSearchParams("key=k"))).toBe(account);
  expect(accountOf(accounts, "other")).not.toBe(account);
  expect(account.name).not.toContain("k".repeat(2));
});

test("the oldest things make room for new ones, in bytes and in number", () => {
  const shelf = new Shelf(accountOf(new Accounts(), "k"));
  for (const id of ["a", "b", "c"]) shelf.put({ id }, 50 * mib);
  expect(shelf.list()).toEqual([{ id: "b" }, { id: "c" }]);
  shelf.put({ id: "b" }, 60 * mib);
  expect(shelf.list()).toEqual([{ id: "c" }, { id: "b" }]);
  for (let index = 0; index < 2_000; index += 1) shelf.put({ id: String(index) }, 0);
  expect([shelf.list().length, shelf.find("b")]).toEqual([2_000, undefined]);
  shelf.put({ id: "whole" }, 128 * mib);
  expect(() => new Shelf(accountOf(new Accounts(), "k")).put({ id: "x" }, 129 * mib)).toThrow(RefusedRequest);
});

test("an account pushes nothing out of another one, and is refused when there is no room", () => {
  const accounts = new Accounts();
  const one = new Shelf(accountOf(accounts, "one"));
  const two = new Shelf(accountOf(accounts, "two"));
  one.put({ id: "a" }, 100 * mib);
  expect(() => two.put({ id: "b" }, 100 * mib)).toThrow(RefusedRequest);
  one.delete("a");
  two.put({ id: "b" }, 100 * mib);
  expect([one.list(), two.list()]).toEqual([[], [{ id: "b" }]]);
});

test("the credential that was idle for longest goes, and what it held is free", () => {
  const accounts = new Accounts();
  const stateOf = perAccount(() => ({}));
  const first = stateOf(accountOf(accounts, "first"));
  new Shelf(accountOf(accounts, "held")).put({ id: "a" }, 128 * mib);
  for (let index = 0; index < 999; index += 1) {
    accountOf(accounts, String(index));
    if (index === 500) expect(stateOf(accountOf(accounts, "first"))).toBe(first);
  }
  new Shelf(accountOf(accounts, "new")).put({ id: "a" }, 128 * mib);
  expect(stateOf(accountOf(accounts, "first"))).toBe(first);
});
