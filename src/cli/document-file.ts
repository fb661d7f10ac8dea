// Reads the file that a command names.
import { readFile } from "node:fs/promises";
import { CommandError } from "./command.ts";

/** @throws CommandError when the file cannot be read */
export async function readDocumentFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new CommandError(`${path}: cannot be read (${code}); name a file with -f FILE`);
  }
}
