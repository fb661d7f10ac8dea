// The metrics: views of panels over one span of time, with filters, comparison and a selection that leads to the logs.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { ScanSearch } from "lucide-react";
import { useMemo } from "react";
import { listQuery } from "../../api/resources.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { chartMessages } from "../../ui/chart/chart-messages.ts";
import { stepWord } from "../../ui/chart/chart-words.ts";
import { SharedCrosshair } from "../../ui/chart/crosshair.tsx";
import type { ChartMark, TimeRange } from "../../ui/chart/picture.ts";
import { momentText, offsetOf } from "../../ui/chart/scale.ts";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { useRight } from "../../ui/use-may-write.ts";
import { FilterChips } from "./filter-chips.tsx";
import { logQuery, promQlOf } from "./metrics-links.ts";
import { metricsMessages } from "./metrics-messages.ts";
import { answersOf, filtersOf, viewQuery, type Ask, type ViewAnswer } from "./metrics-query.ts";
import { filterNames, views, type MetricsSearch, type MetricsView } from "./metrics-search.ts";
import { spanOf } from "./metrics-span.ts";
import classes from "./metrics.module.css";
import { PanelView } from "./panel-view.tsx";
import { panels } from "./panels.ts";
import type { PanelContext } from "./panel.ts";
import { RangeTools } from "./range-tools.tsx";
import { revisionsQuery, wantedShares } from "./page-facts.ts";
import { pageColours } from "./series-colours.ts";

const route = getRouteApi("/app/observe/metrics");
/** How many requests a selection holds. */
const counted: Ask = { name: "requests" };

export function MetricsPage() {
  const t = useMessages(metricsMessages);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const client = useQueryClient();
  const view = search.view ?? "summary";
  const asks = useMemo(() => [counted, ...panels[view].flatMap((panel) => panel.asks)], [view]);
  const query = useQuery(viewQuery(asks, search));
  const change = (values: MetricsSearch, replace = true): void =>
    void navigate({ search: (before) => ({ ...before, ...values }), replace });
  const span = () => spanOf(search, Date.now());
  const filters = filtersOf(search);
  return (
    <>
      <PageHead
        title={t("title")}
        documentTitle={`${t(view)} · ${t("title")}`}
        actions={
          <RangeTools
            search={search}
            span={span}
            onChange={(values) => change(values, values.from === undefined)}
            onRefresh={() => void client.invalidateQueries({ queryKey: ["metrics"] })}
          />
        }
      />
      <div className={classes["tools"]}>
        <FilterChips
          filters={filters}
          span={span}
          onChange={(name, values) => change({ [name]: values.length === 0 ? undefined : values })}
        />
        {Object.keys(filters).length > 0 && (
          <button
            type="button"
            className="textlink small"
            onClick={() => change(Object.fromEntries(filterNames.map((name) => [name, undefined])))}
          >
            {t("clearFilters")}
          </button>
        )}
        <State
          search={search}
          answer={query.data}
          readMs={query.dataUpdatedAt}
          onUtc={(utc) => change({ utc })}
        />
      </div>
      <Tabs view={view} search={search} answer={query.data} />
      <PageBody flush>
        {query.data === undefined ? (
          <div className={classes["foot"]}>
            {query.isError ? (
              <ErrorPanel title={t("failed")} error={query.error} retry={() => void query.refetch()} />
            ) : (
              <LoadingRows rows={8} height={60} />
            )}
          </div>
        ) : (
          <>
            {query.isError && (
              <div className={classes["foot"]}>
                <ErrorPanel title={t("failed")} error={query.error} retry={() => void query.refetch()} />
              </div>
            )}
            <Grid view={view} asks={asks} answer={query.data} stale={query.isPlaceholderData} />
          </>
        )}
      </PageBody>
    </>
  );
}

/** When it was read, how long a column is, which time is shown. */
function State({
  search,
  answer,
  readMs,
  onUtc,
}: {
  readonly search: MetricsSearch;
  readonly answer: ViewAnswer | undefined;
  readonly readMs: number;
  readonly onUtc: (utc: true | undefined) => void;
}) {
  const t = useMessages(metricsMessages);
  const words = useMessages(chartMessages);
  const { language } = useLanguage();
  const isUtc = search.utc === true;
  const zone = t(isUtc ? "utcTime" : "localTime");
  const end = answer === undefined ? undefined : answer.now.startMs + answer.now.columns * answer.now.stepMs;
  return (
    <span className={classes["state"]}>
      {end !== undefined && (
        <span>
          {t("moment", {
            time: momentText(end, { endMs: readMs, stepMs: 1_000 }, language, offsetOf(end, isUtc)),
          })}
        </span>
      )}
      <button
        type="button"
        aria-label={t("switchTime", { zone })}
        onClick={() => onUtc(isUtc ? undefined : true)}
      >
        {zone}
      </button>
      {answer !== undefined && <span>· {t("columns", { step: stepWord(answer.now.stepMs, words) })}</span>}
    </span>
  );
}

function Tabs({
  view,
  search,
  answer,
}: {
  readonly view: MetricsView;
  readonly search: MetricsSearch;
  readonly answer: ViewAnswer | undefined;
}) {
  const t = useMessages(metricsMessages);
  return (
    <div className={classes["tabs"]}>
      <nav aria-label={t("views")} tabIndex={-1}>
        {views.map((each) => (
          <Link
            key={each}
            data-tab
            to="/observe/metrics"
            search={{ ...search, view: each === "summary" ? undefined : each }}
            activeOptions={{ exact: true, includeSearch: true, explicitUndefined: true }}
            aria-current={each === view ? "page" : undefined}
          >
            {t(each)}
          </Link>
        ))}
      </nav>
      {search.markFrom !== undefined && search.markTo !== undefined && answer !== undefined && (
        <Selection search={search} range={{ fromMs: search.markFrom, toMs: search.markTo }} answer={answer} />
      )}
    </div>
  );
}

