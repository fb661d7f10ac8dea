// A sink's file: lines, turning over, being moved away, a disk that takes nothing.
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { recordOf } from "../../../test/support/exchange-record.ts";
import { FileReceiver } from "./file-receiver.ts";

let dir = "";
let file = "";
let receiver: FileReceiver;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "moongate-file-sink-"));
  file = join(dir, "sub", "requests.jsonl");
  receiver = new FileReceiver({ file, maxBytes: 2_000, keep: 2 });
});
afterEach(async () => {
  await receiver.close();
  rmSync(dir, { recursive: true, force: true });
});

const one = (requestId: string) => recordOf({ requestId });

function idsIn(path: string): string[] {
  return readFileSync(path, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => (JSON.parse(line) as { requestId: string }).requestId);
}

test("records are lines of a file that is made when it is missing", async () => {
  expect(await receiver.deliver([one("a"), one("b")])).toMatchObject({ kind: "taken" });
  expect(idsIn(file)).toEqual(["a", "b"]);
});

test("a full file is turned over; the oldest goes", async () => {
  const ids = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
  for (const id of ids) await receiver.deliver([one(id)]);
  const files = [`${file}.2`, `${file}.1`, file].map(idsIn);
  expect(files.flat().at(-1)).toBe("i");
  expect(files.every((kept) => kept.length > 0)).toBe(true);
  expect(files.flat()).toEqual(ids.slice(-files.flat().length));
  expect(existsSync(`${file}.3`)).toBe(false);
});

test("nothing is kept where nothing is to be kept", async () => {
  const alone = new FileReceiver({ file, maxBytes: 1_000, keep: 0 });
  for (const id of ["a", "b", "c"]) await alone.deliver([one(id)]);
  await alone.close();
  expect(idsIn(file)).toEqual(["c"]);
  expect(existsSync(`${file}.1`)).toBe(false);
});

test("a file that was moved away is made anew", async () => {
  await receiver.deliver([one("a")]);
  renameSync(file, `${file}.old`);
  await receiver.deliver([one("b")]);
  expect([idsIn(`${file}.old`), idsIn(file)]).toEqual([["a"], ["b"]]);
});

test("a link at the end of the path is not followed", async () => {
  const target = join(dir, "moongate.db");
  writeFileSync(target, "precious");
  const link = join(dir, "requests.jsonl");
  symlinkSync(target, link);
  const through = new FileReceiver({ file: link, maxBytes: 2_000, keep: 2 });
  expect(await through.deliver([one("a")])).toMatchObject({ kind: "later" });
  expect(readFileSync(target, "utf8")).toBe("precious");
});

test("what cannot be written is tried later, and told without the path", async () => {
  writeFileSync(join(dir, "sub"), "a file in the place of the folder");
  const delivered = await receiver.deliver([one("a")]);
  expect(delivered).toMatchObject({
    kind: "later",
    message: expect.stringMatching(/^The file cannot be written \(E[A-Z]+\)\.$/),
  });
});
