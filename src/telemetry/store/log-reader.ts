// Answers what is asked of single exchanges, from the store and the recorded content. Knows no thread.
import { isoTime } from "../../lib/iso-time.ts";
import type { ContentStore } from "../content/content-store.ts";
import type {
  LogDetail,
  LogFeedback,
  LogFilter,
  LogItem,
  LogPage,
  LogQuery,
  TraceAnswer,
} from "../log-answers.ts";
import type { TailAnswer, TailQuery } from "../log-messages.ts";
import { readFeedback, writeFeedback } from "./feedback.ts";
import {
  searchOne,
  searchPage,
  searchTail,
  searchTrace,
  type SearchedBlock,
  type SearchSurroundings,
  type TailedBlock,
} from "./log-search.ts";
import type { LogStore } from "./log-store.ts";
import type { Partition } from "./partition.ts";
import { pauses } from "./pauses.ts";

/** Exchanges whose content holds the words, at most. */
const maxFoundContent = 20_000;
const deadlineMs = 12_000;

export interface LogReaderOptions {
  readonly store: LogStore;
  readonly content: ContentStore;
  readonly monotonicMs: () => number;
}

export class LogReader {
  readonly #options: LogReaderOptions;

  constructor(options: LogReaderOptions) {
    this.#options = options;
  }

  #surroundings(): SearchSurroundings {
    const { store, monotonicMs } = this.#options;
    return { blocks: store.blocks(), pause: pauses(monotonicMs, deadlineMs) };
  }

  /** @param complete whether every record that is there has been read in */
  async page(query: LogQuery, complete: boolean): Promise<LogPage> {
    const { store, content, monotonicMs } = this.#options;
    const beganMs = monotonicMs();
    let found = null;
    if (query.search !== null && query.search.trim() !== "") {
      store.flushContent();
      // Content has the time at which its exchange ended.
      found = content.search(query.search, query.fromMs, null, maxFoundContent);
    }
    const page = await searchPage(query, found, this.#surroundings());
    return { ...page, tookMs: monotonicMs() - beganMs, complete, since: this.since };
  }

  /** Start of the oldest record that is kept. */
  get since(): string | null {
    const minMs = this.#options.store
      .blocks()
      .reduce((oldest, { block }) => Math.min(oldest, block.minMs), Infinity);
    return minMs === Infinity ? null : isoTime(minMs);
  }

  async one(requestId: string): Promise<LogDetail | null> {
    const one = await searchOne(requestId, this.#surroundings());
    if (one === undefined) return null;
    const { record, recorded } = one.found;
    const feedback = readFeedback(one.source.partition.db, requestId);
    const { store, content } = this.#options;
    const kept = recorded ? (store.waitingContent(requestId) ?? content.get(requestId)) : undefined;
    return {
      ...record,
      recorded,
      feedback,
      ...(kept?.request === undefined ? {} : { requestContent: kept.request }),
      ...(kept?.response === undefined ? {} : { responseContent: kept.response }),
    };
  }

  async trace(traceId: string): Promise<TraceAnswer> {
    // What holds a wildcard is no id.
    if (/[?*]/u.test(traceId)) return { traceId, items: [] };
    return { traceId, items: await searchTrace(traceId, this.#surroundings()) };
  }

  /** The newest of a Model API, newest first. @param resourceGroups undefined: of any */
  async newest(
    api: string,
    resourceGroups: readonly string[] | undefined,
    limit: number,
  ): Promise<readonly LogItem[]> {
    const filters: LogFilter[] = [{ field: "api", kind: "text", not: false, values: [api] }];
    if (resourceGroups !== undefined)
      filters.push({ field: "resourceGroup", kind: "text", not: false, values: resourceGroups });
    const query = { fromMs: null, toMs: null, search: null, cursor: null, facets: [], histogramColumns: 0 };
    const page = await searchPage({ ...query, limit, filters }, null, this.#surroundings());
    return page.items;
  }

  /** @returns false when there is no such record */
  async setFeedback(requestId: string, feedback: LogFeedback | null): Promise<boolean> {
    const one = await searchOne(requestId, this.#surroundings());
    if (one === undefined || !one.source.isThere()) return false;
    writeFeedback(one.source.partition.db, requestId, feedback);
    return true;
  }

  async tail({ after, filters, limit }: TailQuery): Promise<TailAnswer> {
    const { store, monotonicMs } = this.#options;
    const blocks = store.blocks();
    const end = placeBehind(blocks.at(-1));
    const from = after === null ? undefined : tailedBlocks(blocks, store.partitions, after);
    // A place that is no more, as its partition is gone: from now on.
    if (from === undefined) return { items: [], next: end ?? store.current.mark };
    const { items, last } = await searchTail(filters, limit, from, pauses(monotonicMs, deadlineMs));
    const next = last === null ? (end ?? store.current.mark) : placeOf(last.block, last.row + 1);
    return { items, next };
  }
}

function placeOf({ partition, block }: SearchedBlock, row: number): string {
  return `${partition.mark} ${block.first + row}`;
}

function placeBehind(block: SearchedBlock | undefined): string | undefined {
  return block && placeOf(block, block.block.records);
}

/** What lies behind a place, in the order in which it came; undefined when the place is not known. */
function tailedBlocks(
  blocks: readonly SearchedBlock[],
  partitions: readonly Partition[],
  place: string,
): TailedBlock[] | undefined {
  const [mark, sequence = "0"] = place.split(" ");
  const number = Number(sequence);
  const first = partitions.findIndex((partition) => partition.mark === mark);
  if (first === -1 || !Number.isInteger(number)) return undefined;
  const later = new Set(partitions.slice(first + 1));
  return blocks.flatMap((block) => {
    if (later.has(block.partition)) return [{ ...block, fromRow: 0 }];
    const fromRow = block.partition.mark === mark ? Math.max(0, number - block.block.first) : Infinity;
    return fromRow < block.block.records ? [{ ...block, fromRow }] : [];
  });
}
