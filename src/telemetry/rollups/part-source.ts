// Cells of a span of time, from the partitions, from the file of hours, and what has come since. Knows no question.
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { decodeCells, type CellColumns } from "./cell-codec.ts";
import { levelMs, partMs, type RollupLevel } from "./rollup-levels.ts";
import { reachOf } from "./rollup-parts.ts";
import type { RollupPart, Rollups } from "./rollups.ts";

export interface RollupSources {
  /** Of the records that are kept, in any order. */
  readonly partitions: () => readonly DatabaseSync[];
  /** Of the records that are gone. */
  readonly hours: DatabaseSync;
  /** What is in no partition yet. */
  readonly open: Rollups;
}

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** So much longer than its own time is a part at most. */
function packMs(level: RollupLevel): number {
  return partMs[level] - levelMs[level];
}

/** What is kept of cells that have been read. */
const usualMaxBytes = 96 * 1024 * 1024;

/** A database with its statements and its number in the names of what is kept. */
class PartFile {
  readonly #number: number;
  readonly #list: StatementSync;
  readonly #get: StatementSync;
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync, number: number) {
    this.#db = db;
    this.#number = number;
    const found = "SELECT id FROM rollup_parts WHERE slotMs >= :fromMs AND slotMs < :toMs AND";
    this.#list = db.prepare(`${found} level = :level UNION ALL ${found} folded = 0 AND level < :level`);
    this.#get = db.prepare("SELECT cells FROM rollup_parts WHERE id = ?");
  }

  *read({ fromMs, toMs }: Span, level: RollupLevel, cache: PartCache): Generator<CellColumns> {
    for (const { id } of this.#list.all({ fromMs: fromMs - packMs(level), toMs, level: levelMs[level] })) {
      const name = `${this.#number} ${String(id)}`;
      const columns = cache.get(name) ?? cache.put(name, this.#columnsOf(Number(id)));
      if (columns !== undefined) yield columns;
    }
  }

  #columnsOf(id: number): CellColumns | undefined {
    const cells = this.#get.get(id)?.["cells"];
    return cells instanceof Uint8Array ? decodeCells(cells) : undefined;
  }

  get oldestMs(): number {
    return reachOf(this.#db) ?? Infinity;
  }
}

/** The ones that were read last. */
class PartCache {
  readonly #parts = new Map<string, CellColumns>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get(name: string): CellColumns | undefined {
    const columns = this.#parts.get(name);
    if (columns === undefined) return undefined;
    this.#parts.delete(name);
    this.#parts.set(name, columns);
    return columns;
  }

  put(name: string, columns: CellColumns | undefined): CellColumns | undefined {
    if (columns === undefined) return undefined;
    this.#parts.set(name, columns);
    this.#bytes += columns.bytes;
    for (const [oldest, { bytes }] of this.#parts) {
      if (this.#bytes <= this.#maxBytes) break;
      this.#parts.delete(oldest);
      this.#bytes -= bytes;
    }
    return columns;
  }
}

export class PartSource {
  readonly #sources: RollupSources;
  readonly #cache: PartCache;
  readonly #files = new WeakMap<DatabaseSync, PartFile>();
  #opened = 0;
  #openParts: readonly RollupPart[] = [];
  #openCells: readonly CellColumns[] = [];

  constructor(sources: RollupSources, maxBytes = usualMaxBytes) {
    this.#sources = sources;
    this.#cache = new PartCache(maxBytes);
  }

  /**
   * Every cell whose time begins within the span, at this level, and some around it; what is not folded to it yet comes
   * as it is.
   */
  *read(span: Span, level: RollupLevel): Generator<CellColumns> {
    for (const db of this.#all()) yield* this.#fileOf(db).read(span, level, this.#cache);
    const finest = levelMs[level];
    const parts = this.#sources.open.openParts();
    if (parts !== this.#openParts) {
      this.#openParts = parts;
      this.#openCells = parts.map(({ cells }) => decodeCells(cells));
    }
    for (const [index, { slotMs, level: partLevel }] of parts.entries()) {
      const cells = this.#openCells[index];
      const isMeant =
        slotMs >= span.fromMs - packMs(partLevel) && slotMs < span.toMs && levelMs[partLevel] <= finest;
      if (isMeant && cells !== undefined) yield cells;
    }
  }

  /** End of the oldest exchange that is counted; null without any. */
  get oldestMs(): number | null {
    const kept = this.#all().map((db) => this.#fileOf(db).oldestMs);
    const oldestMs = Math.min(this.#sources.open.oldestMs, ...kept);
    return oldestMs === Infinity ? null : oldestMs;
  }

  /** Before this moment there are hours alone. */
  get minutesSinceMs(): number {
    const { hours } = this.#sources;
    const row = hours.prepare("SELECT max(slotMs) AS last FROM rollup_parts").get();
    const last = row?.["last"];
    return typeof last === "number" ? last + levelMs["1h"] : -Infinity;
  }

  #all(): DatabaseSync[] {
    return [...this.#sources.partitions(), this.#sources.hours];
  }

  #fileOf(db: DatabaseSync): PartFile {
    let file = this.#files.get(db);
    if (file === undefined) {
      this.#opened += 1;
      this.#files.set(db, (file = new PartFile(db, this.#opened)));
    }
    return file;
  }
}
