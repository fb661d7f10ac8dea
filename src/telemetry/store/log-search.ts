// Looks for records over the blocks of a store: pages, traces, single ones, and what comes next. Gives way between
// blocks, so that whoever reads records in is never held up for long. Knows no file and no thread.
import type { LogFilter, LogItem, LogPage, LogQuery } from "../log-answers.ts";
import { readLogCursor, writeLogCursor } from "./log-cursor.ts";
import type { HeadOfLine } from "../record-lines.ts";
import { flagBits, type Block } from "./block-columns.ts";
import { Facets, TimeColumns } from "./log-facets.ts";
import { compileFilters, type LogSieve } from "./log-filter.ts";
import { NewestRows } from "./newest-rows.ts";
import type { Partition } from "./partition.ts";

/** A block of a store and where its records are. */
export interface SearchedBlock {
  readonly partition: Partition;
  readonly block: Block;
  /** False when its partition has been removed meanwhile. */
  readonly isThere: () => boolean;
  /** Undefined when it cannot be read. */
  readonly record: (row: number) => HeadOfLine | undefined;
}

export interface SearchSurroundings {
  /** Oldest first by the time at which their records came. */
  readonly blocks: readonly SearchedBlock[];
  /** Lets others go on when it is time; rejects when the search has taken too long. */
  readonly pause: () => Promise<void> | undefined;
}

/** Content that was searched: the exchanges that hold it. */
export interface FoundContent {
  readonly requestIds: readonly string[];
  readonly clipped: boolean;
}

type SearchedPage = Omit<LogPage, "tookMs" | "complete" | "since">;

/** @param found null = content is not the question */
export async function searchPage(
  query: LogQuery,
  found: FoundContent | null,
  surroundings: SearchSurroundings,
): Promise<SearchedPage> {
  const { fromMs, toMs, filters, limit } = query;
  const sieve = compileFilters({
    filters,
    fromMs,
    toMs,
    ...(found === null ? {} : { requestIds: new Set(found.requestIds) }),
  });
  const cursor = query.cursor === null ? null : readLogCursor(query.cursor);
  // One more tells whether there is another page.
  const newest = new NewestRows<SearchedBlock>(limit === 0 ? 0 : limit + 1, cursor);
  const counts = query.facets.length > 0 || query.histogramColumns > 0;
  const facets = new Facets(query.facets);
  const columns = timeColumnsOf(query, surroundings.blocks);
  let total = 0;
  for (const searched of newestFirst(surroundings.blocks)) {
    const { block } = searched;
    if (block.maxMs < (fromMs ?? -Infinity) || block.minMs >= (toMs ?? Infinity)) continue;
    if (!counts && newest.isPast(block)) continue;
    await surroundings.pause();
    const fits = searched.isThere() ? sieve.of(block) : undefined;
    if (fits === undefined) continue;
    newest.add(searched, block, fits);
    if (!counts) continue;
    for (const fit of fits) total += fit;
    facets.add(block, fits);
    columns?.add(block, fits);
  }
  const rows = newest.take();
  const last = rows[limit - 1];
  return {
    items: await itemsOf(rows.slice(0, limit), surroundings),
    nextCursor:
      rows.length > limit && last !== undefined
        ? writeLogCursor({ startMs: last.startMs, requestId: last.block.ids("requestId").at(last.row) })
        : null,
    total: counts ? total : null,
    facets: facets.take(),
    histogram: columns?.take() ?? null,
    searchClipped: found?.clipped ?? false,
  };
}

function timeColumnsOf(
  { fromMs, toMs, histogramColumns }: LogQuery,
  blocks: readonly SearchedBlock[],
): TimeColumns | undefined {
  if (histogramColumns === 0) return undefined;
  let first = Infinity;
  let last = -Infinity;
  for (const { block } of blocks) {
    first = Math.min(first, block.minMs);
    last = Math.max(last, block.maxMs);
  }
  const to = toMs ?? (last === -Infinity ? (fromMs ?? 0) + 1 : last + 1);
  const from = fromMs ?? (first === Infinity ? to - 1 : first);
  return new TimeColumns(from, to, histogramColumns);
}

function newestFirst(blocks: readonly SearchedBlock[]): readonly SearchedBlock[] {
  return blocks.toSorted((left, right) => right.block.maxMs - left.block.maxMs);
}

async function itemsOf(
  rows: readonly { readonly source: SearchedBlock; readonly row: number }[],
  { pause }: SearchSurroundings,
): Promise<LogItem[]> {
  const items: LogItem[] = [];
  for (const { source, row } of rows) {
    await pause();
    const item = itemAt(source, row);
    if (item !== undefined) items.push(item);
  }
  return items;
}

function itemAt(source: SearchedBlock, row: number): LogItem | undefined {
  const found = source.isThere() ? source.record(row) : undefined;
  return found === undefined ? undefined : { ...found.record, recorded: found.recorded };
}

const maxTrace = 1_000;

/** The newest of a trace, oldest first. */
export async function searchTrace(traceId: string, surroundings: SearchSurroundings): Promise<LogItem[]> {
  const sieve = compileFilters({
    filters: [{ field: "traceId", kind: "text", not: false, values: [traceId] }],
    needed: flagBits.listed | flagBits.traced,
  });
  const newest = new NewestRows<SearchedBlock>(maxTrace, null);
  await eachFit(sieve, surroundings, (searched, fits) => newest.add(searched, searched.block, fits));
  return (await itemsOf(newest.take(), surroundings)).toReversed();
}

/** Newest by arrival first, until `visit` gives false. */
async function eachFit(
  sieve: LogSieve,
  { blocks, pause }: SearchSurroundings,
  visit: (searched: SearchedBlock, fits: Uint8Array) => boolean | void,
): Promise<void> {
  for (const searched of blocks.toReversed()) {
    await pause();
    const fits = searched.isThere() ? sieve.of(searched.block) : undefined;
    if (fits !== undefined && visit(searched, fits) === false) return;
  }
}

/** The record with this id that came last. */
export async function searchOne(
  requestId: string,
  surroundings: SearchSurroundings,
): Promise<{ readonly source: SearchedBlock; readonly found: HeadOfLine } | undefined> {
  const sieve = compileFilters({
    filters: [],
    requestIds: new Set([requestId]),
  });
  let one: { readonly source: SearchedBlock; readonly found: HeadOfLine } | undefined;
  await eachFit(sieve, surroundings, (source, fits) => {
    const found = source.record(fits.lastIndexOf(1));
    if (found !== undefined) one = { source, found };
    return found === undefined;
  });
  return one;
}

export interface TailedBlock extends SearchedBlock {
  /** Rows before this one have been seen. */
  readonly fromRow: number;
}

/** What came, in the order in which it came. @returns and where it ended: null = all of the blocks was looked at */
export async function searchTail(
  filters: readonly LogFilter[],
  limit: number,
  blocks: readonly TailedBlock[],
  pause: SearchSurroundings["pause"],
): Promise<{
  readonly items: LogItem[];
  readonly last: { readonly block: TailedBlock; readonly row: number } | null;
}> {
  const sieve = compileFilters({ filters });
  const items: LogItem[] = [];
  for (const block of blocks) {
    await pause();
    const fits = block.isThere() ? sieve.of(block.block) : undefined;
    if (fits === undefined) continue;
    for (let row = fits.indexOf(1, block.fromRow); row !== -1; row = fits.indexOf(1, row + 1)) {
      const item = itemAt(block, row);
      if (item !== undefined) items.push(item);
      if (items.length === limit) return { items, last: { block, row } };
    }
  }
  return { items, last: null };
}
