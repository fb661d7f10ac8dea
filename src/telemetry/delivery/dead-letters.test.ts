// Dead letters: a line each, and never more than their bound.
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recordOf } from "../../../test/support/exchange-record.ts";
import { openDeadLetters } from "./dead-letters.ts";

let dir = "";
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "moongate-dead-letters-"));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test("the newest stay within the bound", () => {
  const letters = openDeadLetters(dir, "hook", 20_000);
  const file = join(dir, "dead-letters", "hook.jsonl");
  for (let index = 0; index < 100; index += 1) {
    const record = recordOf({ requestId: `r${index}` });
    letters.add({ at: "2030-01-01T00:00:00.000Z", part: "records", reason: "no", record });
    const sizes = [file, `${file}.1`].map((path) => statSync(path, { throwIfNoEntry: false })?.size ?? 0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(20_000);
  }
  const ids = [`${file}.1`, file].flatMap((path) =>
    readFileSync(path, "utf8")
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { record: { requestId: string } }).record.requestId),
  );
  expect(ids.at(-1)).toBe("r99");
  expect(ids).toEqual(Array.from({ length: ids.length }, (_, index) => `r${100 - ids.length + index}`));
  expect(ids.length).toBeGreaterThan(10);
});

test("a letter that a full disk has torn takes no other with it", () => {
  const letters = openDeadLetters(dir, "hook");
  const file = join(dir, "dead-letters", "hook.jsonl");
  const add = (requestId: string) =>
    letters.add({ at: "", part: "records", reason: "no", record: recordOf({ requestId }) });
  add("one");
  appendFileSync(file, '{"at":"2030-01-01T00:00');
  add("two");
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  expect(JSON.parse(lines[2] ?? "")).toMatchObject({ record: { requestId: "two" } });
});
