// Delivers records to a file of JSON lines, and turns it over when it is full. Knows no queue.
import { constants } from "node:fs";
import { mkdir, open, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import { hasSignal, type Delivered, type Receiver } from "./receiver.ts";

export interface FileOptions {
  /** Whole path. */
  readonly file: string;
  readonly maxBytes: number;
  readonly keep: number;
}

/** Never through a link that stands at the end of the path. */
const flags = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);

export class FileReceiver implements Receiver {
  readonly #options: FileOptions;
  #handle: FileHandle | undefined;

  constructor(options: FileOptions) {
    this.#options = options;
  }

  wants(record: ExchangeRecord): boolean {
    return hasSignal(record, "l");
  }

  async deliver(records: readonly ExchangeRecord[]): Promise<Delivered> {
    try {
      await this.#append(
        Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join(""), "utf8"),
      );
      return { kind: "taken", rejected: 0, message: "" };
    } catch (error) {
      return { kind: "later", message: messageOf(error), afterMs: null };
    }
  }

  /** Makes the file, if it is not there, and writes nothing. @throws what the file system says */
  async check(): Promise<void> {
    await this.#opened();
    await this.close();
  }

  async #append(bytes: Buffer): Promise<void> {
    let handle = await this.#opened();
    let { size } = await handle.stat();
    if (size > 0 && size + bytes.length > this.#options.maxBytes) {
      await this.#turnOver();
      handle = await this.#opened();
      size = 0;
    }
    try {
      await handle.appendFile(bytes);
      await handle.datasync();
    } catch (error) {
      // No half line stays before the lines of the next try.
      await handle.truncate(size).catch(() => undefined);
      await this.close();
      throw error;
    }
  }

  /** The file under its name: somebody may have moved it away since. */
  async #opened(): Promise<FileHandle> {
    const { file } = this.#options;
    if (this.#handle !== undefined) {
      const [here, there] = await Promise.all([this.#handle.stat(), stat(file).catch(() => undefined)]);
      if (there !== undefined && there.ino === here.ino && there.dev === here.dev) return this.#handle;
      await this.close();
    }
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    this.#handle = await open(file, flags, 0o600);
    return this.#handle;
  }

  /** `f` becomes `f.1`, that `f.2`, and so on; the last goes. */
  async #turnOver(): Promise<void> {
    const { file, keep } = this.#options;
    await this.close();
    if (keep === 0) return rm(file, { force: true });
    await rm(`${file}.${keep}`, { force: true });
    for (let number = keep - 1; number >= 1; number -= 1)
      await rename(`${file}.${number}`, `${file}.${number + 1}`).catch(ignoreMissing);
    await rename(file, `${file}.1`);
  }

  async close(): Promise<void> {
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close();
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
}

/** Without the path, which is of this machine. */
function messageOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
  return `The file cannot be written (${code}).`;
}
