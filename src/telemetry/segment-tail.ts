// Follows the spool's segments: hands over every whole line once, newest segment first, in pieces, so that whoever
// reads can do other things in between. Knows not what a line says.
import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import { listSegments, segmentSuffix } from "./spool.ts";

const lineFeed = 0x0a;
const defaultPieceBytes = 256 * 1024;
/** A line that is longer cannot be a record. */
const maxLineBytes = 8 * 1024 * 1024;

interface Segment {
  readonly name: string;
  /** Up to here its lines have been handed over. */
  offset: number;
  /** Its writer has gone on to another one, and all of it has been read. */
  finished: boolean;
}

export interface SegmentTailOptions {
  readonly dir: string;
  readonly pieceBytes?: number;
  readonly onLine: (line: string) => void;
  /** Told of a segment that is not read, as nothing in it is younger than asked for. */
  readonly onOld: (lastWrittenMs: number) => void;
}

export class SegmentTail {
  readonly #options: SegmentTailOptions;
  #pieceBytes: number;
  readonly #segments = new Map<string, Segment>();

  constructor(options: SegmentTailOptions) {
    this.#options = options;
    this.#pieceBytes = options.pieceBytes ?? defaultPieceBytes;
  }

  /**
   * Hands over the next piece of what is there.
   * @param notBeforeMs segments that were last written earlier are left out
   * @returns whether there may be more
   */
  async step(notBeforeMs: number): Promise<boolean> {
    for (const { segment, isLast } of this.#list()) {
      if (segment.finished) continue;
      const path = join(this.#options.dir, segment.name);
      const file = await stat(path).catch(ignoreMissing);
      if (file === undefined) continue;
      if (segment.offset === 0 && file.mtimeMs < notBeforeMs && file.size > 0) {
        this.#options.onOld(file.mtimeMs);
        segment.offset = file.size;
      }
      if (file.size > segment.offset && (await this.#read(path, segment, file.size))) return true;
      // A writer never comes back to a segment that it has left.
      segment.finished = !isLast;
    }
    return false;
  }

  /** The segments that are there, newest first, each with whether it is its writer's last one. */
  #list(): { readonly segment: Segment; readonly isLast: boolean }[] {
    const names = listSegments(this.#options.dir).toReversed();
    const there = new Set(names);
    for (const name of this.#segments.keys()) if (!there.has(name)) this.#segments.delete(name);
    const writers = new Set<string>();
    return names.map((name) => {
      const segment = this.#segments.get(name) ?? { name, offset: 0, finished: false };
      this.#segments.set(name, segment);
      const writer = writerOf(name);
      const isLast = !writers.has(writer);
      writers.add(writer);
      return { segment, isLast };
    });
  }

  /** @returns false when there is no whole line yet */
  async #read(path: string, segment: Segment, size: number): Promise<boolean> {
    const bytes = await readPiece(path, segment.offset, Math.min(this.#pieceBytes, size - segment.offset));
    if (bytes === undefined || bytes.length === 0) return false;
    const end = bytes.lastIndexOf(lineFeed) + 1;
    if (end === 0) return this.#grow(segment, bytes.length, size);
    this.#pieceBytes = this.#options.pieceBytes ?? defaultPieceBytes;
    segment.offset += end;
    for (let from = 0; from < end;) {
      const to = bytes.indexOf(lineFeed, from);
      if (to > from) this.#options.onLine(bytes.toString("utf8", from, to));
      from = to + 1;
    }
    return true;
  }

  /** The line is longer than a piece, or still being written. */
  #grow(segment: Segment, read: number, size: number): boolean {
    if (segment.offset + read >= size && read < maxLineBytes) return false;
    if (read < maxLineBytes) this.#pieceBytes *= 2;
    else segment.offset += read;
    return true;
  }
}

async function readPiece(path: string, offset: number, length: number): Promise<Buffer | undefined> {
  const file = await open(path, "r").catch(ignoreMissing);
  if (file === undefined) return undefined;
  try {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(length), 0, length, offset);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The cap of the spool may have removed it since the folder was listed. */
function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}

/** Names are a time and a writer. */
function writerOf(name: string): string {
  return name.slice(name.indexOf("-") + 1, -segmentSuffix.length);
}
