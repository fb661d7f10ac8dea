// A file for a request body that is too large for memory and must be known to its end before it is sent. Its name is
// gone as soon as it is open, so that nothing is left behind however the process ends.
import { randomUUID } from "node:crypto";
import { closeSync, createReadStream, mkdirSync, openSync, unlinkSync, write } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Edit } from "../../lib/json-splice.ts";

const ownerOnly = 0o600;

export class SpoolFile {
  readonly #descriptor: number;
  #size = 0;

  /** @throws the system's error when the file cannot be made */
  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    const path = join(folder, `upload-${randomUUID()}`);
    this.#descriptor = openSync(path, "wx+", ownerOnly);
    unlinkSync(path);
  }

  get size(): number {
    return this.#size;
  }

  /** @param done told when it is written, or why not */
  append(bytes: Buffer, done: (error: Error | null) => void): void {
    const at = this.#size;
    this.#size += bytes.length;
    this.#writeAll(bytes, at, done);
  }

  #writeAll(bytes: Buffer, at: number, done: (error: Error | null) => void): void {
    write(this.#descriptor, bytes, 0, bytes.length, at, (error, written) => {
      if (error !== null || written === bytes.length) done(error);
      else this.#writeAll(bytes.subarray(written), at + written, done);
    });
  }

  /** All of it, with an edit. */
  open(edit: Edit | undefined): Readable {
    return Readable.from(this.#pieces(edit), { objectMode: false });
  }

  async *#pieces(edit: Edit | undefined): AsyncGenerator<Buffer> {
    if (edit === undefined) return yield* this.#range(0, this.#size);
    yield* this.#range(0, edit.start);
    yield Buffer.from(edit.text);
    yield* this.#range(edit.end, this.#size);
  }

  async *#range(start: number, end: number): AsyncGenerator<Buffer> {
    if (start >= end) return;
    // `end` of a read stream is inclusive.
    const stream = createReadStream("", { fd: this.#descriptor, autoClose: false, start, end: end - 1 });
    for await (const piece of stream) yield piece as Buffer;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}
