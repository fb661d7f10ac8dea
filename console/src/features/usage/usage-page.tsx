// What was consumed over a time, as a table by Model API, model, consumer, service or resource group.
import { Button, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Download, X } from "lucide-react";
import type { UsageAnswer, UsageRow } from "../../../../src/control/routes/console-answers.ts";
import { formatCount, formatMoney, formatShare, formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import type { Translate } from "../../i18n/messages.ts";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageFoot, PageHead } from "../../ui/page.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useHasPrices } from "../prices/use-has-prices.ts";
import { logQuery } from "../metrics/metrics-links.ts";
import { usageMessages } from "./usage-messages.ts";
import {
  measureOf,
  shareOf,
  usageFilters,
  usageParameters,
  usageQuery,
  usualGroups,
  usualRange,
} from "./usage-query.ts";
import { usageGroups, usageRanges, type UsageGroup, type UsageSearch } from "./usage-search.ts";

const route = getRouteApi("/app/observe/usage");
type Words = Translate<(typeof usageMessages)["en"]>;
const mostRows = 1_000;

/** Another day than any that is shown: times are written with theirs. */
const withDays = new Date(0);

/** What stands where a request had none of it. */
const noneWords = {
  api: "noneApi",
  model: "noneModel",
  consumer: "noneConsumer",
  service: "noneService",
  resourceGroup: "noneResourceGroup",
} as const;

export function UsagePage() {
  const t = useMessages(usageMessages);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const usage = useQuery(usageQuery(search));
  const groups = search.by ?? usualGroups;
  const change = (values: UsageSearch): void =>
    void navigate({ search: (before) => ({ ...before, ...values }), replace: true });
  const toggle = (group: UsageGroup): void => {
    const next = usageGroups.filter((each) => groups.includes(each) !== (each === group));
    if (next.length > 0) change({ by: next });
  };
  return (
    <>
      <PageHead
        title={t("title")}
        actions={
          <>
            <SegmentedControl
              aria-label={t("range")}
              value={search.from === undefined ? (search.range ?? usualRange) : ""}
              data={usageRanges.map((range) => ({ value: range, label: t(`r${range}`) }))}
              onChange={(value) =>
                change({
                  range: usageRanges.find((each) => each === value),
                  from: undefined,
                  to: undefined,
                })
              }
            />
            <Button leftSection={<Download size={15} />} onClick={() => downloadCsv(search)}>
              {t("csv")}
            </Button>
          </>
        }
      />
      <div className="list-tools" role="group" aria-label={t("by")}>
        <span className="small dim">{t("by")}</span>
        {usageGroups.map((group) => (
          <button
            key={group}
            type="button"
            className="chip"
            aria-pressed={groups.includes(group)}
            onClick={() => toggle(group)}
          >
            {t(group)}
          </button>
        ))}
        <Filters search={search} onChange={change} />
      </div>
      {usage.data === undefined ? (
        <PageBody>
          {usage.isError ? (
            <ErrorPanel title={t("failed")} error={usage.error} retry={() => void usage.refetch()} />
          ) : (
            <LoadingRows height={44} />
          )}
        </PageBody>
      ) : (
        <Table answer={usage.data} groups={groups} onFilter={change} />
      )}
    </>
  );
}

/** The browser takes the answer as a file, with its session. */
function downloadCsv(search: UsageSearch): void {
  const given = Object.entries(usageParameters(search, new Date())).map(([name, value]) => [
    name,
    String(value),
  ]);
  const query = new URLSearchParams([...given, ["format", "csv"]]);
  const link = document.createElement("a");
  link.href = `/api/v1/usage?${query.toString()}`;
  link.download = "usage.csv";
  link.click();
}

function Filters({
  search,
  onChange,
}: {
  readonly search: UsageSearch;
  readonly onChange: (values: UsageSearch) => void;
}) {
  const t = useMessages(usageMessages);
  const ui = useMessages(uiMessages);
  return Object.entries(usageFilters(search)).map(([name, values]) => {
    const group = usageGroups.find((each) => each === name);
    if (group === undefined) return null;
    return (
      <button
        key={name}
        type="button"
        className="chip chip-set"
        aria-label={ui("remove", {
          name: `${t(group)}: ${values.map((value) => (value === "" ? t(noneWords[group]) : value)).join(", ")}`,
        })}
        onClick={() => onChange({ [group]: undefined })}
      >
        {t(group)}: {values.map((value) => (value === "" ? t(noneWords[group]) : value)).join(", ")}
        <X size={13} aria-hidden />
      </button>
    );
  });
}

