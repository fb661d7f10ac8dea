// The data folder: made, checked and marked as in use by this process. Knows no file in it but the lock and the pid file.
import { mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Thrown when another process already works in the folder. */
export class DataFolderInUse extends Error {
  constructor(folder: string, pid: string) {
    super(
      `the data folder ${folder} is in use by process ${pid}: stop it, or set MOONGATE_DATA_DIR to another folder`,
    );
    this.name = "DataFolderInUse";
  }
}

export interface DataFolder {
  readonly path: string;
  /** Takes the marks away. */
  release(): Promise<void>;
}

/**
 * Makes the folder if needed, locks it and writes `moongate.pid`.
 * @throws DataFolderInUse; the system's error when the folder cannot be made or written
 */
export async function openDataFolder(path: string, pid: number): Promise<DataFolder> {
  await makeFolder(path);
  const pidFile = join(path, "moongate.pid");
  const lock = await takeLock(path, pidFile);
  await writeFile(pidFile, `${pid}\n`);
  return {
    path,
    release: async () => {
      await rm(pidFile, { force: true });
      lock.close();
    },
  };
}

/** Like `mkdir -p`. Node's own recursive form never returns where a parent exists but takes no folder, as in /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const parent = dirname(path);
    if (code === "EEXIST" && (await stat(path)).isDirectory()) return;
    const parentIsMissing = code === "ENOENT" && (await stat(parent).catch(() => undefined)) === undefined;
    if (!parentIsMissing) throw error;
    await makeFolder(parent);
    await mkdir(path, { mode: 0o700 });
  }
}

/** A lock that the system takes away with the process, however it ends: a pid alone may mean another process by now. */
async function takeLock(path: string, pidFile: string): Promise<DatabaseSync> {
  const file = join(path, "moongate.lock");
  await writeFile(file, "", { flag: "a", mode: 0o600 });
  const lock = new DatabaseSync(file);
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE; COMMIT");
    return lock;
  } catch (error) {
    lock.close();
    if (!(error instanceof Error) || !/locked|busy/i.test(error.message)) throw error;
    const owner = await readFile(pidFile, "utf8").catch(() => "unknown");
    throw new DataFolderInUse(path, owner.trim());
  }
}
