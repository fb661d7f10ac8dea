// The tables of docs/model-choice.md, and those of profiles and reasons in docs/intelligent-routing.md, are the code's.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sizeWords } from "../src/routing/decision/assumed-characteristics.ts";
import { comparisonReasons } from "../src/routing/decision/choose-model.ts";
import { choiceReasons } from "../src/routing/decision/explain-choice.ts";
import { filterReasons } from "../src/routing/decision/filter-reasons.ts";
import { profileWeights } from "../src/routing/decision/profiles.ts";

const guide = readFileSync(join(import.meta.dirname, "intelligent-routing.md"), "utf8");
const page = `${readFileSync(join(import.meta.dirname, "model-choice.md"), "utf8")}\n${guide}`;
const folder = join(import.meta.dirname, "..", "src", "routing", "decision");
const source = readdirSync(folder)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => readFileSync(join(folder, name), "utf8"))
  .join("\n");

/** The cells of the table below this head. */
function table(head: string): string[][] {
  const [, body = ""] = page.split(`\n${head}\n`);
  const rows = body.split("\n\n")[0]?.split("\n").slice(1) ?? [];
  return rows.map((row) =>
    row
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

const words = (cell = ""): string[] => Array.from(cell.matchAll(/`([^`]+)`/gu), ([, word = ""]) => word);

test("profiles", () => {
  const head =
    "| a client asks for | profile | weight of cost | weight of time | may be worse than the default by |";
  const rows = table(head)
    .filter(([, , cost]) => cost !== "")
    .map(([, name, cost, latency, drop]) => [
      words(name)[0],
      { cost: Number(cost), latency: Number(latency), maxQualityDrop: Number(drop?.replace(" points", "")) },
    ]);
  expect(Object.fromEntries(rows)).toEqual(profileWeights);
});

test("words for what speaks against a model, in the order in which they are looked at", () => {
  const rows = table("| word | the model |").map(([word, sentence]) => [words(word)[0], sentence]);
  const said = Object.entries(filterReasons).map(([word, { one }]) => [word, one]);
  expect(rows).toEqual([...said, ...Object.entries(comparisonReasons)]);
});

test("reasons of a choice", () => {
  const rows = table("| reason | when |").flatMap(([reason]) => words(reason));
  expect(rows.toSorted()).toEqual(choiceReasons.toSorted());
  const [, listed = ""] = guide.split("\nReasons: ");
  expect(words(listed.split("\n\n")[0]).toSorted()).toEqual(choiceReasons.toSorted());
});

test("words in names", () => {
  const rows = table("| word | points |").flatMap(([names, points]) =>
    words(names).map((name) => [name, Number(points)] as const),
  );
  expect(Object.fromEntries(rows)).toEqual(sizeWords);
});

describe("numbers", () => {
  const rows = table("| name | value | what |").map(([name, value]) => [
    words(name)[0] ?? "",
    Number(value?.replaceAll(",", "")),
  ]);

  test("are found", () => {
    expect(rows.length).toBeGreaterThan(5);
  });

  test.each(rows)("%s is %d", (name, value) => {
    const known = source.matchAll(new RegExp(String.raw`^(?:export )?const ${name} = ([\d_.]+);$`, "gmu"));
    expect(Array.from(known, ([, digits = ""]) => Number(digits.replaceAll("_", "")))).toEqual([value]);
  });
});