function Table({
  answer,
  groups,
  onFilter,
}: {
  readonly answer: UsageAnswer;
  readonly groups: readonly UsageGroup[];
  readonly onFilter: (values: UsageSearch) => void;
}) {
  const t = useMessages(usageMessages);
  const { language } = useLanguage();
  const { items, total } = answer;
  const hasCost = useHasPrices() || total.costUsd > 0;
  const named = groups.map((group, index) => nameColumn(group, index === 0, { answer, t, onFilter }));
  const columns = [...named, ...valueColumns(answer, hasCost, t)];
  return (
    <>
      <PageBody>
        {items.length === 0 ? (
          <p className="soft" style={{ padding: "20px 0" }}>
            {t("none")}
          </p>
        ) : (
          <DataTable
            label={t("title")}
            columns={columns}
            rows={[...items, total]}
            rowKey={(row) =>
              row === total ? "total" : groups.map((group) => `=${row.labels[group]}`).join(" ")
            }
          />
        )}
        {total.estimatedRequests > 0 && (
          <p className="small dim" style={{ marginTop: 10 }}>
            {t("estimatedNote", { n: total.estimatedRequests })}
          </p>
        )}
        {items.length > 0 && !hasCost && (
          <p className="small dim" style={{ marginTop: 6 }}>
            {t("noCost")}{" "}
            <Link to="/settings/$section" params={{ section: "prices" }} className="textlink">
              {t("setPrices")}
            </Link>
          </p>
        )}
        {items.length >= mostRows && <p className="small dim">{t("clipped")}</p>}
        {!answer.complete && <p className="small dim">{t("incomplete")}</p>}
      </PageBody>
      <PageFoot>
        <span className="num">
          {t("span", {
            from: formatTime(new Date(answer.from), language, withDays),
            to: formatTime(new Date(answer.to), language, withDays),
          })}
        </span>
      </PageFoot>
    </>
  );
}

function nameColumn(
  group: UsageGroup,
  isFirst: boolean,
  { answer, t, onFilter }: { answer: UsageAnswer; t: Words; onFilter: (values: UsageSearch) => void },
): Column<UsageRow> {
  return {
    key: group,
    head: t(group),
    cell: ({ labels }) => {
      const value = labels[group];
      // The row of the total has no labels.
      if (Object.keys(labels).length === 0) return isFirst && <span className="strong">{t("total")}</span>;
      if (value === undefined) return "";
      if (value === "") return <WithoutName group={group} answer={answer} />;
      const name = value;
      return (
        <button
          type="button"
          className="link cut"
          style={{ maxWidth: 260 }}
          title={name}
          aria-label={t("filterBy", { name })}
          onClick={() => onFilter({ [group]: [value] })}
        >
          {name}
        </button>
      );
    },
  };
}

/** Requests that had none, such as those that no Model API fitted: there is no object, but there are their records. */
function WithoutName({ group, answer }: { readonly group: UsageGroup; readonly answer: UsageAnswer }) {
  const t = useMessages(usageMessages);
  const name = t(noneWords[group]);
  return (
    <Link
      to="/observe/logs"
      search={{ q: logQuery({ [group]: [""] }), from: Date.parse(answer.from), to: Date.parse(answer.to) }}
      className="link nowrap"
      style={{ color: "var(--mg-ink-3)" }}
      aria-label={t("openLogs", { name })}
    >
      {name}
    </Link>
  );
}

function valueColumns({ total }: UsageAnswer, hasCost: boolean, t: Words): Column<UsageRow>[] {
  const measure = measureOf(total);
  const count = (key: string, head: string, read: (row: UsageRow) => number): Column<UsageRow> => ({
    key,
    head,
    right: true,
    cell: (row) => (
      <span className="num" title={String(read(row))}>
        {formatCount(read(row))}
      </span>
    ),
  });
  const shareWord = { cost: "shareCost", tokens: "shareTokens", requests: "shareRequests" } as const;
  const hasUnits = total.images > 0 || total.seconds > 0 || total.characters > 0;
  return [
    {
      key: "requests",
      head: t("requests"),
      right: true,
      cell: ({ requests, estimatedRequests }) => (
        <span className="num">
          {formatCount(requests)}
          {estimatedRequests > 0 && (
            <span className="tiny dim" style={{ display: "block" }}>
              {t("estimated", { n: estimatedRequests })}
            </span>
          )}
        </span>
      ),
    },
    count("input", t("input"), ({ inputTokens }) => inputTokens),
    ...(total.cachedInputTokens > 0
      ? [count("cached", t("cached"), ({ cachedInputTokens }) => cachedInputTokens)]
      : []),
    count("output", t("output"), ({ outputTokens }) => outputTokens),
    ...(total.reasoningTokens > 0
      ? [count("reasoning", t("reasoning"), ({ reasoningTokens }) => reasoningTokens)]
      : []),
    ...(hasUnits
      ? [{ key: "units", head: t("units"), right: true, cell: (row: UsageRow) => unitsText(row, t) }]
      : []),
    {
      key: "cost",
      head: t("cost"),
      right: true,
      cell: ({ costUsd, estimatedRequests }) => (
        <span className="num nowrap" title={String(costUsd)}>
          {hasCost ? formatMoney(costUsd, { estimated: costUsd > 0 && estimatedRequests > 0 }) : "—"}
        </span>
      ),
    },
    {
      key: "share",
      head: (
        <>
          {t("share")} <span className="dim">{t(shareWord[measure])}</span>
        </>
      ),
      width: 190,
      cell: (row) => <ShareBar share={shareOf(row, total, measure)} />,
    },
  ];
}

function ShareBar({ share }: { readonly share: number }) {
  return (
    <span className="row g8">
      <span className="bar grow" aria-hidden>
        <i style={{ width: `${share * 100}%`, background: "var(--mg-c1)" }} />
      </span>
      <span className="num dim tiny" style={{ width: 44, textAlign: "right" }}>
        {formatShare(share)}
      </span>
    </span>
  );
}

function unitsText({ images, seconds, characters }: UsageRow, t: Words): string {
  const texts = [
    images > 0 ? t("images", { n: images }) : "",
    seconds > 0 ? t("seconds", { n: seconds }) : "",
    characters > 0 ? t("characters", { n: characters }) : "",
  ].filter((text) => text !== "");
  return texts.length === 0 ? "—" : texts.join(", ");
}
