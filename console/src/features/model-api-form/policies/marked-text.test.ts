import { expect, test } from "vitest";
import { markedPieces, type Find } from "./marked-text.ts";

const find = (check: string, start: number, end: number, action = "block"): Find => ({
  check,
  start,
  end,
  action,
});
const written = (text: string, finds: readonly Find[]): string[] =>
  markedPieces(text, finds).map(({ text: piece, checks, action }) => [piece, ...checks, action].join("|"));

test.each<[string, readonly Find[], readonly string[]]>([
  ["nothing found", [], ["abcdef|"]],
  ["in the middle", [find("a", 2, 4)], ["ab|", "cd|a|block", "ef|"]],
  ["the whole text", [find("a", 0, 6, "mask")], ["abcdef|a|mask"]],
  [
    "two that overlap",
    [find("a", 0, 3, "observe"), find("b", 2, 5, "mask")],
    ["ab|a|observe", "c|a|b|mask", "de|b|mask", "f|"],
  ],
  ["twice by one check", [find("a", 0, 2), find("a", 0, 2)], ["ab|a|block", "cdef|"]],
  ["beyond the end", [find("a", 4, 99)], ["abcd|", "ef|a|block"]],
])("%s", (_name, finds, pieces) => {
  expect(written("abcdef", finds)).toEqual(pieces);
});
