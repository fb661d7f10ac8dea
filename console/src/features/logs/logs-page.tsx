// The log explorer: query, span, histogram and list, all of it in the address; one exchange open beside the list.
import { Button } from "@mantine/core";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { RotateCw } from "lucide-react";
import { useMemo, useState } from "react";
import type { LogFacet, LogItem } from "../../../../src/control/routes/console-answers.ts";
import { formatDuration } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { Moon } from "../../ui/moon.tsx";
import { PageHead } from "../../ui/page.tsx";
import type { KnownValues } from "./completion.ts";
import { ExchangePanel } from "./exchange-panel.tsx";
import { Histogram } from "./histogram.tsx";
import { readColumns, writeColumns } from "./kept-choices.ts";
import { ColumnChooser, ExportMenu, FacetChips, SavedViews, SpanPicker } from "./list-tools.tsx";
import { pageBefore, logListQuery, mergeRows, tailAddress, type ShownPage } from "./log-calls.ts";
import { logColumns, usualColumns } from "./log-columns.tsx";
import type { LogSearch } from "./log-search.ts";
import { LogTable, listId, rowLinkId } from "./log-table.tsx";
import { logsMessages } from "./logs-messages.ts";
import classes from "./logs.module.css";
import { NoRows } from "./no-rows.tsx";
import { QueryBar } from "./query-bar.tsx";
import { facetFieldOf, facetWords } from "./query-fields.ts";
import { parseQuery, withValue, withWanted, writeQuery, type Term } from "./query-text.ts";
import { boundsOf, spanOf, spanSearch, type Span } from "./time-range.ts";
import { useLogSearch, useSearchChange } from "./use-log-search.ts";
import { mostFollowed, useFollow, type Followed } from "./use-follow.ts";

export function LogsPage() {
  const t = useMessages(logsMessages);
  const search = useLogSearch();
  const change = useSearchChange();
  const terms = parseQuery(search.q ?? "");
  const span = spanOf(search);
  const follows = followRule(terms, span);
  const isFollowing = search.follow === true && follows === "may";
  const [isAway, setAway] = useState(false);
  // Nothing moves under the eyes of whoever reads further down.
  const list = useInfiniteQuery(logListQuery(terms, span, isFollowing && !isAway));
  const followed = useFollow(isFollowing ? tailAddress(terms) : null, () => void list.refetch());
  const live = usePaused(followed, isAway);
  const rows = useMemo(
    () => mergeRows(live.rows, list.data?.pages.flatMap(({ items }) => items) ?? [], mostFollowed),
    [live.rows, list.data],
  );
  const first = list.data?.pages[0];
  const client = useQueryClient();
  const setTerms = (next: readonly Term[]): void => change({ q: writeQuery(next) || undefined });
  const setSpan = (next: Span): void => change({ ...spanSearch(next), follow: undefined });
  return (
    <div className={classes["page"]}>
      <div className={classes["top"]}>
        <PageHead
          title={t("title")}
          beside={<AllRecords page={pageBefore(client, [], span)} span={span} />}
          actions={
            <div className={classes["tools"]}>
              <SavedViews
                view={{ q: search.q ?? "", ...pick(search) }}
                onOpen={({ q, range, from, to }) => change({ q: q || undefined, range, from, to })}
              />
              <FollowButton
                rule={follows}
                state={isFollowing ? followed.state : "off"}
                onToggle={() => change({ follow: isFollowing ? undefined : true })}
              />
              <SpanPicker
                span={span}
                bounds={first?.bounds ?? boundsOf(span, list.dataUpdatedAt)}
                onChange={setSpan}
              />
            </div>
          }
        />
        <div className={classes["query"]}>
          <QueryBar
            terms={terms}
            known={knownValues(first?.facets ?? [])}
            onChange={setTerms}
            beside={first !== undefined && <Found page={first} />}
          />
          <FacetChips
            terms={terms}
            facets={first?.facets ?? []}
            before={(word) => pageBefore(client, withWanted(terms, word, []), span)?.facets}
            onChange={setTerms}
          />
          {first?.histogram !== undefined && first.histogram !== null && (
            <Histogram
              histogram={first.histogram}
              bounds={first.bounds}
              onSpan={({ fromMs, toMs }) => setSpan({ kind: "own", fromMs, toMs })}
            />
          )}
        </div>
      </div>
      <div className={classes["split"]} data-open={search.log !== undefined || undefined}>
        <List {...{ list, rows, waiting: live.waiting, terms, span, setTerms, setSpan, setAway }} />
        {search.log !== undefined && (
          <OpenExchange requestId={search.log} rows={rows} terms={terms} onTerms={setTerms} />
        )}
      </div>
    </div>
  );
}

