// Calls of the admin API about exchanges: pages of the list, one exchange, a trace, feedback, and addresses of streams.
import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  type QueryClient,
} from "@tanstack/react-query";
import type {
  LogFeedback,
  LogItem,
  LogPage,
  LogRecordAnswer,
} from "../../../../src/control/routes/console-answers.ts";
import { call } from "../../api/client.ts";
import { facetFieldOf, facetWords } from "./query-fields.ts";
import { queryParameters, writeQuery, type Term } from "./query-text.ts";
import { boundsOf, type Bounds, type Span } from "./time-range.ts";

const firstPage = 100;
const laterPage = 200;
export const histogramColumns = 60;
/** While new exchanges are followed, the histogram and what was missed are read again. */
const followedEveryMs = 15_000;

/** A page and the span that it was asked for: a relative one moves, its further pages must not. */
export interface ShownPage extends LogPage {
  readonly bounds: Bounds;
}

interface NextPage {
  readonly cursor: string;
  readonly bounds: Bounds;
}

type Pair = readonly [name: string, value: string];

function address(path: string, pairs: readonly Pair[]): string {
  return `${path}?${new URLSearchParams(pairs.map(([name, value]) => [name, value])).toString()}`;
}

function boundPairs({ fromMs, toMs }: Bounds): Pair[] {
  return [
    ["from", String(fromMs)],
    ["to", String(toMs)],
  ];
}

async function readPage(
  terms: readonly Term[],
  span: Span,
  next: NextPage | null,
  signal: AbortSignal,
): Promise<ShownPage> {
  const bounds = next?.bounds ?? boundsOf(span, Date.now());
  const pairs: Pair[] = [
    ...boundPairs(bounds),
    ...queryParameters(terms),
    ...(next === null
      ? ([
          ["limit", String(firstPage)],
          ["facets", facetWords.map((word) => facetFieldOf[word]).join(",")],
          ["histogram", String(histogramColumns)],
        ] as const)
      : ([
          ["limit", String(laterPage)],
          ["cursor", next.cursor],
        ] as const)),
  ];
  const page = await call<LogPage>("GET", address("/logs", pairs), { signal });
  return { ...page, bounds };
}

const listKey = (terms: readonly Term[], span: Span) => ["logs", "list", writeQuery(terms), span] as const;

/** The list, page by page; facets, histogram and total come with the first. */
export function logListQuery(terms: readonly Term[], span: Span, isFollowed: boolean) {
  return infiniteQueryOptions({
    queryKey: listKey(terms, span),
    queryFn: ({ pageParam, signal }) => readPage(terms, span, pageParam, signal),
    initialPageParam: null as NextPage | null,
    getNextPageParam: ({ nextCursor, bounds }: ShownPage): NextPage | null =>
      nextCursor === null ? null : { cursor: nextCursor, bounds },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    refetchInterval: isFollowed ? followedEveryMs : false,
  });
}

/** What a query answered when it was asked last; undefined when that is forgotten. */
export function pageBefore(client: QueryClient, terms: readonly Term[], span: Span): ShownPage | undefined {
  return client.getQueryData(logListQuery(terms, span, false).queryKey)?.pages[0];
}

export function logDetailQuery(requestId: string) {
  return queryOptions({
    queryKey: ["logs", "one", requestId],
    queryFn: ({ signal }) =>
      call<LogRecordAnswer>("GET", `/logs/${encodeURIComponent(requestId)}`, { signal }),
    staleTime: 60_000,
  });
}

/** A score of 0 takes it back. */
export function sendFeedback(
  requestId: string,
  body: Pick<LogFeedback, "score" | "comment">,
): Promise<unknown> {
  const path = `/logs/${encodeURIComponent(requestId)}/feedback`;
  return body.score === 0 ? call("DELETE", path) : call("POST", path, { body });
}

/** Address of a file with everything that matches. */
export function exportAddress(terms: readonly Term[], bounds: Bounds, format: "jsonl" | "csv"): string {
  return `/api/v1${address("/logs/export", [["format", format], ...boundPairs(bounds), ...queryParameters(terms)])}`;
}

/** Address of the stream of new exchanges. It takes no words: content is searched once it is stored. */
export function tailAddress(terms: readonly Term[]): string {
  const fields = terms.filter(({ kind }) => kind === "field");
  return `/api/v1${address("/logs/tail", queryParameters(fields))}`;
}

/** Newest first, each exchange once. */
export function mergeRows(live: readonly LogItem[], listed: readonly LogItem[], most: number): LogItem[] {
  const known = new Set<string>();
  const rows = [...live, ...listed].filter(({ requestId }) => {
    if (known.has(requestId)) return false;
    known.add(requestId);
    return true;
  });
  return live.length === 0
    ? rows
    : rows.toSorted((one, other) => compare(other, one)).slice(0, Math.max(most, listed.length));
}

function compare(one: LogItem, other: LogItem): number {
  const [left, right] = [`${one.time} ${one.requestId}`, `${other.time} ${other.requestId}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
