// The numbers in docs/routing.md are those of the code.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs", "routing.md"), "utf8");

const sources = ["src/gateway", "src/gateway/selectors", "src/gateway/targets"]
  .flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(root, folder, name)))
  .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"))
  .map((path) => readFileSync(path, "utf8"));

/** What a constant is in the code, in every file that has one of this name. */
function constant(name: string): number[] {
  const pattern = new RegExp(String.raw`^(?:export )?const ${name} = ([\d_.]+)(?: / ([\d_.]+))?;$`, "gmu");
  const amount = (digits: string): number => Number(digits.replaceAll("_", ""));
  return sources.flatMap((text) =>
    [...text.matchAll(pattern)].map(([, left = "", right = "1"]) => amount(left) / amount(right)),
  );
}

/** Rows such as "| `a`, `b` | 1,000; 2 | ... |". */
const rows = [...page.matchAll(/^\| (`\w+`(?:, `\w+`)*) \| ([\d.,; ]+) \| /gmu)].flatMap(
  ([, names = "", values = ""]) => {
    const amounts = values.split("; ").map((text) => Number(text.replaceAll(",", "")));
    return names.split(", ").map((name, index) => [name.replaceAll("`", ""), amounts[index]] as const);
  },
);

describe(`${rows.length} numbers of docs/routing.md`, () => {
  test("are found", () => {
    expect(rows.length).toBeGreaterThan(20);
  });

  test.each(rows)("%s is %d", (name, amount) => {
    const known = constant(name);
    expect(known).toHaveLength(1);
    expect(known[0]).toBeCloseTo(amount ?? Number.NaN, 9);
  });
});
