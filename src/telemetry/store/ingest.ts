// Brings records from the spool into the store: reads pieces, commits them every now and then, and removes segments once
// what they held is safe. Knows no question.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { lineHeader } from "../line-layout.ts";
import { readHead, readLine, readObjectLine, hasContent } from "../record-lines.ts";
import { SegmentTail, type SegmentPiece } from "../segment-tail.ts";
import type { LogStore } from "./log-store.ts";
import { isDamage } from "./partition.ts";

const commitEveryMs = 2_000;
/** As many records as wait for a commit before more are read. */
const maxUncommitted = 8_192;
const checkpointEveryMs = 10_000;
/** The same in bytes of the spool: content and long paths make few records large. */
const maxUncommittedBytes = 16 * 1024 * 1024;
/** While the disk takes nothing, so much is held in memory; the rest waits in the spool. */
const maxHeld = 4 * maxUncommitted;
const maxHeldBytes = 2 * maxUncommittedBytes;

export interface IngestOptions {
  /** Folder of the spool. */
  readonly dir: string;
  /** Of this process's writers; null = of any. */
  readonly run: string | null;
  readonly store: LogStore;
  readonly monotonicMs: () => number;
  readonly onProblem: (error: Error) => void;
  readonly pieceBytes?: number;
}

export class Ingest {
  readonly #options: IngestOptions;
  readonly #tail: SegmentTail;
  /** Segments that were read on since the last commit, and how far. */
  #read = new Map<string, number>();
  #heldBytes = 0;
  #committedMs: number;
  #checkpointedMs: number;
  #failing = false;
  /** Whether all that was there when it was last looked at has been read. */
  caughtUp = false;
  /** Records that are lost, by the mean length of those that were not. */
  dropped = 0;
  #lines = 0;
  #bytes = 0;

  constructor(options: IngestOptions) {
    this.#options = options;
    const { dir, run, store, pieceBytes } = options;
    this.#committedMs = options.monotonicMs();
    this.#checkpointedMs = this.#committedMs;
    this.#tail = new SegmentTail({
      dir,
      run,
      offsets: store.offsets,
      onLost: (bytes) => this.#lost(bytes),
      ...(pieceBytes === undefined ? {} : { pieceBytes }),
    });
  }

  get unread(): number {
    return this.#tail.unread;
  }

  #lost(bytes: number): void {
    const length = this.#lines === 0 ? 800 : this.#bytes / this.#lines;
    this.dropped += Math.max(1, Math.round(bytes / length));
  }

  /**
   * Reads one piece, and commits when it is time.
   * @returns whether there may be more
   */
  step(): boolean {
    const { store } = this.#options;
    const hasRoom = store.uncommitted < maxHeld && this.#heldBytes < maxHeldBytes;
    const piece = hasRoom ? this.#tail.next() : undefined;
    if (piece === undefined) this.caughtUp = hasRoom;
    else this.#take(piece);
    const waitedMs = this.#options.monotonicMs() - this.#committedMs;
    const isMuch = store.uncommitted >= maxUncommitted || this.#heldBytes >= maxUncommittedBytes;
    if (isMuch || waitedMs >= commitEveryMs) this.commit();
    return piece !== undefined;
  }

  #take({ segment, lines, layout, offset }: SegmentPiece): void {
    const { store } = this.#options;
    for (const line of lines) {
      if (layout === null) {
        const record = readObjectLine(line);
        if (record !== undefined) store.add({ record, recorded: hasContent(record) }, null);
        continue;
      }
      const head = readHead(line, layout);
      if (head === undefined) continue;
      const isPlain = !head.recorded && layout.header === lineHeader;
      // Which target was passed over is told by the candidates.
      const whole = isPlain && head.record.fallbackFrom === "" ? head : readLine(line, layout);
      if (whole !== undefined) store.add(whole, isPlain ? line : null);
    }
    this.#lines += lines.length;
    const bytes = offset - (this.#read.get(segment) ?? store.offsets.get(segment) ?? 0);
    this.#bytes += bytes;
    this.#heldBytes += bytes;
    this.#read.set(segment, offset);
  }

  /**
   * Writes down what was read; a failure is told once, and tried again later.
   * @throws SQLite's error for a partition that `isDamage`: trying again would not help
   */
  commit(): void {
    const { store, monotonicMs, onProblem } = this.#options;
    this.#committedMs = monotonicMs();
    if (this.#read.size > 0)
      try {
        store.commit(this.#read);
        this.#read = new Map();
        this.#heldBytes = 0;
        this.#failing = false;
      } catch (error) {
        if (isDamage(error)) throw error;
        if (!this.#failing) onProblem(asError(error));
        this.#failing = true;
        return;
      }
    store.turnOver();
    if (monotonicMs() - this.#checkpointedMs >= checkpointEveryMs) this.tidy();
  }

  /** Makes sure of what was committed, and removes the segments that held it. */
  tidy(): void {
    const { store, dir, monotonicMs } = this.#options;
    this.#checkpointedMs = monotonicMs();
    store.checkpoint();
    for (const name of this.#tail.finished(store.safeOffsets)) {
      rmSync(join(dir, name), { force: true });
      this.#tail.forget(name);
      store.forgetSegment(name);
    }
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
