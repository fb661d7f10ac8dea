// Where a worker leaves finished records: a line each, appended to its own segment files. Never holds up a request.
// Knows no reader: whoever takes the records finds segments by name.
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, rmSync, statSync, write } from "node:fs";
import { join } from "node:path";
import type { ExchangeRecord } from "../core/exchange-record.ts";
import { lineHeader } from "./line-layout.ts";
import { lineOf } from "./record-lines.ts";

export interface SpoolOptions {
  readonly dir: string;
  /** Part of the segment names, so that no two writers share one; behind the last dash the run of the process. */
  readonly writer: string;
  /** Milliseconds since 1970, for segment names. */
  readonly wallMs: () => number;
  /** Told when records cannot be written, once until some can be again; they are dropped and counted. */
  readonly onProblem: (error: Error) => void;
  readonly segmentBytes?: number;
  /** All segments of the folder together, at most; the oldest go first. */
  readonly capBytes?: number;
}

export interface Spool {
  record(record: ExchangeRecord): void;
  /** Records lost because the disk took none. */
  readonly dropped: number;
  /** Resolves when everything recorded so far is in the file. */
  flush(): Promise<void>;
  close(): Promise<void>;
}

const flushEveryMs = 20;
const defaultSegmentBytes = 16 * 1024 * 1024;
const defaultCapBytes = 512 * 1024 * 1024;
/** Records waiting for a disk that does not keep up, in characters. */
const maxWaitingLength = 16 * 1024 * 1024;

const segmentSuffix = ".jsonl";
/** Tells what the columns of a segment's lines are. */
const header = Buffer.from(`${lineHeader}\n`);

/** Segment names sort by age: time first, then writer. */
function segmentName(wallMs: number, writer: string): string {
  return `${String(wallMs).padStart(15, "0")}-${writer}${segmentSuffix}`;
}

/** Opens a spool. @throws the system's error when the folder cannot be made or written */
export function openSpool(options: SpoolOptions): Spool {
  return new SegmentedSpool(options);
}

class SegmentedSpool implements Spool {
  dropped = 0;
  readonly #options: SpoolOptions;
  readonly #segmentBytes: number;
  readonly #capBytes: number;
  #file: number;
  #fileBytes = 0;
  /** Names of one writer grow, whatever the clock does. */
  #lastNameMs = 0;
  /** The last write failed, perhaps in the middle of a line. */
  #failed = false;
  #problemTold = false;
  #closed = false;
  #lines: string[] = [];
  #waitingLength = 0;
  #timer: NodeJS.Timeout | null = null;
  #writing: Promise<void> | null = null;

  constructor(options: SpoolOptions) {
    this.#options = options;
    this.#segmentBytes = options.segmentBytes ?? defaultSegmentBytes;
    this.#capBytes = options.capBytes ?? defaultCapBytes;
    this.#file = this.#openSegment();
  }

  #openSegment(): number {
    const { dir, writer, wallMs } = this.#options;
    mkdirSync(dir, { recursive: true });
    this.#dropOldSegments();
    for (;;) {
      this.#lastNameMs = Math.max(Math.floor(wallMs()), this.#lastNameMs + 1);
      const path = join(dir, segmentName(this.#lastNameMs, writer));
      // One that is there already, as after the clock was set back, may have a torn end.
      if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return openSync(path, "a", 0o600);
    }
  }

  #dropOldSegments(): void {
    const { dir } = this.#options;
    const segments = listSegments(dir).map((name) => ({
      name,
      bytes: statSync(join(dir, name), { throwIfNoEntry: false })?.size ?? 0,
    }));
    let total = segments.reduce((sum, segment) => sum + segment.bytes, 0);
    for (const { name, bytes } of segments) {
      if (total + this.#segmentBytes <= this.#capBytes) return;
      rmSync(join(dir, name), { force: true });
      total -= bytes;
      this.#options.onProblem(
        new Error(`the spool is full, ${bytes} bytes of its oldest records go: nobody takes them in time`),
      );
    }
  }

  record(record: ExchangeRecord): void {
    if (this.#closed || this.#waitingLength > maxWaitingLength) {
      this.#drop(1, new Error(this.#closed ? "the spool is closed" : "the disk does not keep up"));
      return;
    }
    const line = `${lineOf(record)}\n`;
    this.#lines.push(line);
    this.#waitingLength += line.length;
    this.#timer ??= setTimeout(() => this.#startWrite(), flushEveryMs);
  }

  #drop(count: number, problem: Error): void {
    this.dropped += count;
    if (this.#problemTold) return;
    this.#problemTold = true;
    this.#options.onProblem(problem);
  }

  #startWrite(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (this.#writing !== null || this.#lines.length === 0) return;
    const count = this.#lines.length;
    const bytes = Buffer.from(this.#lines.join(""));
    this.#lines = [];
    this.#waitingLength = 0;
    this.#writing = this.#append(bytes)
      .catch((error: unknown) => {
        this.#failed = true;
        this.#drop(count, error instanceof Error ? error : new Error(String(error)));
      })
      .then(() => {
        this.#writing = null;
        if (this.#lines.length > 0) this.#timer ??= setTimeout(() => this.#startWrite(), flushEveryMs);
      });
  }

  async #append(lines: Buffer): Promise<void> {
    if (this.#needsNewSegment(lines.length)) this.#rotate();
    const bytes = this.#fileBytes === 0 ? Buffer.concat([header, lines]) : lines;
    this.#fileBytes += bytes.length;
    await this.#writeAll(bytes);
    this.#problemTold = false;
  }

  #needsNewSegment(bytes: number): boolean {
    if (this.#failed || (this.#fileBytes > 0 && this.#fileBytes + bytes > this.#segmentBytes)) return true;
    // Another writer may have removed it to keep the cap: nobody would find what is written there.
    return fstatSync(this.#file).nlink === 0;
  }

  #rotate(): void {
    const next = this.#openSegment();
    closeSync(this.#file);
    this.#file = next;
    this.#fileBytes = 0;
    this.#failed = false;
  }

  #writeAll(bytes: Buffer): Promise<void> {
    const file = this.#file;
    return new Promise((resolve, reject) => {
      const step = (from: number): void => {
        write(file, bytes, from, bytes.length - from, null, (error, written) => {
          if (error !== null) reject(error);
          else if (from + written < bytes.length) step(from + written);
          else resolve();
        });
      };
      step(0);
    });
  }

  async flush(): Promise<void> {
    while (this.#lines.length > 0 || this.#writing !== null) {
      this.#startWrite();
      await this.#writing;
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.flush();
    closeSync(this.#file);
  }
}

/** Names of the segments in a folder, oldest first; a missing folder has none. */
export function listSegments(dir: string): string[] {
  try {
    return readdirSync(dir)
      .filter((name) => name.endsWith(segmentSuffix))
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** Names are a time and a writer. */
export function writerOf(segment: string): string {
  return segment.slice(segment.indexOf("-") + 1, -segmentSuffix.length);
}

/** The run of the process that wrote it; empty for builds before this one. */
export function runOf(segment: string): string {
  const writer = writerOf(segment);
  const dash = writer.lastIndexOf("-");
  return dash === -1 ? "" : writer.slice(dash + 1);
}