function pick({ range, from, to }: LogSearch): LogSearch {
  return {
    ...(range === undefined ? {} : { range }),
    ...(from === undefined || to === undefined ? {} : { from, to }),
  };
}

type FollowRule = "may" | "search" | "own";

/** Words in content are searched in what is stored, and a span that has ended grows no more. */
function followRule(terms: readonly Term[], span: Span): FollowRule {
  if (terms.some(({ kind }) => kind === "search")) return "search";
  return span.kind === "own" ? "own" : "may";
}

function knownValues(facets: readonly LogFacet[]): KnownValues {
  return (word) => {
    const facetWord = facetWords.find((each) => each === word);
    if (facetWord === undefined) return [];
    return facets.find(({ field }) => field === facetFieldOf[facetWord])?.values ?? [];
  };
}

/** How many there are of the span, whatever is looked for: known once they were asked for without a query. */
function AllRecords({ page, span }: { readonly page: ShownPage | undefined; readonly span: Span }) {
  const t = useMessages(logsMessages);
  if (page === undefined || page.total === null) return null;
  return (
    <span className="dim num cut">
      {span.kind === "own"
        ? t("recordsOwn", { n: page.total })
        : t("records", { n: page.total, range: t(`range_${span.range}`) })}
    </span>
  );
}

function Found({ page }: { readonly page: ShownPage }) {
  const t = useMessages(logsMessages);
  if (page.total === null) return null;
  return (
    <span className="small dim num nowrap" role="status">
      {t("found", {
        total: page.total,
        time:
          page.tookMs < 1_000 ? `${Math.max(1, Math.round(page.tookMs))} ms` : formatDuration(page.tookMs),
      })}
    </span>
  );
}

function FollowButton({
  rule,
  state,
  onToggle,
}: {
  readonly rule: FollowRule;
  readonly state: Followed["state"];
  readonly onToggle: () => void;
}) {
  const t = useMessages(logsMessages);
  const reason = rule === "search" ? t("followNoSearch") : rule === "own" ? t("followNoOwn") : undefined;
  return (
    <Button
      aria-pressed={state !== "off"}
      disabled={rule !== "may"}
      title={reason ?? (state === "waiting" ? t("followLost") : undefined)}
      leftSection={
        <Moon phase={state === "live" ? "live" : state === "waiting" ? "crescent" : "ring"} size={11} />
      }
      onClick={onToggle}
    >
      {t(state === "off" ? "follow" : "following")}
    </Button>
  );
}

interface ListProps {
  readonly list: ReturnType<typeof useInfiniteQuery<ShownPage, Error, { pages: ShownPage[] }>>;
  readonly terms: readonly Term[];
  readonly span: Span;
  readonly rows: readonly LogItem[];
  /** New ones that wait above. */
  readonly waiting: number;
  readonly setAway: (isAway: boolean) => void;
  readonly setTerms: (terms: readonly Term[]) => void;
  readonly setSpan: (span: Span) => void;
}

