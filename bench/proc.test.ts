// Decoding of /proc, and the process tree.

import { expect, test } from "vitest";

import { parseCpuList, parseMachineTicks, parseStat, treeOf } from "./proc.ts";

const tail = "S 12 34 34 0 -1 4194560 0 0 0 0 150 30 7 3 20 0 11 0 999 731000000 4096 18446744073709551615";

test.each([
  { name: "a plain name", text: `56 (node) ${tail}` },
  { name: "a name with spaces and parentheses", text: `56 (a) b (c) ${tail}` },
])("stat with $name", ({ text }) => {
  expect(parseStat(text)).toEqual({ pid: 56, parent: 12, cpuTicks: 190, residentPages: 4096 });
});

test.each([
  { name: "nothing", text: "" },
  { name: "no name", text: "56 node S 12" },
  { name: "a line cut short", text: "56 (node) S 12 34" },
])("stat with $name is none", ({ text }) => {
  expect(parseStat(text)).toBeUndefined();
});

test("a tree holds all descendants, whatever their order", () => {
  const stat = (pid: number, parent: number) => ({ pid, parent, cpuTicks: 0, residentPages: 0 });
  const all = [stat(4, 3), stat(3, 2), stat(1, 0), stat(2, 1), stat(9, 1), stat(5, 4)];
  expect(treeOf(2, all).map(({ pid }) => pid)).toEqual([4, 3, 2, 5]);
});

test.each([
  { text: "0", expected: [0] },
  { text: "0-3", expected: [0, 1, 2, 3] },
  { text: "1,4-5\n", expected: [1, 4, 5] },
])("the CPU list $text", ({ text, expected }) => {
  expect(parseCpuList(text)).toEqual(expected);
});

test("the machine's ticks are those of all programs, without idling and interrupts", () => {
  expect(parseMachineTicks("cpu  100 20 3 9999 50 6 7 8 0 0\ncpu0 1 1 1 1\n")).toBe(123);
});
