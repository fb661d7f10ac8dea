// The log store: takes records, keeps them in partitions by day, and lets the oldest go. What has come since the last
// commit is in memory; the spool has it until then. Knows no question and no thread.
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { ContentItem, ContentStore } from "../content/content-store.ts";
import type { LogSettings } from "../log-state.ts";
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import { ownLayout } from "../line-layout.ts";
import { hasContent, lineOf, readLine, type HeadOfLine } from "../record-lines.ts";
import { foldRollups, keepHours, rollupSchema } from "../rollups/rollup-parts.ts";
import type { Rollups } from "../rollups/rollups.ts";
import { BlockBuilder } from "./block-builder.ts";
import type { SearchedBlock } from "./log-search.ts";
import { PartitionFolder } from "./partition-folder.ts";
import { PartitionReader } from "./partition-reader.ts";
import { PartitionWriter } from "./partition-writer.ts";
import { dayOf, isDamage, nextKey, recordsOf, type Partition, type StoredBlock } from "./partition.ts";
import { isTooLarge, partitionsToDrop } from "./retention.ts";

const dayMs = 24 * 60 * 60 * 1_000;
const usualCacheBytes = 96 * 1024 * 1024;

export interface LogStoreOptions {
  readonly dir: string;
  readonly wallMs: () => number;
  readonly settings: LogSettings;
  readonly content: ContentStore;
  readonly rollups: Rollups;
  readonly onProblem: (error: Error) => void;
  readonly cacheBytes?: number;
}

export class LogStore {
  readonly #options: LogStoreOptions;
  readonly #folder: PartitionFolder;
  readonly #reader: PartitionReader;
  /** Hours of partitions that are gone. */
  readonly hours: DatabaseSync;
  settings: LogSettings;
  #writer: PartitionWriter;
  /** Blocks that are full, but not committed as such. */
  #full: BlockBuilder[] = [];
  #open: BlockBuilder;
  #content: ContentItem[] = [];
  /** What was committed last, and what of it is on the disk itself. */
  #committed = new Map<string, number>();
  #safe: ReadonlyMap<string, number> = new Map();

  /** @throws NewerPartition; the system's error when the folder cannot be made or written */
  constructor(options: LogStoreOptions) {
    this.#options = options;
    this.settings = options.settings;
    const { dir, wallMs, onProblem } = options;
    this.#folder = new PartitionFolder({ dir, wallMs, onProblem });
    this.#reader = new PartitionReader(options.cacheBytes ?? usualCacheBytes);
    this.#folder.open();
    this.hours = this.#openHours(join(dir, "hours.db"));
    try {
      this.#writer = this.#begin();
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.#moveDamagedAside("found at the start");
      this.#writer = this.#begin();
    }
    this.#open = builderAfter(this.#writer.partition);
    this.#safe = new Map(this.#committed);
  }

  /** @throws SQLite's error for a partition that opened, and is damaged where that is not looked at */
  #begin(): PartitionWriter {
    this.#dropTaken();
    const writer = new PartitionWriter(this.#folder.partitions.at(-1) ?? this.#folder.begin(this.#today()));
    this.#committed = this.#readOffsets();
    writer.commit({ builders: [], parts: [], offsets: this.#committed });
    return writer;
  }

  /** Looked through each time: nothing else is ever asked whether it is sound, and it is small. */
  #openHours(file: string): DatabaseSync {
    const hours = openHours(file);
    if (hours !== undefined && isSound(hours)) return hours;
    hours?.close();
    this.#folder.moveAside(file, "hours of days that are gone");
    const anew = openHours(file);
    if (anew === undefined) throw new Error(`${file} cannot be begun anew`);
    return anew;
  }

  get partitions(): readonly Partition[] {
    return this.#folder.partitions;
  }

  get damaged(): readonly string[] {
    return this.#folder.damaged;
  }

  get current(): Partition {
    return this.#writer.partition;
  }

  /** How far each segment had been taken when the store was opened, and since. */
  get offsets(): ReadonlyMap<string, number> {
    return this.#committed;
  }

  /** The same, as far as it would outlive a loss of power. */
  get safeOffsets(): ReadonlyMap<string, number> {
    return this.#safe;
  }

  /** Records that stand in the spool alone. */
  get uncommitted(): number {
    return [...this.#full, this.#open].reduce((sum, { records, committed }) => sum + records - committed, 0);
  }

  #today(): string {
    return new Date(this.#options.wallMs()).toISOString().slice(0, "2026-11-22".length);
  }

  /** An end between keeping the hours of a partition and removing it: they must not count twice. */
  #dropTaken(): void {
    const taken = this.hours.prepare("SELECT 1 FROM rollup_taken WHERE name = ?");
    const gone = this.partitions.filter((partition) => taken.get(takenName(partition)) !== undefined);
    for (const partition of gone) void this.#folder.remove(partition);
  }

  #readOffsets(): Map<string, number> {
    const offsets = new Map<string, number>();
    for (const { db } of this.partitions)
      for (const { name, offset } of db.prepare("SELECT name, offset FROM segments").all())
        offsets.set(String(name), Math.max(Number(offset), offsets.get(String(name)) ?? 0));
    return offsets;
  }

