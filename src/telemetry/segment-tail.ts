// Follows the spool's segments: hands over every whole line once, in pieces, each writer's in order, and says which
// segments are done with. Where it goes on after a restart is for whoever keeps the lines to remember.
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { join } from "node:path";
import { readLineHeader, type LineLayout } from "./line-layout.ts";
import { listSegments, runOf, writerOf } from "./spool.ts";

const lineFeed = 0x0a;
const usualPieceBytes = 512 * 1024;
/** A line that is longer cannot be a record. */
const maxLineBytes = 64 * 1024 * 1024;

interface Segment {
  readonly name: string;
  /** Up to here its lines have been handed over. */
  offset: number;
  /** As it was last seen. */
  size: number;
  /** Null = its lines are objects; undefined = not looked at yet. */
  layout: LineLayout | null | undefined;
}

export interface SegmentPiece {
  readonly segment: string;
  readonly lines: readonly string[];
  /** Of these lines. Null = they are objects. */
  readonly layout: LineLayout | null;
  /** Behind the last of them. */
  readonly offset: number;
}

export interface SegmentTailOptions {
  readonly dir: string;
  /** Of the process whose writers may still be at work; segments of all others have ended. */
  readonly run: string | null;
  /** How far each segment has been taken already. */
  readonly offsets: ReadonlyMap<string, number>;
  readonly pieceBytes?: number;
  /** Told of bytes that went before they were read, as the spool reached its cap. */
  readonly onLost: (bytes: number) => void;
}

export class SegmentTail {
  readonly #options: SegmentTailOptions;
  #pieceBytes: number;
  readonly #segments = new Map<string, Segment>();
  /** Segments take turns. */
  #lastRead = "";

  constructor(options: SegmentTailOptions) {
    this.#options = options;
    this.#pieceBytes = options.pieceBytes ?? usualPieceBytes;
  }

  /** The next lines of what is there; undefined when all whole lines have been handed over. */
  next(): SegmentPiece | undefined {
    const names = this.#list();
    const turn = names.findIndex((name) => name > this.#lastRead);
    const inTurn = turn === -1 ? names : [...names.slice(turn), ...names.slice(0, turn)];
    for (const name of inTurn) {
      const segment = this.#segments.get(name);
      const piece = segment === undefined ? undefined : this.#read(segment);
      if (piece === undefined) continue;
      this.#lastRead = name;
      return piece;
    }
    return undefined;
  }

  /** Bytes that are still to be handed over, as last seen. */
  get unread(): number {
    let bytes = 0;
    for (const { size, offset } of this.#segments.values()) bytes += size - offset;
    return bytes;
  }

  /** Segments that nobody writes to any more and whose lines are taken up to these offsets. */
  finished(taken: ReadonlyMap<string, number>): string[] {
    const names = listSegments(this.#options.dir);
    return names.filter((name, index) => {
      const segment = this.#segments.get(name);
      if (segment === undefined || !this.#hasEnded(name, names.slice(index + 1))) return false;
      if (taken.get(name) !== segment.offset && segment.offset > 0) return false;
      // Looked at after it has ended: what is left is a line that was torn when its writer died.
      return this.#sizeOf(name) === segment.size && !this.#holdsLine(segment);
    });
  }

  /** To be called for those that have been removed on purpose. */
  forget(name: string): void {
    this.#segments.delete(name);
  }

  #list(): readonly string[] {
    const names = listSegments(this.#options.dir);
    const there = new Set(names);
    for (const [name, { size, offset }] of this.#segments) {
      if (there.has(name)) continue;
      this.#segments.delete(name);
      if (size > offset) this.#options.onLost(size - offset);
    }
    for (const name of names) {
      const offset = this.#options.offsets.get(name) ?? 0;
      const segment = this.#segments.get(name) ?? { name, offset, size: offset, layout: undefined };
      segment.size = this.#sizeOf(name) ?? segment.size;
      this.#segments.set(name, segment);
    }
    return names;
  }

  /** A writer never comes back to a segment that it has left, nor does one of a process that is gone. */
  #hasEnded(name: string, later: readonly string[]): boolean {
    const { run } = this.#options;
    if (run !== null && runOf(name) !== run) return true;
    const writer = writerOf(name);
    return later.some((other) => writerOf(other) === writer);
  }

  #sizeOf(name: string): number | undefined {
    return statSync(join(this.#options.dir, name), { throwIfNoEntry: false })?.size;
  }

  #holdsLine(segment: Segment): boolean {
    if (segment.size === segment.offset) return false;
    const { dir } = this.#options;
    const bytes = readPiece(join(dir, segment.name), segment.offset, segment.size - segment.offset);
    return bytes === undefined || bytes.includes(lineFeed);
  }

  #read(segment: Segment): SegmentPiece | undefined {
    const { size } = segment;
    if (size <= segment.offset) return undefined;
    const path = join(this.#options.dir, segment.name);
    const wanted = Math.min(this.#pieceBytes, size - segment.offset);
    const bytes = readPiece(path, segment.offset, wanted);
    if (bytes === undefined || bytes.length === 0) return undefined;
    const end = bytes.lastIndexOf(lineFeed);
    if (end === -1) return this.#grow(segment, bytes.length);
    this.#pieceBytes = this.#options.pieceBytes ?? usualPieceBytes;
    const lines = bytes.toString("utf8", 0, end).split("\n");
    segment.layout ??= layoutOf(segment.offset === 0 ? (lines[0] ?? "") : firstLine(path));
    if (segment.offset === 0 && segment.layout !== null) lines.shift();
    segment.offset += end + 1;
    return { segment: segment.name, lines, layout: segment.layout, offset: segment.offset };
  }

  /** The line is longer than a piece, or still being written. */
  #grow(segment: Segment, read: number): SegmentPiece | undefined {
    const isAll = segment.offset + read >= segment.size;
    if (isAll && read < maxLineBytes) return undefined;
    if (read >= maxLineBytes) {
      segment.offset += read;
      return { segment: segment.name, lines: [], layout: null, offset: segment.offset };
    }
    this.#pieceBytes *= 2;
    return this.#read(segment);
  }
}

function layoutOf(line: string): LineLayout | null {
  return readLineHeader(line) ?? null;
}

const maxHeaderBytes = 64 * 1024;

function firstLine(path: string): string {
  const bytes = readPiece(path, 0, maxHeaderBytes);
  return bytes?.toString("utf8", 0, Math.max(0, bytes.indexOf(lineFeed))) ?? "";
}

/** Undefined when it is gone: the cap of the spool may have removed it since the folder was listed. */
function readPiece(path: string, offset: number, length: number): Buffer | undefined {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    const bytes = Buffer.allocUnsafe(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
  } finally {
    closeSync(file);
  }
}
