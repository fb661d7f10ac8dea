import { expect, test } from "vitest";
import { foldedLines } from "./diff-lines.ts";

const lines = (count: number): string => Array.from({ length: count }, (_, index) => `l${index}\n`).join("");
const same = (count: number) => ({ value: lines(count), added: false, removed: false });
const shown = (parts: Parameters<typeof foldedLines>[0]): string =>
  foldedLines(parts)
    .map(({ text, kind }) => (kind === "fold" ? `(${text})` : kind === undefined ? text : kind[0] + text))
    .join(" ");

test("what stays far from a change is folded to its count", () => {
  const parts = [
    same(6),
    { value: "x\ny\n", added: true, removed: false },
    same(9),
    { value: "z\n", added: false, removed: true },
    same(2),
  ];
  expect(shown(parts)).toBe("(3) l3 l4 l5 ax ay l0 l1 l2 (3) l6 l7 l8 rz l0 l1");
});

test("one line is not folded", () => {
  expect(shown([same(4), { value: "x", added: true, removed: false }])).toBe("l0 l1 l2 l3 ax");
});
