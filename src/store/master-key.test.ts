import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { loadMasterKey, MasterKeyRefused, openSealer } from "./master-key.ts";

const keyText = Buffer.alloc(32, 7).toString("base64");
const otherText = Buffer.alloc(32, 8).toString("base64");

let dataDir: string;
let file: string;

beforeEach(async () => {
  const folder = await mkdtemp(join(tmpdir(), "moongate-key-"));
  dataDir = join(folder, "data");
  file = join(dataDir, "master.key");
});
afterEach(() => rm(join(dataDir, ".."), { recursive: true }));

/** Makes the folder and a key file with this content. */
async function writeKeyFile(content: string, mode = 0o600): Promise<void> {
  await loadMasterKey({ dataDir, secretsExist: false });
  await writeFile(file, content);
  await chmod(file, mode);
}

describe("loading the master key", () => {
  test("the first start makes one for its owner alone, the next finds it", async () => {
    const first = await loadMasterKey({ dataDir, secretsExist: false });
    expect(first).toMatchObject({ from: "file", created: true });
    expect(first.key).toHaveLength(32);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(dataDir)).toEqual(["master.key"]);
    const second = await loadMasterKey({ dataDir, secretsExist: true });
    expect(second).toEqual({ key: first.key, from: "file", created: false });
  });

  test("two first starts at once agree on one key", async () => {
    const keys = await Promise.all(
      Array.from({ length: 8 }, () => loadMasterKey({ dataDir, secretsExist: false })),
    );
    expect(new Set(keys.map(({ key }) => key.toString("hex"))).size).toBe(1);
    expect(keys.filter(({ created }) => created)).toHaveLength(1);
  });

  test("the environment goes before the file and leaves no file", async () => {
    const loaded = await loadMasterKey({ dataDir, fromEnvironment: keyText, secretsExist: true });
    expect(loaded).toEqual({ key: Buffer.alloc(32, 7), from: "environment", created: false });
    await expect(readdir(dataDir)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("an empty variable counts as none", async () => {
    expect(await loadMasterKey({ dataDir, fromEnvironment: "", secretsExist: false })).toMatchObject({
      from: "file",
    });
  });

  test.each([
    { name: "too short", value: Buffer.alloc(31).toString("base64") },
    { name: "too long", value: Buffer.alloc(33).toString("base64") },
    { name: "no base64", value: "correct horse battery staple correct horse ba" },
    { name: "hex", value: Buffer.alloc(32).toString("hex") },
  ])("a value that is $name is refused in variable and file, without repeating it", async ({ value }) => {
    await writeKeyFile(value);
    for (const fromEnvironment of [value, undefined]) {
      const refusal: unknown = await loadMasterKey({ dataDir, fromEnvironment, secretsExist: false }).catch(
        (error) => error,
      );
      expect(refusal).toBeInstanceOf(MasterKeyRefused);
      expect(String(refusal)).toContain("32 bytes in base64");
      expect(String(refusal)).not.toContain(value);
    }
    expect(await readFile(file, "utf8")).toBe(value);
  });

  test.each([0o640, 0o604, 0o620, 0o666])("a file of mode %o is refused with the remedy", async (mode) => {
    await writeKeyFile(keyText, mode);
    await expect(loadMasterKey({ dataDir, secretsExist: false })).rejects.toThrow(`chmod 600 ${file}`);
  });

  test("a missing file is not made up while secrets exist", async () => {
    await expect(loadMasterKey({ dataDir, secretsExist: true })).rejects.toThrow(
      /missing.*Restore.*MOONGATE_MASTER_KEY/,
    );
    await expect(stat(file)).rejects.toMatchObject({ code: "ENOENT" });
  });
});

describe("the key of a store", () => {
  const key = Buffer.from(keyText, "base64");
  const otherKey = Buffer.from(otherText, "base64");

  function fakeStore() {
    const values = new Map<string, string>();
    return {
      instance: "default",
      getMeta: async (name: string) => values.get(name),
      setMeta: async (name: string, value: string) => void values.set(name, value),
    };
  }

  test("is known again", async () => {
    const store = fakeStore();
    const sealed = (await openSealer(key, store, false)).seal("secret", "here");
    expect((await openSealer(key, store, true)).open(sealed, "here")).toBe("secret");
  });

  test("another one is refused while secrets exist", async () => {
    const store = fakeStore();
    await openSealer(key, store, false);
    await expect(openSealer(otherKey, store, true)).rejects.toThrow(MasterKeyRefused);
    await openSealer(key, store, true);
  });

  test("another one takes over as long as there are no secrets", async () => {
    const store = fakeStore();
    await openSealer(key, store, false);
    await openSealer(otherKey, store, false);
    await openSealer(otherKey, store, true);
    await expect(openSealer(key, store, true)).rejects.toThrow(MasterKeyRefused);
  });
});
