import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { contentHash } from "./content-hash.ts";
import { createFileWatch, pollEvery } from "./watch-file.ts";
import type { FileWatch, NamedFiles } from "./watch-file.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "moongate-watch-"));
  file = join(folder, "gateway.yaml");
  await writeFile(file, "one");
});
afterEach(() => rm(folder, { recursive: true }));

/** A watch that started with the content `one` and collects what it takes. */
function startWatch(
  options: { named?: NamedFiles; onChange?: (content: string) => Promise<NamedFiles> } = {},
) {
  const changes: string[] = [];
  const problems: string[] = [];
  const watch = createFileWatch({
    file,
    taken: { content: Buffer.from("one"), named: options.named ?? new Map() },
    onChange: async (content) => {
      changes.push(content.toString());
      return (await options.onChange?.(content.toString())) ?? new Map();
    },
    onProblem: (message) => problems.push(message),
  });
  return { ...watch, changes, problems };
}

async function pollTimes(watch: FileWatch, times: number): Promise<void> {
  for (let count = 0; count < times; count += 1) await watch.poll();
}

const replaceBy = async (content: string): Promise<void> => {
  await writeFile(`${file}.new`, content);
  await rename(`${file}.new`, file);
};

describe("a change", () => {
  test("is nothing while the content stays, also when it is written again", async () => {
    const watch = startWatch();
    await pollTimes(watch, 2);
    await writeFile(file, "one");
    await replaceBy("one");
    await pollTimes(watch, 3);
    expect(watch.changes).toEqual([]);
  });

  test.each([
    { name: "written in place", change: () => writeFile(file, "two") },
    { name: "moved over the old file", change: () => replaceBy("two") },
    {
      name: "removed and created",
      change: async () => {
        await rm(file);
        await writeFile(file, "two");
      },
    },
  ])("$name is taken with the second equal look, once", async ({ change }) => {
    const watch = startWatch();
    await change();
    await watch.poll();
    expect(watch.changes).toEqual([]);
    await watch.poll();
    expect(watch.changes).toEqual(["two"]);
    await pollTimes(watch, 3);
    expect(watch.changes).toEqual(["two"]);
  });

  test("by swapping a symbolic link to a folder, as Kubernetes does, is taken", async () => {
    await mkdir(join(folder, "v1"));
    await mkdir(join(folder, "v2"));
    await writeFile(join(folder, "v1", "gateway.yaml"), "one");
    await writeFile(join(folder, "v2", "gateway.yaml"), "two");
    await symlink("v1", join(folder, "current"));
    await rm(file);
    await symlink(join("current", "gateway.yaml"), file);
    const watch = startWatch();
    await pollTimes(watch, 2);
    expect(watch.changes).toEqual([]);
    await symlink("v2", join(folder, "next"));
    await rename(join(folder, "next"), join(folder, "current"));
    await pollTimes(watch, 2);
    expect(watch.changes).toEqual(["two"]);
  });

  test("still being written is not taken before it rests", async () => {
    const watch = startWatch();
    for (const content of ["t", "tw", "two"]) {
      await writeFile(file, content);
      await watch.poll();
    }
    expect(watch.changes).toEqual([]);
    await watch.poll();
    expect(watch.changes).toEqual(["two"]);
  });

  test("that is taken back before the second look is none", async () => {
    const watch = startWatch();
    await writeFile(file, "two");
    await watch.poll();
    await writeFile(file, "one");
    await pollTimes(watch, 2);
    await writeFile(file, "two");
    await watch.poll();
    expect(watch.changes).toEqual([]);
  });

  test("back to the first content is taken like any other", async () => {
    const watch = startWatch();
    await writeFile(file, "two");
    await pollTimes(watch, 2);
    await writeFile(file, "one");
    await pollTimes(watch, 2);
    expect(watch.changes).toEqual(["two", "one"]);
  });
});

describe("a file that is away", () => {
  test("changes nothing, is told once, and is followed again when it is back", async () => {
    const watch = startWatch();
    await rm(file);
    await watch.poll();
    expect(watch.problems).toEqual([]);
    await pollTimes(watch, 3);
    expect(watch.problems).toEqual([expect.stringContaining(file)]);
    await writeFile(file, "one");
    await pollTimes(watch, 2);
    expect(watch.changes).toEqual([]);
    await writeFile(file, "two");
    await pollTimes(watch, 2);
    expect(watch.changes).toEqual(["two"]);
  });

  test("between two equal looks makes the second the first again", async () => {
    const watch = startWatch();
    await writeFile(file, "two");
    await watch.poll();
    await rm(file);
    await watch.poll();
    await writeFile(file, "two");
    await watch.poll();
    expect(watch.changes).toEqual([]);
    await watch.poll();
    expect(watch.changes).toEqual(["two"]);
  });
});

describe("files that the document names", () => {
  const keyFile = (): string => join(folder, "key.txt");
  const namedNow = (content: string | undefined): NamedFiles =>
    new Map([[keyFile(), contentHash(content === undefined ? undefined : Buffer.from(content))]]);

  test("count as the document: a change of one is taken with the second equal look", async () => {
    await writeFile(keyFile(), "key one");
    const watch = startWatch({ named: namedNow("key one"), onChange: async () => namedNow("key two") });
    await pollTimes(watch, 2);
    expect(watch.changes).toEqual([]);
    await writeFile(keyFile(), "key two");
    await pollTimes(watch, 4);
    expect(watch.changes).toEqual(["one"]);
  });

  test("that were missing are noticed when they appear", async () => {
    const watch = startWatch({ named: namedNow(undefined), onChange: async () => namedNow("key") });
    await pollTimes(watch, 2);
    await writeFile(keyFile(), "key");
    await pollTimes(watch, 2);
    expect(watch.changes).toEqual(["one"]);
  });

  test("that changed while the document was taken are taken again", async () => {
    await writeFile(keyFile(), "key two");
    const read = ["key one", "key two"];
    const watch = startWatch({ onChange: async () => namedNow(read.shift()) });
    await writeFile(file, "two");
    await pollTimes(watch, 6);
    expect(watch.changes).toEqual(["two", "two"]);
  });
});

test("a change that could not be taken comes again until it could", async () => {
  let failures = 2;
  const watch = startWatch({
    onChange: async () => {
      failures -= 1;
      if (failures >= 0) throw new Error("disk full");
      return new Map();
    },
  });
  await writeFile(file, "two");
  await pollTimes(watch, 6);
  expect(watch.changes).toEqual(["two", "two", "two"]);
  expect(watch.problems).toHaveLength(2);
});

test("polls follow each other with the whole interval between, until stopped", async () => {
  const waiting: (() => void)[] = [];
  const cancelled = vi.fn<() => void>();
  let finish = (): void => undefined;
  const poll = vi.fn<() => Promise<void>>(
    () =>
      new Promise((resolve) => {
        finish = resolve;
      }),
  );
  const delays: number[] = [];
  const stop = pollEvery(1000, { poll }, (delayMs, run) => {
    delays.push(delayMs);
    waiting.push(run);
    return cancelled;
  });
  expect(poll).not.toHaveBeenCalled();
  waiting.shift()?.();
  expect(poll).toHaveBeenCalledTimes(1);
  expect(waiting).toEqual([]);
  finish();
  await expect.poll(() => waiting).toHaveLength(1);
  expect(delays).toEqual([1000, 1000]);
  stop();
  expect(cancelled).toHaveBeenCalledTimes(1);
  waiting.shift()?.();
  finish();
  await Promise.resolve();
  expect(waiting).toEqual([]);
});
