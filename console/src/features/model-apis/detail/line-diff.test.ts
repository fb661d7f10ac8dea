// The diff that the history shows: what changed, with its surroundings, and nothing else.
import { expect, test } from "vitest";
import { lineDiff } from "./line-diff.ts";

const text = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `line ${from + index}\n`).join("");

test("a changed line is shown as removed and added, between three kept lines on each side", () => {
  const before = text(1, 20);
  const after = before.replace("line 10\n", "line ten\n");
  const shown = lineDiff(before, after);
  expect(shown.map(({ change }) => change)).toEqual([
    "folded",
    ...Array.from({ length: 3 }, () => "kept"),
    "removed",
    "added",
    ...Array.from({ length: 3 }, () => "kept"),
    "folded",
  ]);
  expect([shown[0]?.hidden, shown.at(-1)?.hidden]).toEqual([6, 7]);
  expect(shown.find(({ change }) => change === "added")?.text).toBe("line ten");
});

test("two texts that are the same are one fold", () => {
  expect(lineDiff(text(1, 5), text(1, 5))).toEqual([{ change: "folded", text: "", hidden: 5 }]);
});

test("an object that did not exist is all added", () => {
  expect(lineDiff("", text(1, 2)).map(({ change }) => change)).toEqual(["added", "added"]);
});