function List({ list, rows, waiting, terms, span, setTerms, setSpan, setAway }: ListProps) {
  const t = useMessages(logsMessages);
  const search = useLogSearch();
  const change = useSearchChange();
  const [shown, setShown] = useState(() => readColumns() ?? usualColumns);
  if (list.data === undefined) {
    return (
      <div className={classes["list"]}>
        {list.isError ? (
          <ErrorPanel title={t("loadFailed")} error={list.error} retry={() => void list.refetch()} />
        ) : (
          <LoadingRows rows={12} height={35} />
        )}
      </div>
    );
  }
  const [first] = list.data.pages;
  const columns = logColumns.filter(({ key }) => shown.includes(key));
  return (
    <div className={classes["list"]} data-stale={list.isPlaceholderData || undefined}>
      {list.isError && (
        <ErrorPanel title={t("loadFailed")} error={list.error} retry={() => void list.refetch()} />
      )}
      <Notes page={first} />
      {waiting > 0 && (
        <button
          type="button"
          className={classes["new"]}
          onClick={() => document.getElementById(listId)?.scrollTo({ top: 0 })}
        >
          {t("newRows", { n: waiting })} <span className="dim">({t("followPaused")})</span>
        </button>
      )}
      {rows.length === 0 ? (
        <NoRows {...{ terms, span, setTerms, setSpan }} page={first} />
      ) : (
        <LogTable
          key={`${search.q ?? ""} ${JSON.stringify(span)}`}
          rows={rows}
          columns={columns}
          selected={search.log}
          now={list.dataUpdatedAt}
          onMove={(log) => change({ log }, true)}
          onScroll={setAway}
        >
          <Older list={list} />
        </LogTable>
      )}
      {rows.length > 0 && (
        <div className={classes["foot"]}>
          <span className="num">
            {first?.total === null || first === undefined
              ? t("shownOnly", { shown: rows.length })
              : t("shown", { shown: rows.length, total: Math.max(first.total, rows.length) })}
          </span>
          <span className={`grow ${classes["keys"]}`}>{t.rich("keys")}</span>
          <Button
            size="xs"
            variant="subtle"
            leftSection={<RotateCw size={14} />}
            loading={list.isRefetching && !list.isFetchingNextPage}
            onClick={() => void list.refetch()}
          >
            {t("refresh")}
          </Button>
          <ColumnChooser
            shown={shown}
            onChange={(keys) => {
              setShown(keys);
              writeColumns(keys);
            }}
          />
          <ExportMenu terms={terms} bounds={first?.bounds ?? boundsOf(span, list.dataUpdatedAt)} />
        </div>
      )}
    </div>
  );
}

/** While somebody reads further down, what comes waits above: nothing moves under his eyes. */
function usePaused({ rows, state }: Followed, isAway: boolean) {
  const [held, setHeld] = useState<Followed["rows"] | null>(null);
  const isHeld = isAway && state !== "off";
  if (isHeld !== (held !== null)) setHeld(isHeld ? rows : null);
  const [newest] = held ?? [];
  const place = rows.findIndex((row) => row.requestId === newest?.requestId);
  return {
    rows: held ?? rows,
    waiting: held === null ? 0 : place === -1 ? rows.length : place,
  };
}

function Notes({ page }: { readonly page: ShownPage | undefined }) {
  const t = useMessages(logsMessages);
  if (page === undefined) return null;
  return (
    <>
      {!page.complete && (
        <p className={`small dim ${classes["note"]}`} role="status">
          {t("incomplete")}
        </p>
      )}
      {page.searchClipped && (
        <p className={`small dim ${classes["note"]}`} role="status">
          {t("clipped")}
        </p>
      )}
    </>
  );
}

function Older({ list }: { readonly list: ListProps["list"] }) {
  const t = useMessages(logsMessages);
  return (
    <div className={classes["older"]}>
      {list.hasNextPage ? (
        <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t("older")}
        </Button>
      ) : (
        <span className="small dim">{t("end")}</span>
      )}
    </div>
  );
}

/** The exchange beside the list. Closed, it leaves no step in the history where a link opened it. */
function OpenExchange({
  requestId,
  rows,
  terms,
  onTerms,
}: {
  readonly requestId: string;
  readonly rows: readonly LogItem[];
  readonly terms: readonly Term[];
  readonly onTerms: (terms: readonly Term[]) => void;
}) {
  const router = useRouter();
  const change = useSearchChange();
  const { tab } = useLogSearch();
  const index = rows.findIndex((row) => row.requestId === requestId);
  const close = (): void => {
    if (router.state.location.state.openedHere === true) router.history.back();
    else change({ log: undefined, tab: undefined }, true);
    focusRow(requestId);
  };
  return (
    <ExchangePanel
      requestId={requestId}
      tab={tab}
      onTab={(next) => change({ tab: next }, true)}
      onFilter={(word, value, not) => onTerms(withValue(terms, word, value, not))}
      onClose={close}
      onStep={(step) => {
        const next = index === -1 ? undefined : rows[index + step];
        return next === undefined ? undefined : () => change({ log: next.requestId }, true);
      }}
    />
  );
}

/** Once the panel has gone. */
function focusRow(requestId: string): void {
  requestAnimationFrame(() =>
    requestAnimationFrame(() => document.getElementById(rowLinkId(requestId))?.focus()),
  );
}