  /** Partitions go, and a quiet writer's segment stays: the newest partition knows how far every segment is taken. */
  #carryOffsets(): void {
    this.#writer.commit({ builders: [], parts: [], offsets: this.#committed });
  }

  /**
   * Takes a record; it counts and is found at once.
   * @param line of `lineOf`, without content; null = the record is whole, and its line is to be made
   */
  add({ record, recorded }: HeadOfLine, line: string | null): void {
    const startMs = Date.parse(record.time);
    if (Number.isNaN(startMs)) return;
    const endedMs = startMs + record.durationMs;
    this.#options.rollups.add(record, endedMs);
    this.#open.add(record, line ?? this.#lineWithoutContent(record, endedMs, recorded), startMs, recorded);
    if (!this.#open.isFull) return;
    this.#full.push(this.#open);
    this.#open = new BlockBuilder(this.#open.id + 1, this.#open.first + this.#open.records);
  }

  #lineWithoutContent(record: ExchangeRecord, endedMs: number, recorded: boolean): string {
    const { requestContent, responseContent, ...rest } = record;
    if (hasContent(record))
      this.#content.push({
        requestId: record.requestId,
        endedMs,
        ...(requestContent === undefined ? {} : { request: requestContent }),
        ...(responseContent === undefined ? {} : { response: responseContent }),
      });
    return lineOf(rest, recorded);
  }

  /** Content that is not written yet. */
  waitingContent(requestId: string): ContentItem | undefined {
    return this.#content.findLast((item) => item.requestId === requestId);
  }

  /**
   * Writes down what has come, with how far the spool has been read for it.
   * @throws SQLite's error when the disk takes nothing; everything stays as it was then, to be tried again
   */
  commit(offsets: ReadonlyMap<string, number>): void {
    this.flushContent();
    const { rollups } = this.#options;
    const builders = [...this.#full, this.#open];
    this.#writer.commit({ builders, parts: rollups.openParts(), offsets });
    rollups.forgetParts();
    for (const builder of builders) builder.committed = builder.records;
    for (const builder of this.#full) this.current.blocks.push(storedOf(builder));
    this.#full = [];
    for (const [name, offset] of offsets) this.#committed.set(name, offset);
  }

  /** Before the commit: content may come twice, but must not be missing. */
  flushContent(): void {
    if (this.#content.length === 0) return;
    this.#options.content.put(this.#content);
    this.#content = [];
  }

  /** To be called when nothing waits for a commit: a new day has a partition of its own, and so has what grew too large. */
  turnOver(): void {
    const { key } = this.current;
    const today = this.#today();
    const isNewDay = today > dayOf(key);
    const size = {
      records: recordsOf(this.current) + this.#open.records,
      bytes: this.#folder.bytesOf(this.current),
    };
    if (!isNewDay && !isTooLarge(size, this.settings)) return;
    this.checkpoint();
    const next = this.#beginAfterOpen(isNewDay ? today : nextKey(key));
    this.#writer = new PartitionWriter(next);
    this.#open = builderAfter(next);
    this.#carryOffsets();
  }

  /** The block that is open ends with its partition, though not while the disk takes no other. */
  #beginAfterOpen(key: string): Partition {
    const { blocks } = this.current;
    const ended = blocks.length;
    if (this.#open.records > 0) blocks.push(storedOf(this.#open));
    try {
      return this.#folder.begin(key);
    } catch (error) {
      blocks.length = ended;
      throw error;
    }
  }

  /** Brings what was committed onto the disk itself. */
  checkpoint(): void {
    if (this.#writer.checkpoint()) this.#safe = new Map(this.#committed);
  }

  forgetSegment(name: string): void {
    this.#writer.forgetSegment(name);
    this.#committed.delete(name);
  }

  /**
   * Folds roll-ups, those of today first.
   * @param isOver whether the rest is to wait
   * @returns whether there may be more to fold
   */
  fold(isOver: () => boolean): boolean {
    const nowMs = this.#options.wallMs();
    let more = false;
    for (const { db } of this.partitions.toReversed()) {
      if (foldRollups(db, nowMs, isOver)) more = true;
      if (isOver()) return true;
    }
    return more;
  }

  /** Lets go what is too old or too much. */
  async retain(): Promise<void> {
    const nowMs = this.#options.wallMs();
    const { content } = this.#options;
    const { contentRetentionDays, retentionDays } = this.settings;
    content.sweep(nowMs, Math.min(contentRetentionDays, retentionDays));
    const count = partitionsToDrop(
      this.partitions.map((partition) => ({
        day: dayOf(partition.key),
        records: recordsOf(partition),
        bytes: this.#folder.bytesOf(partition),
      })),
      content.bytes,
      nowMs,
      this.settings,
    );
    for (const partition of this.partitions.slice(0, count)) {
      keepHours({ partition: partition.db, name: takenName(partition), hours: this.hours, nowMs });
      await this.#folder.remove(partition);
    }
    const [oldest] = this.partitions;
    // Content of records that are gone.
    if (count > 0 && oldest !== undefined)
      content.sweep(nowMs, Math.ceil((nowMs - Date.parse(dayOf(oldest.key))) / dayMs));
  }

  /** Everything that can be searched, in the order in which it came. */
  blocks(): SearchedBlock[] {
    const stored = this.partitions.flatMap((partition) =>
      partition.blocks.map((block) => this.#storedBlock(partition, block)),
    );
    const open = [...this.#full, this.#open].filter(({ records }) => records > 0);
    return [...stored, ...open.map((builder) => this.#openBlock(builder))];
  }

  #openBlock(builder: BlockBuilder): SearchedBlock {
    const partition = this.current;
    return {
      partition,
      block: builder.view(),
      isThere: () => partition.isOpen,
      record: (row) => {
        const line = builder.lines[row];
        return line === undefined ? undefined : readLine(line, ownLayout);
      },
    };
  }

  #storedBlock(partition: Partition, stored: StoredBlock): SearchedBlock {
    return {
      partition,
      block: this.#reader.block(partition, stored),
      isThere: () => partition.isOpen,
      record: (row) => this.#reader.record(partition, stored.first + row),
    };
  }

  /** On disk, recorded content included. */
  get bytes(): number {
    const { content } = this.#options;
    return this.partitions.reduce((sum, partition) => sum + this.#folder.bytesOf(partition), content.bytes);
  }

  /**
   * To be called after an error that `isDamage`: looks through all partitions and moves the damaged ones aside.
   * @returns false when records can no longer be taken: whoever runs the store begins anew
   */
  isolateDamage(): boolean {
    const { current } = this;
    const damaged = this.#moveDamagedAside("found while reading");
    return damaged.length > 0 && !damaged.includes(current);
  }

  #moveDamagedAside(cause: string): readonly Partition[] {
    const damaged = this.partitions.filter(({ db }) => !isSound(db));
    for (const partition of damaged) {
      this.#folder.release(partition);
      this.#folder.moveAside(partition.file, cause);
    }
    return damaged;
  }

  /** To be called after a last commit. */
  close(): void {
    this.#folder.close();
    this.hours.close();
  }

  get records(): number {
    const inMemory = [...this.#full, this.#open].reduce((sum, { records }) => sum + records, 0);
    return this.partitions.reduce((sum, partition) => sum + recordsOf(partition), inMemory);
  }
}

/** Undefined when it is damaged. */
function openHours(file: string): DatabaseSync | undefined {
  const hours = new DatabaseSync(file);
  try {
    hours.exec(
      `PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; ${rollupSchema}`,
    );
    return hours;
  } catch (error) {
    hours.close();
    if (isDamage(error)) return undefined;
    throw error;
  }
}

/** Its name for ever in the file of hours. */
function takenName({ key, mark }: Partition): string {
  return `${key} ${mark}`;
}

function builderAfter(partition: Partition): BlockBuilder {
  return new BlockBuilder((partition.blocks.at(-1)?.id ?? -1) + 1, recordsOf(partition));
}

function storedOf({ id, first, records, minMs, maxMs }: BlockBuilder): StoredBlock {
  return { id, first, records, minMs, maxMs };
}

function isSound(db: DatabaseSync): boolean {
  try {
    return db.prepare("PRAGMA quick_check(1)").get()?.["quick_check"] === "ok";
  } catch (error) {
    if (isDamage(error)) return false;
    throw error;
  }
}
