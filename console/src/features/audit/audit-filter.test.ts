// The filters of the audit log, from the address to a question.
import { expect, test } from "vitest";
import { filterOf, isFiltered, questionOf } from "./audit-filter.ts";

test("what is in the address is asked; what opens an entry is no filter", () => {
  const search = { actor: ["user:ada", "token:ci"], kind: "users", range: "1h", entry: 4 };
  expect(questionOf(search, Date.parse("2026-11-22T12:00:30Z"))).toEqual({
    search: undefined,
    actor: "user:ada,token:ci",
    action: undefined,
    result: undefined,
    kind: "users",
    name: undefined,
    from: "2026-11-22T11:00:00.000Z",
  });
  expect(filterOf(search)).toEqual({ actor: ["user:ada", "token:ci"], kind: "users", range: "1h" });
  expect(isFiltered({ entry: 4 })).toBe(false);
});

test("a span that nobody offers is all of time", () => {
  expect(questionOf({ range: "toString" }, 0)["from"]).toBeUndefined();
});