const unmarked = { markFrom: undefined, markTo: undefined };

/** What was selected on the charts, and what can be done with it. */
function Selection({
  search,
  range: { fromMs, toMs },
  answer: { now },
}: {
  readonly search: MetricsSearch;
  readonly range: TimeRange;
  readonly answer: ViewAnswer;
}) {
  const t = useMessages(metricsMessages);
  const { language } = useLanguage();
  const offset = offsetOf(toMs, search.utc === true);
  const text = (ms: number): string =>
    momentText(
      ms,
      { endMs: now.startMs + now.columns * now.stepMs - 1, stepMs: now.stepMs },
      language,
      offset,
    );
  // The count of requests is the first question of every view.
  const values = now.metrics[0]?.series[0]?.values ?? [];
  const count = values.reduce<number>((sum, value, column) => {
    const at = now.startMs + column * now.stepMs;
    return at >= fromMs && at < toMs ? sum + (value ?? 0) : sum;
  }, 0);
  return (
    <section className={classes["selection"]} aria-label={t("selectionRegion")}>
      <span role="status" className="row g6">
        <ScanSearch size={14} aria-hidden />
        {t("selection", { from: text(fromMs), to: text(toMs), n: count })}
      </span>
      <Link
        to="/observe/metrics"
        search={{ ...search, ...unmarked, range: undefined, from: fromMs, to: toMs }}
        className="textlink"
      >
        {t("zoom")}
      </Link>
      <Link
        to="/observe/logs"
        search={{ q: logQuery(filtersOf(search)), from: fromMs, to: toMs }}
        className="textlink"
      >
        {t("openLogs")}
      </Link>
      <Link to="/observe/metrics" search={{ ...search, ...unmarked }} className="textlink" replace>
        {t("clearSelection")}
      </Link>
    </section>
  );
}

function Grid({
  view,
  asks,
  answer,
  stale,
}: {
  readonly view: MetricsView;
  readonly asks: readonly Ask[];
  readonly answer: ViewAnswer;
  readonly stale: boolean;
}) {
  const t = useMessages(metricsMessages);
  const { language } = useLanguage();
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const apis = useQuery(listQuery("model-apis"));
  // The history as a whole tells of every resource group.
  const seesHistory = useRight("read", "everywhere").allowed;
  const revisions = useQuery({ ...revisionsQuery, enabled: seesHistory });
  const { now, before } = answer;
  const onlyApi = search.api?.length === 1 ? search.api[0] : undefined;
  const api = apis.data?.items.find(({ name }) => name === onlyApi);
  const made = useMemo(() => {
    const context: PanelContext = {
      answers: answersOf(asks, now),
      before: before === null ? null : answersOf(asks, before),
      columns: { startMs: now.startMs, stepMs: now.stepMs, columns: now.columns },
      colours: pageColours(),
      t,
      wanted: api === undefined ? null : wantedShares(api),
    };
    const endMs = now.startMs + now.columns * now.stepMs;
    // Several edits in one column are one vertical.
    const columnOf = (ms: number): number => Math.floor((ms - now.startMs) / now.stepMs);
    const marks: ChartMark[] = (revisions.data?.items ?? [])
      .map(({ number, at }) => ({ ms: Date.parse(at), text: t("revision", { n: number }) }))
      .filter(({ ms }) => ms >= now.startMs && ms < endMs)
      .filter(({ ms }, index, all) => columnOf(ms) !== columnOf(all[index - 1]?.ms ?? endMs));
    const contents = panels[view].map((panel) => {
      const content = panel.content(context);
      return content.type === "chart" ? { ...content, picture: { ...content.picture, marks } } : content;
    });
    return { context, marks, contents };
  }, [asks, now, before, t, api, revisions.data, view]);
  const band =
    search.markFrom === undefined || search.markTo === undefined
      ? null
      : { fromMs: search.markFrom, toMs: search.markTo };
  return (
    <SharedCrosshair>
      <div className={classes["grid"]} data-stale={stale || undefined} aria-busy={stale}>
        {panels[view].map((panel, index) => {
          const content = made.contents[index];
          return (
            content !== undefined && (
              <PanelView
                key={`${view} ${panel.title}`}
                panel={panel}
                context={made.context}
                content={content}
                marks={made.marks}
                isUtc={search.utc === true}
                band={band}
                promQl={
                  panel.promQl === undefined
                    ? undefined
                    : promQlOf(panel.promQl, filtersOf(search), now.stepMs)
                }
                onSelect={(range) =>
                  void navigate({
                    search: (old) => ({ ...old, markFrom: range?.fromMs, markTo: range?.toMs }),
                    replace: true,
                  })
                }
                onFilter={(name, value) => void navigate({ search: (old) => ({ ...old, [name]: [value] }) })}
              />
            )
          );
        })}
      </div>
      <div className={classes["foot"]}>
        {!now.complete && (
          <p className="tiny dim">
            {now.since === null
              ? t("reading")
              : t("incomplete", {
                  time: formatTime(
                    new Date(now.since),
                    language,
                    new Date(now.startMs + now.columns * now.stepMs),
                  ),
                })}
          </p>
        )}
      </div>
    </SharedCrosshair>
  );
}
