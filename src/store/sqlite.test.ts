// The embedded store: the contract, and what only a file can suffer (kill, full disk, foreign and newer files).
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { asStoreFailure } from "./sqlite-failure.ts";
import { openSqliteStore } from "./sqlite.ts";
import { auditStoreContract } from "./audit-store-contract.ts";
import { storeContract, type StorePlace } from "./store-contract.ts";
import { StoreUnavailable } from "./store-unavailable.ts";

const createFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "moongate-store-"));
const sqliteModule = JSON.stringify(new URL("./sqlite.ts", import.meta.url).href);

const createPlace = async (): Promise<StorePlace> => {
  const folder = await createFolder();
  return {
    open: (instance, clock) =>
      openSqliteStore({ file: join(folder, "store.db"), instance, clock, pollMs: 5 }),
    remove: () => rm(folder, { recursive: true }),
  };
};

storeContract("SQLite", createPlace);
auditStoreContract("SQLite", createPlace);

/** Writes revisions of three resources each until it is killed or refused, telling each acknowledged one on stdout. */
const writerCode = `
  import { openSqliteStore } from ${sqliteModule};
  const clock = { monotonicMs: () => 0, wallMs: () => 0 };
  const store = await openSqliteStore({ file: process.argv[1], instance: "default", clock });
  const padding = "x".repeat(2000);
  let number = await store.revision();
  for (;;) {
    number += 1;
    const changes = ["a", "b", "c"].map((name) =>
      ({ action: "put", kind: "services", name, body: { number, padding }, managedBy: "api" }));
    try {
      await store.write(changes, "writer");
    } catch (error) {
      process.stdout.write("refused " + error.name + " " + (await store.revision()) + "\\n");
      break;
    }
    process.stdout.write(number + "\\n");
  }
`;

const writerArguments = ["--input-type=module", "--eval", writerCode];

describe("the file of the embedded store", () => {
  let folder: string;
  let file: string;
  const open = () => openSqliteStore({ file, instance: "default", clock: systemClock });

  beforeEach(async () => {
    folder = await createFolder();
    file = join(folder, "deep", "store.db");
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("is readable by its owner alone, with its side files", async () => {
    const store = await open();
    await store.setMeta("key", "value");
    const modes = await Promise.all(
      ["", "-wal", "-shm"].map(async (suffix) => (await stat(file + suffix)).mode & 0o777),
    );
    await store.close();
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });

  test("of a newer version is refused and left as it is", async () => {
    await (await open()).close();
    const database = new DatabaseSync(file);
    database.exec("UPDATE schema_version SET version = 1000");
    database.close();
    const before = await readFile(file);
    await expect(open()).rejects.toMatchObject({ name: "StoreUnavailable", reason: "newer" });
    expect(await readFile(file)).toEqual(before);
  });

  test.each<{ name: string; content: () => Promise<void> }>([
    {
      name: "that is no database",
      content: () => writeFile(join(folder, "other"), "not a database ".repeat(100)),
    },
    {
      name: "of another program",
      content: async () => {
        const database = new DatabaseSync(join(folder, "other"));
        database.exec("CREATE TABLE songs (title TEXT)");
        database.close();
      },
    },
  ])("$name is refused and left as it is", async ({ content }) => {
    await content();
    file = join(folder, "other");
    const before = await readFile(file);
    await expect(open()).rejects.toMatchObject({ name: "StoreUnavailable", reason: "damaged" });
    expect(await readFile(file)).toEqual(before);
  });

  test("in a place that cannot hold one is refused, naming the place", async () => {
    await writeFile(join(folder, "deep"), "a file where the folder should be");
    await expect(open()).rejects.toThrow(StoreUnavailable);
    await expect(open()).rejects.toThrow(file);
  });

  test("loses nothing acknowledged and keeps whole revisions over sudden deaths of the process", async () => {
    let acknowledged = 0;
    for (let cycle = 0; cycle < 12; cycle += 1) {
      const child = spawn(process.execPath, [...writerArguments, file], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const exited = once(child, "exit");
      const killAfter = 1 + Math.floor(Math.random() * 60);
      let lines = 0;
      for await (const line of createInterface(child.stdout)) {
        acknowledged = Number(line);
        lines += 1;
        if (lines === killAfter) child.kill("SIGKILL");
      }
      expect(await exited).toEqual([null, "SIGKILL"]);

      const store = await open();
      const revision = await store.revision();
      const numbers = (await store.list()).map((resource) => resource.body["number"]);
      const changes = await store.changesBetween(0, revision);
      await store.close();
      expect(revision).toBeGreaterThanOrEqual(acknowledged);
      expect(numbers).toEqual([revision, revision, revision]);
      expect(changes).toHaveLength(revision * 3);
      const database = new DatabaseSync(file);
      expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
      database.close();
    }
  });

  // A limit on file size fails the write in the kernel, as a full disk does; there is no such limit on Windows.
  test.skipIf(process.platform === "win32")(
    "that may not grow refuses the write and keeps what it had",
    async () => {
      const command = `ulimit -f 200; exec "$0" "$@"`;
      const child = spawn("sh", ["-c", command, process.execPath, ...writerArguments, file], {
        stdio: ["ignore", "pipe", "inherit"],
      });
      const lines: string[] = [];
      for await (const line of createInterface(child.stdout)) lines.push(line);
      const acknowledged = lines.length - 1;
      expect(acknowledged).toBeGreaterThan(0);
      expect(lines.at(-1)).toBe(`refused StoreUnavailable ${acknowledged}`);

      const store = await open();
      expect(await store.revision()).toBe(acknowledged);
      expect((await store.list()).map((resource) => resource.body["number"])).toEqual(
        Array(3).fill(acknowledged),
      );
      await store.write([{ action: "delete", kind: "services", name: "a" }], "ana");
      await store.close();
    },
  );
});

describe("failures of SQLite and the file system", () => {
  test.each([
    { name: "full disk", error: { errcode: 13 }, reason: "full" },
    { name: "failed write", error: { errcode: 778 }, reason: "failed" },
    { name: "read-only database", error: { errcode: 8 }, reason: "read-only" },
    { name: "read-only folder", error: { errcode: 1544 }, reason: "read-only" },
    { name: "lock held too long", error: { errcode: 5 }, reason: "busy" },
    { name: "damaged page", error: { errcode: 11 }, reason: "damaged" },
    { name: "full disk while creating", error: { syscall: "open", code: "ENOSPC" }, reason: "full" },
    { name: "forbidden folder", error: { syscall: "mkdir", code: "EACCES" }, reason: "read-only" },
    { name: "missing drive", error: { syscall: "mkdir", code: "ENOENT" }, reason: "unreachable" },
  ])("$name is told as $reason", ({ error, reason }) => {
    const failure = asStoreFailure(Object.assign(new Error("low level"), error), "store.db");
    expect(failure).toMatchObject({ name: "StoreUnavailable", reason });
  });

  test.each([
    { name: "a broken constraint", error: Object.assign(new Error("UNIQUE"), { errcode: 1555 }) },
    { name: "another error", error: new TypeError("not ours") },
  ])("$name stays what it is", ({ error }) => {
    expect(asStoreFailure(error, "store.db")).toBe(error);
  });
});
