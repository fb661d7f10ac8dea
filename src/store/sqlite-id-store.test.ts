// The embedded id store: the contract, and what only a file and threads can suffer.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { DatabaseSync } from "node:sqlite";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { idStoreContract } from "./id-store-contract.ts";
import { openSqliteIdStore } from "./sqlite-id-store.ts";

const createFolder = (): Promise<string> => mkdtemp(join(tmpdir(), "moongate-ids-"));
const storeModule = JSON.stringify(new URL("./sqlite-id-store.ts", import.meta.url).href);

idStoreContract("SQLite", async () => {
  const folder = await createFolder();
  return {
    open: (clock) => openSqliteIdStore({ file: join(folder, "ids.db"), clock }),
    remove: () => rm(folder, { recursive: true }),
  };
});

/** Binds ids of its own until it is killed, telling each acknowledged one on stdout. */
const binderCode = `
  import { writeSync } from "node:fs";
  import { openSqliteIdStore } from ${storeModule};
  const [file, name] = process.argv.slice(1);
  const store = openSqliteIdStore({ file, clock: { wallMs: Date.now } });
  for (let number = 0; ; number++) {
    const id = name + "-" + number;
    const place = { family: "dashscope-task", service: "a", key: "main", consumer: "app" };
    store.bind([{ ...place, id, createdMs: Date.now(), expiresMs: Date.now() + 3600000 }]);
    writeSync(1, id + "\\n");
  }
`;

/** A thread that binds its own ids and fights for shared ones, then tells which of the shared ones it holds. */
const threadCode = `
  const { parentPort, workerData } = require("node:worker_threads");
  import(${storeModule}).then(({ openSqliteIdStore }) => {
    const store = openSqliteIdStore({ file: workerData.file, clock: { wallMs: Date.now } });
    const won = [];
    let settled = 0;
    for (let number = 0; number < workerData.count; number++) {
      const times = { createdMs: Date.now(), expiresMs: Date.now() + 3600000 };
      const mine = { service: workerData.name, key: "main", consumer: workerData.name, ...times };
      store.bind([{ family: "dashscope-task", id: workerData.name + number, ...mine }]);
      const [holder] = store.bind([{ family: "comfyui-client", id: "shared" + number, ...mine }]);
      if (holder.consumer === workerData.name) won.push(number);
      if (store.settleOnce({ ...mine, family: "comfyui-client", id: "shared" + number })) settled++;
    }
    store.close();
    parentPort.postMessage({ won, settled });
  });
`;

describe("the file of the embedded id store", () => {
  let folder: string;
  let file: string;
  const open = () => openSqliteIdStore({ file, clock: systemClock });

  beforeEach(async () => {
    folder = await createFolder();
    file = join(folder, "deep", "ids.db");
  });
  afterEach(() => rm(folder, { recursive: true }));

  test("is readable by its owner alone, with its side files", async () => {
    const store = open();
    store.bind([
      { family: "openai-file", id: "1", service: "a", key: "", consumer: "", createdMs: 1, expiresMs: 2 },
    ]);
    const modes = await Promise.all(
      ["", "-wal", "-shm"].map(async (suffix) => (await stat(file + suffix)).mode & 0o777),
    );
    store.close();
    expect(modes).toEqual([0o600, 0o600, 0o600]);
  });

  test.each([
    { name: "a newer version", make: "PRAGMA user_version = 1000", reason: "newer" },
    { name: "another program", make: "CREATE TABLE theirs (a)", reason: "damaged" },
  ])("of $name is refused and left as it is", async ({ make, reason }) => {
    file = join(folder, "ids.db");
    const database = new DatabaseSync(file);
    database.exec(make);
    database.close();
    const before = await readFile(file);
    expect(open).toThrow(expect.objectContaining({ name: "StoreUnavailable", reason }));
    expect(await readFile(file)).toEqual(before);
  });

  test("that is no database is refused, naming it", async () => {
    file = join(folder, "ids.db");
    await writeFile(
      file,
      "not a database at all, but some text that is long enough to be taken for one".repeat(9),
    );
    expect(open).toThrow(expect.objectContaining({ name: "StoreUnavailable", reason: "damaged" }));
    expect(open).toThrow(file);
  });

  test("holds every acknowledged id of two processes after their sudden deaths", async () => {
    for (let cycle = 0; cycle < 3; cycle++) {
      const names = [`left-${cycle}`, `right-${cycle}`];
      const acknowledged = (await Promise.all(names.map((name) => bindUntilKilled(file, name)))).flat();
      const store = open();
      const lost = acknowledged.filter((id) => store.find("dashscope-task", id, "app") === undefined);
      store.close();
      expect(acknowledged.length).toBeGreaterThan(100);
      expect(lost).toEqual([]);
    }
    const database = new DatabaseSync(file);
    expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    database.close();
  });

  test("serves several threads that write at once; each shared id has one holder and is settled once", async () => {
    const count = 200;
    const names = ["one", "two", "three"];
    const results = await Promise.all(
      names.map(async (name) => {
        const worker = new Worker(threadCode, { eval: true, workerData: { file, name, count } });
        // The thread posts exactly this.
        const [message] = (await once(worker, "message")) as [{ won: number[]; settled: number }];
        await worker.terminate();
        return message;
      }),
    );
    const store = open();
    const lost = names.flatMap((name) =>
      Array.from({ length: count }, (_, number) => `${name}${number}`).filter(
        (id) => store.find("dashscope-task", id, name)?.consumer !== name,
      ),
    );
    store.close();
    expect(lost).toEqual([]);
    const won = results.flatMap((result) => result.won).toSorted((a, b) => a - b);
    expect(won).toEqual(Array.from({ length: count }, (_, number) => number));
    expect(results.reduce((sum, result) => sum + result.settled, 0)).toBe(count);
  });
});

/** The ids that a process acknowledged before it was killed. */
async function bindUntilKilled(file: string, name: string): Promise<string[]> {
  const child = spawn(process.execPath, ["--input-type=module", "--eval", binderCode, file, name], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const killAfter = 100 + Math.floor(Math.random() * 200);
  const ids: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    ids.push(line);
    if (ids.length === killAfter) child.kill("SIGKILL");
  }
  expect(await exited).toEqual([null, "SIGKILL"]);
  return ids;
}
