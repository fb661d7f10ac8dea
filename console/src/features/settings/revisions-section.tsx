// The history of the configuration: its revisions, what differs between two, and the way back. The choice is in the address.
import { Button, Radio } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { statusQuery } from "../../api/state.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import type { Translate } from "../../i18n/messages.ts";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { useRight } from "../../ui/use-may-write.ts";
import { Differences } from "./differences.tsx";
import { RollBack } from "./roll-back.tsx";
import { readRevisions, type Revision } from "./settings-calls.ts";
import { settingsMessages } from "./settings-messages.ts";
import classes from "./settings.module.css";
import { useMayConfigure } from "./use-may-configure.ts";
import "@mantine/core/styles/Radio.layer.css";

export function RevisionsSection() {
  const t = useMessages(settingsMessages);
  const right = useRight("read", "everywhere");
  if (!right.allowed)
    return (
      <EmptyState title={t("revisionsDenied")}>
        {t("revisionsDeniedText", { reason: right.reason })}
      </EmptyState>
    );
  return <Revisions />;
}

function Revisions() {
  const t = useMessages(settingsMessages);
  const search: { readonly from?: number; readonly to?: number } = useSearch({ strict: false });
  const { from, to } = search;
  const [back, setBack] = useState<number | null>(null);
  const revisions = useInfiniteQuery({
    queryKey: ["revisions", "list"],
    queryFn: ({ pageParam, signal }) => readRevisions(pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  if (revisions.isPending) return <LoadingRows rows={8} />;
  if (revisions.data === undefined) {
    return (
      <ErrorPanel
        title={t("revisionsFailed")}
        error={revisions.error}
        retry={() => void revisions.refetch()}
      />
    );
  }
  const rows = revisions.data.pages.flatMap(({ items }) => items);
  return (
    <section>
      <p className={`soft ${classes["text"]}`}>{t("revisionsText")}</p>
      <div className={classes["history"]}>
        <div>
          <RevisionTable
            rows={rows}
            now={new Date(revisions.dataUpdatedAt)}
            from={from}
            to={to}
            onRollBack={setBack}
          />
          {revisions.hasNextPage && (
            <Button
              mt={12}
              loading={revisions.isFetchingNextPage}
              onClick={() => void revisions.fetchNextPage()}
            >
              {t("older")}
            </Button>
          )}
        </div>
        {from !== undefined && to !== undefined && <Differences from={from} to={to} />}
      </div>
      {back !== null && <RollBack revision={back} onClose={() => setBack(null)} />}
    </section>
  );
}

function RevisionTable({
  rows,
  now,
  from,
  to,
  onRollBack,
}: {
  readonly rows: readonly Revision[];
  readonly now: Date;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly onRollBack: (revision: number) => void;
}) {
  const t = useMessages(settingsMessages);
  const { language } = useLanguage();
  const status = useQuery(statusQuery);
  const allowed = useMayConfigure();
  const navigate = useNavigate();
  const newest = status.data?.revision ?? rows[0]?.number;
  /** One choice alone is compared with the newest, or with the one before. */
  const choose = (side: Side, number: number): void => {
    const other = side === "from" ? (to ?? newest ?? number) : (from ?? Math.max(1, number - 1));
    void navigate({
      to: "/settings/$section",
      params: { section: "revisions" },
      search: side === "from" ? { from: number, to: other } : { from: other, to: number },
      replace: true,
    });
  };
  return (
    <DataTable
      label={t("revisions")}
      rows={rows}
      rowKey={({ number }) => String(number)}
      columns={revisionColumns({
        t,
        chosen: { from, to },
        choose,
        newest,
        allowed,
        onRollBack,
        when: (at) => formatTime(new Date(at), language, now),
      })}
    />
  );
}

type Side = "from" | "to";

interface Choosing {
  readonly chosen: { readonly [Each in Side]: number | undefined };
  readonly choose: (side: Side, number: number) => void;
}

interface ColumnFacts extends Choosing {
  readonly t: Translate<(typeof settingsMessages)["en"]>;
  readonly newest: number | undefined;
  readonly allowed: boolean;
  readonly when: (at: string) => string;
  readonly onRollBack: (revision: number) => void;
}

function Choice({
  side,
  number,
  chosen,
  choose,
}: Choosing & { readonly side: Side; readonly number: number }) {
  const t = useMessages(settingsMessages);
  return (
    <Radio
      name={`compare-${side}`}
      checked={chosen[side] === number}
      aria-label={t(side === "from" ? "compareFrom" : "compareTo", { n: String(number) })}
      onChange={() => choose(side, number)}
    />
  );
}

function revisionColumns({
  t,
  chosen,
  choose,
  newest,
  allowed,
  when,
  onRollBack,
}: ColumnFacts): Column<Revision>[] {
  const choice = { chosen, choose };
  return [
    {
      key: "from",
      head: t("from"),
      width: 44,
      cell: ({ number }) => <Choice side="from" number={number} {...choice} />,
    },
    {
      key: "to",
      head: t("to"),
      width: 44,
      cell: ({ number }) => <Choice side="to" number={number} {...choice} />,
    },
    {
      key: "number",
      head: t("revision"),
      cell: ({ number }) => (
        <span className="row g8">
          <span className="num medium">{number}</span>
          {number === newest && <span className="tag">{t("current")}</span>}
        </span>
      ),
    },
    {
      key: "at",
      head: t("when"),
      cell: ({ at }) => (
        <span className="num" title={at}>
          {when(at)}
        </span>
      ),
    },
    { key: "by", head: t("by"), cell: ({ by }) => <span title={by}>{by.replace(/^user:/u, "")}</span> },
    {
      key: "actions",
      head: "",
      name: t("actions"),
      right: true,
      cell: ({ number }) =>
        number === newest ? null : (
          <Button
            size="xs"
            variant="subtle"
            disabled={!allowed}
            title={allowed ? undefined : t("needsConfigure")}
            onClick={() => onRollBack(number)}
          >
            {t("rollBack", { n: String(number) })}
          </Button>
        ),
    },
  ];
}
