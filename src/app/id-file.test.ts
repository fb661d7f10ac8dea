import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { expiryOf } from "../core/id-families.ts";
import type { IdOwner } from "../core/id-owner.ts";
import { openIdFile, startSweeping } from "./id-file.ts";

let folder: string;
let file: string;
let nowMs: number;
const clock = { wallMs: () => nowMs, monotonicMs: () => nowMs };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "id-file-"));
  file = join(folder, "ids.db");
  nowMs = Date.UTC(2027, 0, 1);
});
afterEach(async () => {
  vi.useRealTimers();
  await rm(folder, { recursive: true });
});

function ownerOf(id: string): IdOwner {
  const expiresMs = expiryOf("dashscope-task", nowMs);
  const place = { service: "s", key: "k", consumer: "c" };
  return { family: "dashscope-task", id, ...place, createdMs: nowMs, expiresMs };
}

test("a file that is no store is reported, and only who needs an id notices", async () => {
  await writeFile(file, "this is no database, and long enough to be seen as none".repeat(50));
  const problems: Error[] = [];
  const ids = openIdFile({ file, clock, onProblem: (error) => problems.push(error) });
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toContain(file);
  expect(ids.bind([])).toEqual([]);
  expect(() => ids.find("dashscope-task", "t", "c")).toThrow(problems[0]);
  expect(() => ids.bind([ownerOf("t")])).toThrow(problems[0]);
  ids.close();
});

test("what has expired is swept once a minute, however much it is, until the end", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  const onProblem = (error: Error): never => {
    throw error;
  };
  const ids = openIdFile({ file, clock, onProblem });
  ids.bind(Array.from({ length: 1_200 }, (_, index) => ownerOf(`old-${index}`)));
  const swept = vi.spyOn(ids, "sweep");
  const stop = startSweeping(ids, onProblem);
  nowMs = expiryOf("dashscope-task", nowMs);
  vi.advanceTimersByTime(60_000);
  await expect.poll(() => swept.mock.results.map(({ value }) => value as number)).toEqual([500, 500, 200]);
  stop();
  vi.advanceTimersByTime(600_000);
  expect(swept).toHaveBeenCalledTimes(3);
  ids.close();
});
