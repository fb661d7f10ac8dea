// The newest exchanges as lines of a list: so many of all, and some of each Model API however quiet it is. In memory.
import type { ExchangeRecord } from "../core/exchange-record.ts";
import { shortText } from "../lib/short-text.ts";
import type { ExchangeSummary, LogPage } from "./traffic-answers.ts";

const maxOverall = 5_000;
const maxPerApi = 50;
const maxApis = 400;
const maxPath = 256;

/** Every field that is given must be equal. */
export interface LogFilters {
  readonly api?: string;
  readonly service?: string;
  readonly model?: string;
  readonly consumer?: string;
  readonly status?: string;
  readonly outcome?: string;
}

export interface LogQuery {
  readonly filters: LogFilters;
  readonly limit: number;
  /** Only what comes after this place in the list; from `nextCursor`. */
  readonly after: string | null;
}

interface Kept {
  /** By time, then id. */
  readonly sortKey: string;
  readonly summary: ExchangeSummary;
}

/** Oldest first, at most so many. */
class KeptList {
  readonly items: Kept[] = [];
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  add(kept: Kept): void {
    const { items } = this;
    const full = items.length >= this.#max;
    const at = this.#firstAfter(kept.sortKey);
    if (full && at === 0) return;
    items.splice(at, 0, kept);
    if (full) items.shift();
  }

  /** Records come about in order, but for those that were long under way. */
  #firstAfter(sortKey: string): number {
    let low = 0;
    let high = this.items.length;
    if ((this.items[high - 1]?.sortKey ?? "") <= sortKey) return high;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.items[middle]?.sortKey ?? "") > sortKey) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  get newest(): string {
    return this.items.at(-1)?.sortKey ?? "";
  }
}

export class RecentExchanges {
  readonly #overall = new KeptList(maxOverall);
  readonly #byApi = new Map<string, KeptList>();

  add(record: ExchangeRecord): void {
    const kept = { sortKey: `${record.time} ${record.requestId}`, summary: summaryOf(record) };
    this.#overall.add(kept);
    this.#listOf(record.api, kept.sortKey)?.add(kept);
  }

  #listOf(api: string, sortKey: string): KeptList | undefined {
    const known = this.#byApi.get(api);
    if (known !== undefined) return known;
    if (this.#byApi.size >= maxApis) {
      const [quietest] = [...this.#byApi].toSorted(([, left], [, right]) =>
        left.newest < right.newest ? -1 : 1,
      );
      if (quietest === undefined || quietest[1].newest > sortKey) return undefined;
      this.#byApi.delete(quietest[0]);
    }
    const list = new KeptList(maxPerApi);
    this.#byApi.set(api, list);
    return list;
  }

  /** Newest first. */
  ofApi(api: string, limit: number): ExchangeSummary[] {
    const items = this.#byApi.get(api)?.items ?? [];
    return items
      .slice(-limit)
      .toReversed()
      .map(({ summary }) => summary);
  }

  page({ filters, limit, after }: LogQuery): LogPage {
    const wanted = Object.entries(filters).filter(([, value]) => value !== undefined);
    const found = this.#all(filters.api).filter(
      ({ sortKey, summary }) =>
        (after === null || sortKey < after) && wanted.every(([name, value]) => has(summary, name, value)),
    );
    const items = found.slice(0, limit);
    const more = found.length > limit;
    return {
      items: items.map(({ summary }) => summary),
      nextCursor: more ? (items.at(-1)?.sortKey ?? null) : null,
    };
  }

  /** All that is kept, newest first, each once. */
  #all(api: string | undefined): Kept[] {
    const bySortKey = new Map<string, Kept>();
    const lists = api === undefined ? [...this.#byApi.values()] : [this.#byApi.get(api)];
    for (const list of [this.#overall, ...lists])
      for (const kept of list?.items ?? []) bySortKey.set(kept.sortKey, kept);
    return [...bySortKey.values()].toSorted((left, right) => (left.sortKey > right.sortKey ? -1 : 1));
  }
}

function has(summary: ExchangeSummary, name: string, value: string): boolean {
  switch (name) {
    case "api":
      return summary.api === value;
    case "service":
      return summary.servedBy.some(({ service }) => service === value);
    case "model":
      return summary.requestedModel === value || summary.servedBy.some(({ model }) => model === value);
    case "consumer":
      return summary.consumer === value;
    case "status":
      return /^[1-5]xx$/u.test(value)
        ? String(summary.status).startsWith(value.charAt(0))
        : String(summary.status) === value;
    default:
      return summary.outcome === value;
  }
}

function summaryOf(record: ExchangeRecord): ExchangeSummary {
  const { usage } = record;
  return {
    requestId: record.requestId,
    time: record.time,
    api: record.api,
    route: record.route,
    consumer: record.consumer,
    method: record.method,
    path: shortText(record.path, maxPath),
    status: record.status,
    outcome: record.outcome,
    errorCode: record.errorCode,
    requestedModel: record.requestedModel,
    servedBy: targetsOf(record),
    attempts: record.attempts.length,
    stream: record.stream,
    ttftMs: record.ttftMs,
    durationMs: record.durationMs,
    inputTokens: usage?.inputTokens ?? null,
    outputTokens: usage?.outputTokens ?? null,
  };
}

/** Each target once, though it may have been sent to more than once. */
function targetsOf({ attempts }: ExchangeRecord): ExchangeSummary["servedBy"] {
  return attempts
    .filter(({ service, model }, index) => {
      const before = attempts[index - 1];
      return before?.service !== service || before.model !== model;
    })
    .slice(0, 20)
    .map(({ service, model }) => ({ service, model }));
}
