// Tab History: the revisions that changed this Model API, what differs between two of them, and two ways back.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { formatTime } from "../../../i18n/format.ts";
import { useLanguage, useMessages } from "../../../i18n/language.tsx";
import { DataTable, type Column } from "../../../ui/data-table.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { LoadingRows } from "../../../ui/loading.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import type { TabProps } from "./tab-props.ts";
import { useRight } from "../../../ui/use-may-write.ts";
import { useMayWrite } from "../may-write.ts";
import classes from "./detail.module.css";
import { revisionLimit, revisionsQuery, stateQuery, type ApiRevision } from "./history-api.ts";
import { historyMessages } from "./history-messages.ts";
import { lineDiff } from "./line-diff.ts";
import { RestoreDialog, RollBackDialog } from "./way-back-dialogs.tsx";
import { yamlOf } from "./yaml-text.ts";

export function HistoryTab({ api }: TabProps) {
  const t = useMessages(historyMessages);
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const revisions = useQuery(revisionsQuery(api.name));
  const items = revisions.data?.items ?? [];
  const known = (wanted: unknown): number | undefined =>
    items.find(({ number }) => number === wanted)?.number;
  const to = known(search.to) ?? items[0]?.number;
  const from = known(search.from) ?? items[1]?.number ?? to;
  const choose = (next: { from?: number; to?: number }): void => {
    void navigate({
      to: "/model-apis/$name/$tab",
      params: { name: api.name, tab: "history" },
      search: { from, to, ...next },
      replace: true,
    });
  };
  const columns = useRevisionColumns({ from, to, updatedAt: revisions.dataUpdatedAt, choose });
  if (revisions.isError && revisions.data === undefined)
    return (
      <ErrorPanel title={t("loadFailed")} error={revisions.error} retry={() => void revisions.refetch()} />
    );
  if (revisions.data === undefined) return <LoadingRows />;
  return (
    <div className={classes["split"]}>
      <div style={{ minWidth: 0 }}>
        <DataTable
          label={t("revisions", { name: api.name })}
          columns={columns}
          rows={items}
          rowKey={({ number }) => String(number)}
        />
        {revisions.data.nextCursor !== null && (
          <p className="small dim">{t("notAll", { n: revisionLimit })}</p>
        )}
      </div>
      <div style={{ minWidth: 0 }}>
        {from !== undefined && to !== undefined && <Comparison api={api} from={from} to={to} />}
      </div>
    </div>
  );
}

interface Choice {
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** When the list was read: what counts as now for its times. */
  readonly updatedAt: number;
  readonly choose: (next: { from?: number; to?: number }) => void;
}

function useRevisionColumns({ from, to, updatedAt, choose }: Choice): Column<ApiRevision>[] {
  const t = useMessages(historyMessages);
  const { language } = useLanguage();
  return [
    {
      key: "from",
      head: t("from"),
      width: 46,
      cell: ({ number }) => (
        <input
          type="radio"
          name="from"
          aria-label={t("fromRevision", { number: String(number) })}
          checked={number === from}
          onChange={() => choose({ from: number })}
        />
      ),
    },
    {
      key: "to",
      head: t("to"),
      width: 46,
      cell: ({ number }) => (
        <input
          type="radio"
          name="to"
          aria-label={t("toRevision", { number: String(number) })}
          checked={number === to}
          onChange={() => choose({ to: number })}
        />
      ),
    },
    {
      key: "number",
      head: t("revision"),
      right: true,
      width: 76,
      cell: ({ number }) => <span className="num strong">{number}</span>,
    },
    {
      key: "at",
      head: t("at"),
      cell: ({ at }) => (
        <time className="num soft nowrap" dateTime={at} title={at}>
          {formatTime(new Date(at), language, new Date(updatedAt))}
        </time>
      ),
    },
    { key: "by", head: t("by"), wide: true, cell: ({ by }) => <span className="soft">{by}</span> },
    {
      key: "changed",
      head: t("changed"),
      cell: ({ action, paths }) =>
        action === "update" && paths.length > 0 ? (
          <span className="mono" style={{ overflowWrap: "anywhere", whiteSpace: "normal" }}>
            {paths.join(", ")}
          </span>
        ) : (
          <span className="dim">{t(action)}</span>
        ),
    },
  ];
}

function Comparison({ api, from, to }: TabProps & { readonly from: number; readonly to: number }) {
  const t = useMessages(historyMessages);
  const before = useQuery(stateQuery(api.name, from));
  const after = useQuery(stateQuery(api.name, to));
  const failed = before.error ?? after.error;
  return (
    <section aria-label={t("diff", { from: String(from), to: String(to) })}>
      <h2 style={{ marginBottom: 8 }}>{t("diff", { from: String(from), to: String(to) })}</h2>
      {failed !== null && <ErrorPanel title={t("diffFailed")} error={failed} />}
      {before.data === null && <p className="soft">{t("absent", { number: String(from) })}</p>}
      {before.data !== undefined && after.data !== undefined && (
        <Diff
          before={before.data === null ? "" : yamlOf(before.data)}
          after={after.data === null ? "" : yamlOf(after.data)}
        />
      )}
      <WaysBack api={api} revision={from} />
    </section>
  );
}

const signs = { kept: "  ", removed: "- ", added: "+ ", folded: "  " } as const;

function Diff({ before, after }: { readonly before: string; readonly after: string }) {
  const t = useMessages(historyMessages);
  if (before === after) return <p className="soft">{t("same")}</p>;
  return (
    <pre className={classes["diff"]} tabIndex={0}>
      {lineDiff(before, after).map(({ change, text, hidden }, index) => (
        <span key={index} data-change={change}>
          {change === "folded" ? `⋯ ${t("hidden", { n: hidden })}` : signs[change] + text}
        </span>
      ))}
    </pre>
  );
}

function WaysBack({ api, revision }: TabProps & { readonly revision: number }) {
  const t = useMessages(historyMessages);
  const ui = useMessages(uiMessages);
  const locked = useMayWrite(api);
  const mayRollBack = useRight("configure", "everywhere").allowed;
  const [open, setOpen] = useState<"restore" | "rollBack">();
  const close = (): void => setOpen(undefined);
  return (
    <div className="row wrap" style={{ marginTop: 12 }}>
      <Button
        disabled={locked !== undefined}
        title={locked === undefined ? undefined : ui(locked)}
        onClick={() => setOpen("restore")}
      >
        {t("restore")}
      </Button>
      <Button
        variant="subtle"
        disabled={!mayRollBack}
        title={mayRollBack ? undefined : t("needsAdmin")}
        onClick={() => setOpen("rollBack")}
      >
        {t("rollBack")}
      </Button>
      {open === "restore" && <RestoreDialog api={api} revision={revision} onClose={close} />}
      {open === "rollBack" && <RollBackDialog revision={revision} onClose={close} />}
    </div>
  );
}
