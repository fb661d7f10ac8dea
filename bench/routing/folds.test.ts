// Rows that are learnt from and rows that are judged never share a prompt.
import { expect, it } from "vitest";
import { foldsOf, nearDuplicates, splitsOf } from "./folds.ts";

const row = (prompt: string) => ({ prompt, topic: "t", worth: {} });
const long =
  "A train leaves the station at noon and travels sixty miles before it stops for the first time that day";

it("puts nearly the same words in one group, and others in their own", () => {
  const prompts = [
    long,
    `${long}.`,
    long.toUpperCase(),
    "How do plants make sugar out of light and air and water?",
  ];
  const [first, second, third, other] = nearDuplicates(prompts.map(row));
  expect(second).toBe(first);
  expect(third).toBe(first);
  expect(other).not.toBe(first);
});

it("judges every row once, never beside one of its group", () => {
  const groups = Array.from({ length: 100 }, (_, place) => Math.floor(place / 3));
  const splits = splitsOf(foldsOf(groups, 5, 1), 5);
  expect(splits.flatMap(({ judged }) => judged).toSorted((left, right) => left - right)).toEqual([
    ...groups.keys(),
  ]);
  for (const { fit, judged } of splits) {
    const learnt = new Set(fit.map((place) => groups[place]));
    expect(judged.some((place) => learnt.has(groups[place]))).toBe(false);
  }
});

it("deals otherwise for another seed, and the same for the same", () => {
  const groups = Array.from({ length: 100 }, (_, place) => place);
  expect(foldsOf(groups, 5, 1)).toEqual(foldsOf(groups, 5, 1));
  expect(foldsOf(groups, 5, 1)).not.toEqual(foldsOf(groups, 5, 2));
});
