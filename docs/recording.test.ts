// What the page about recording says is masked is what the tables mask.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { personalShapes } from "../src/core/redaction/personal-data.ts";
import { secretShapes } from "../src/core/redaction/secret-shapes.ts";

const page = readFileSync(new URL("recording.md", import.meta.url), "utf8");

test("every shape stands in the page with its mask, in the order of the tables, and no other does", () => {
  const rows = Array.from(page.matchAll(/^\| ([^|`]+) \| `(<[a-z-]+>)` \|/gm), ([, name, mask]) => [
    name,
    mask,
  ]);
  expect(rows).toEqual([...secretShapes, ...personalShapes].map(({ name, mask }) => [name, mask]));
});
