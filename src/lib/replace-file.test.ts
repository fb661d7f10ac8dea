import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFile, replaceFile } from "./replace-file.ts";

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "replace-file-"));
  file = join(folder, "file");
});
afterEach(() => rm(folder, { recursive: true }));

describe("replacing a file", () => {
  test("creates it for its owner alone and leaves nothing beside it", async () => {
    await replaceFile(file, "new");
    expect(await readFile(file, "utf8")).toBe("new");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("keeps the old content when the new one cannot be placed", async () => {
    await rm(folder, { recursive: true });
    await expect(replaceFile(file, "new")).rejects.toMatchObject({ code: "ENOENT" });
    folder = await mkdtemp(join(tmpdir(), "replace-file-"));
    await writeFile(join(folder, "kept"), "old");
    await expect(replaceFile(join(folder, "kept", "below"), "new")).rejects.toMatchObject({
      code: "ENOTDIR",
    });
    expect(await readFile(join(folder, "kept"), "utf8")).toBe("old");
  });

  test("many times at once leaves one whole content", async () => {
    const contents = Array.from({ length: 20 }, (_, index) => String(index % 10).repeat(100_000));
    await Promise.all(contents.map((content) => replaceFile(file, content)));
    expect(contents).toContain(await readFile(file, "utf8"));
    expect(await readdir(folder)).toEqual(["file"]);
  });
});

describe("creating a file", () => {
  test("says whether it did, and never touches what is there", async () => {
    expect(await createFile(file, "first")).toBe(true);
    expect(await createFile(file, "second")).toBe(false);
    expect(await readFile(file, "utf8")).toBe("first");
    expect(await readdir(folder)).toEqual(["file"]);
  });

  test("many times at once succeeds once", async () => {
    const results = await Promise.all(
      Array.from({ length: 20 }, (_, index) => createFile(file, String(index))),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    expect(await readFile(file, "utf8")).toBe(String(results.indexOf(true)));
  });
});
