// Reads the files that a document refers to, and none of those that hold the gateway's own secrets. Knows no document.
import { constants } from "node:fs";
import { open, realpath, stat } from "node:fs/promises";
import { dirname, isAbsolute, resolve } from "node:path";
import { contentHash } from "./content-hash.ts";
import type { ReferenceOptions, Resolution } from "./references.ts";

const maxFileBytes = 1024 * 1024;

/** System folders whose files are windows into this process and machine: /proc/self/environ holds the master key. */
const systemFolders = /^\/(?:proc|sys|dev)\//u;

const absentCodes: ReadonlySet<unknown> = new Set(["ENOENT", "ENOTDIR"]);

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/** Tells whether a folder is the data folder or lies in it, by what it is, not by its name: links and case do not fool it. */
function createInsideCheck(dataDir: string) {
  const known = new Map<string, Promise<boolean>>();
  const identity = async (folder: string): Promise<string | undefined> => {
    try {
      const { dev, ino } = await stat(folder, { bigint: true });
      return `${dev}:${ino}`;
    } catch {
      return undefined;
    }
  };
  const forbidden = identity(dataDir);
  const look = async (folder: string): Promise<boolean> => {
    const [own, data] = await Promise.all([identity(folder), forbidden]);
    if (data !== undefined && own === data) return true;
    const parent = dirname(folder);
    return parent === folder ? false : isInside(parent);
  };
  const isInside = (folder: string): Promise<boolean> => {
    const answer = known.get(folder) ?? look(folder);
    known.set(folder, answer);
    return answer;
  };
  return isInside;
}

/** The content of a small ordinary file; a problem is without the name. */
async function readSmallFile(file: string): Promise<Buffer | { readonly problem: string }> {
  // Non-blocking, so that a pipe without a writer does not hold up the reader.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  try {
    if (!(await handle.stat()).isFile()) return { problem: "is not an ordinary file" };
    const buffer = Buffer.alloc(maxFileBytes + 1);
    let length = 0;
    while (length < buffer.length) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return length > maxFileBytes ? { problem: "is larger than 1 MiB" } : buffer.subarray(0, length);
  } finally {
    await handle.close();
  }
}

/** Text without the line end that editors and `echo` leave. */
function asText(content: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content).replace(/\r?\n$/u, "");
  } catch {
    return undefined;
  }
}

/** A reader of referred files for one document; `seen` collects what it looked at. */
export function createReferenceFiles(options: Pick<ReferenceOptions, "baseDir" | "dataDir">) {
  const seen = new Map<string, string>();
  const isInside = createInsideCheck(options.dataDir);

  const readAllowed = async (file: string): Promise<Resolution> => {
    // First the name as written: a link that lies in the data folder is a file of it, wherever it leads.
    if (await isInside(dirname(file))) return { problem: `the file ${file} lies in the data folder` };
    const real = await realpath(file);
    if (await isInside(dirname(real))) return { problem: `the file ${file} lies in the data folder` };
    if (systemFolders.test(real)) return { problem: `the file ${file} is not an ordinary file` };
    const content = await readSmallFile(real);
    if (!Buffer.isBuffer(content)) return { problem: `the file ${file} ${content.problem}` };
    seen.set(file, contentHash(content));
    const value = asText(content);
    return value === undefined ? { problem: `the file ${file} is not UTF-8` } : { value };
  };

  const read = async (name: string): Promise<Resolution> => {
    if (name === "") return { problem: "a reference to a file is `${file:path}`" };
    if (options.baseDir === null && !isAbsolute(name)) {
      return { problem: `the path ${name} must be absolute here` };
    }
    const file = resolve(options.baseDir ?? "/", name);
    try {
      return await readAllowed(file);
    } catch (error) {
      const code = codeOf(error);
      seen.set(file, contentHash(undefined));
      return {
        problem: `the file ${file} ${absentCodes.has(code) ? "does not exist" : `cannot be read (${String(code)})`}`,
      };
    }
  };

  return { read, seen };
}
