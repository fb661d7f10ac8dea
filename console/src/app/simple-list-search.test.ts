// What the address of a small list holds.
import { expect, test } from "vitest";
import { readSimpleListSearch } from "./simple-list-search.ts";

test.each([
  [
    { q: "shop", add: true, edit: "a" },
    { q: "shop", add: true, edit: "a" },
  ],
  [{ q: "", add: false, edit: "" }, {}],
  [{ q: 7, add: "yes", other: 1 }, {}],
])("of %j is read %j", (search, expected) => {
  expect(readSimpleListSearch(search)).toEqual(expected);
});
