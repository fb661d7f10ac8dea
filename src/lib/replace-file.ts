// Puts a file in place whole and durably: a reader, or a power cut, finds the old content or the new, nothing between.
import { randomUUID } from "node:crypto";
import { link, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

const ownerOnly = 0o600;

/** Makes the names of a folder durable; a no-op where folders cannot be opened (Windows). */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function writeDurably(file: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(file, "wx", ownerOnly);
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function throughTemporary(
  file: string,
  content: string | Uint8Array,
  place: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file)}.${randomUUID()}.tmp`);
  try {
    await writeDurably(temporary, content);
    await place(temporary);
    await syncFolder(folder);
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Replaces or creates `file`, readable by its owner alone. Two calls at once for one file: either may win.
 * @throws the error of the file system; the old content is then still there
 */
export function replaceFile(file: string, content: string | Uint8Array): Promise<void> {
  return throughTemporary(file, content, (temporary) => rename(temporary, file));
}

/**
 * Creates `file`, readable by its owner alone.
 * @returns false when it was there already; it is then untouched
 * @throws the error of the file system
 */
export async function createFile(file: string, content: string | Uint8Array): Promise<boolean> {
  try {
    // A rename would replace what another process created meanwhile; a link never does.
    await throughTemporary(file, content, (temporary) => link(temporary, file));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}
