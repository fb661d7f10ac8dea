// The audit log, newest first: filters and the open entry stand in the address.
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { AuditEntry } from "../../../../src/control/audit/audit-entry.ts";
import { useMessages } from "../../i18n/language.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { ListSearch } from "../../ui/list-search.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { useReach, useRight } from "../../ui/use-may-write.ts";
import { readSettingsSearch, type SettingsSearch } from "../settings/settings-search.ts";
import { readEntries } from "./audit-calls.ts";
import { AuditFilters } from "./audit-filters.tsx";
import { isFiltered, questionOf } from "./audit-filter.ts";
import { auditMessages } from "./audit-messages.ts";
import classes from "./audit.module.css";
import { AuditTable } from "./audit-table.tsx";
import { AuditTools } from "./audit-tools.tsx";
import { EntryPanel } from "./entry-panel.tsx";

export function AuditSection() {
  const t = useMessages(auditMessages);
  const right = useRight("audit");
  if (!right.allowed)
    return <EmptyState title={t("deniedTitle")}>{t("deniedText", { reason: right.reason })}</EmptyState>;
  return <Audit />;
}

function Audit() {
  const t = useMessages(auditMessages);
  const reach = useReach("audit");
  const given: SettingsSearch = useSearch({ strict: false });
  const search = readSettingsSearch({ ...given });
  const navigate = useNavigate();
  const [now] = useState(() => Date.now());
  const question = questionOf(search, now);
  const show = (change: Partial<Record<keyof SettingsSearch, unknown>>): void =>
    void navigate({
      to: "/settings/$section",
      params: { section: "audit" },
      search: readSettingsSearch({ ...search, ...change }),
      replace: true,
    });
  const pages = useInfiniteQuery({
    queryKey: ["audit-log", "list", question],
    queryFn: ({ pageParam, signal }) => readEntries(question, pageParam, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  const entries = pages.data?.pages.flatMap(({ items }) => items);
  const filter = (change: Partial<Record<keyof SettingsSearch, unknown>>): void =>
    show({ ...change, entry: undefined });
  return (
    <section>
      <div className="row g16 wrap">
        <p className={`soft ${classes["text"]}`}>
          {t("text")}
          {reach !== "everywhere" && ` ${t("groupsOnly")}`}
        </p>
        <span className="grow" />
        <AuditTools question={question} mayVerify={reach === "everywhere"} />
      </div>
      <div className="row g8 wrap">
        <ListSearch label={t("search")} value={search.q ?? ""} onChange={(q) => filter({ q })} />
        <AuditFilters search={search} entries={entries ?? noEntries} onChange={filter} />
      </div>
      {pages.isPending && <LoadingRows rows={8} />}
      {pages.isError && (
        <ErrorPanel title={t("failed")} error={pages.error} retry={() => void pages.refetch()} />
      )}
      {entries !== undefined && (
        <Entries
          entries={entries}
          search={search}
          show={show}
          more={
            pages.hasNextPage && (
              <Button mt={12} loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {t("older")}
              </Button>
            )
          }
        />
      )}
    </section>
  );
}

const noEntries: readonly AuditEntry[] = [];

const noFilter = {
  q: undefined,
  actor: undefined,
  action: undefined,
  result: undefined,
  kind: undefined,
  name: undefined,
  range: undefined,
} as const;

function Entries({
  entries,
  search,
  show,
  more,
}: {
  readonly entries: readonly AuditEntry[];
  readonly search: SettingsSearch;
  readonly show: (change: Partial<Record<keyof SettingsSearch, unknown>>) => void;
  readonly more: React.ReactNode;
}) {
  const t = useMessages(auditMessages);
  if (entries.length === 0 && !isFiltered(search))
    return <EmptyState title={t("noEntries")}>{t("noEntriesText")}</EmptyState>;
  const at = entries.findIndex(({ number }) => number === search.entry);
  const open = entries[at];
  const step = (by: 1 | -1): (() => void) | undefined => {
    const next = entries[at + by];
    return next === undefined ? undefined : () => show({ entry: next.number });
  };
  return (
    <div className={classes["split"]} data-open={search.entry !== undefined || undefined}>
      <div className={classes["list"]}>
        {entries.length === 0 ? (
          <p className="row g8 soft">
            {t("noHits")}
            <button type="button" className="textlink" onClick={() => show(noFilter)}>
              {t("clear")}
            </button>
          </p>
        ) : (
          <AuditTable entries={entries} open={search.entry} onOpen={(entry) => show({ entry })} />
        )}
        <p className="small dim num" role="status">
          {t("shown", { n: entries.length })}
        </p>
        {more}
      </div>
      {search.entry !== undefined && (
        <EntryPanel
          number={search.entry}
          entry={open}
          onClose={() => show({ entry: undefined })}
          onFilter={(change) => show(change)}
          newer={step(-1)}
          older={step(1)}
        />
      )}
    </div>
  );
}
