// The data folder: made, checked and marked as in use by this process. Knows no file in it but the pid file.
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";

/** Thrown when another process already works in the folder. */
export class DataFolderInUse extends Error {
  constructor(folder: string, pid: number) {
    super(
      `The data folder ${folder} is in use by process ${pid}: stop it, or set MOONGATE_DATA_DIR to another folder`,
    );
    this.name = "DataFolderInUse";
  }
}

export interface DataFolder {
  readonly path: string;
  /** Takes the mark away. */
  release(): Promise<void>;
}

const pidFileName = "moongate.pid";

/**
 * Makes the folder if needed and writes `moongate.pid`.
 * @throws DataFolderInUse; the system's error when the folder cannot be made or written
 */
export async function openDataFolder(path: string, pid: number): Promise<DataFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  const file = join(path, pidFileName);
  const other = await readPid(file);
  if (other !== undefined && other !== pid && isRunning(other)) throw new DataFolderInUse(path, other);
  const handle = await open(file, "w", 0o644);
  try {
    await handle.writeFile(`${pid}\n`);
  } finally {
    await handle.close();
  }
  return {
    path,
    release: async () => {
      if ((await readPid(file)) === pid) await rm(file, { force: true });
    },
  };
}

async function readPid(file: string): Promise<number | undefined> {
  const text = await readFile(file, "utf8").catch(() => "");
  const pid = Number(text.trim());
  return Number.isInteger(pid) && pid > 0 ? pid : undefined;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
