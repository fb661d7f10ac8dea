// The list of alerts with how each stands now. Painted from two requests, however many alerts there are.
import { Button, Modal, Switch } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Lock, Plus } from "lucide-react";
import { useState } from "react";
import { readSimpleListSearch } from "../../app/simple-list-search.ts";
import type { AlertState } from "../../../../src/control/routes/console-answers.ts";
import { listQuery, useChange, type Alert } from "../../api/resources.ts";
import { formatAgo, formatDuration } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { valueText } from "../../ui/chart/values.ts";
import type { Column } from "../../ui/data-table.tsx";
import { DeleteObject } from "../../ui/delete-object.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorPanel, useErrorText } from "../../ui/error-panel.tsx";
import { ListFrame } from "../../ui/list-frame.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { Moon } from "../../ui/moon.tsx";
import { RowButtons } from "../../ui/row-buttons.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { alertStatesQuery, testAlert } from "./alert-calls.ts";
import { alertMessages } from "./alert-messages.ts";
import { ruleSentence, stateOrder, statePhases, stateWords } from "./alert-words.ts";
import classes from "./alerts.module.css";

export function AlertListPage() {
  const t = useMessages(alertMessages);
  const states = useQuery(alertStatesQuery);
  const search = useSearch({ from: "/app/observe/alerts" });
  const navigate = useNavigate({ from: "/observe/alerts" });
  const right = useMayWrite();
  const [deleting, setDeleting] = useState<Alert>();
  const [testing, setTesting] = useState<Alert>();
  const byName = new Map((states.data?.items ?? []).map((state) => [state.name, state]));
  const rank = ({ name }: Alert): number => stateOrder.indexOf(byName.get(name)?.state ?? "off");
  const alerts = useQuery({
    ...listQuery("alerts"),
    select: (page) => ({ ...page, items: page.items.toSorted((one, other) => rank(one) - rank(other)) }),
  });
  const columns = useColumns(byName, states.dataUpdatedAt, { onDelete: setDeleting, onTest: setTesting });
  const add = (): void => void navigate({ to: "/observe/alerts/$name", params: { name: "new" } });
  return (
    <>
      <ListFrame
        texts={{
          title: t("alerts"),
          add: t("add"),
          search: t("search"),
          loadFailed: t("loadFailed"),
          noHits: t("noHits", { text: search.q ?? "" }),
          clearSearch: t("clearSearch"),
          count: (n) => t("count", { n }),
        }}
        query={alerts}
        columns={columns}
        searchText={search.q ?? ""}
        onSearch={(q) =>
          void navigate({ search: (before) => readSimpleListSearch({ ...before, q }), replace: true })
        }
        onAdd={add}
        onOpen={({ name }) => void navigate({ to: "/observe/alerts/$name", params: { name } })}
        matches={(alert, wanted) => `${alert.name}\n${ruleSentence(alert, t)}`.toLowerCase().includes(wanted)}
        empty={
          <EmptyState
            title={t("emptyTitle")}
            actions={
              <Button
                variant="filled"
                leftSection={<Plus size={15} />}
                disabled={!right.allowed}
                title={right.reason}
                onClick={add}
              >
                {t("add")}
              </Button>
            }
          >
            {t("emptyText")}
          </EmptyState>
        }
      />
      {states.isError && (
        <ErrorPanel title={t("statesFailed")} error={states.error} retry={() => void states.refetch()} />
      )}
      {testing !== undefined && <TestDialog alert={testing} onClose={() => setTesting(undefined)} />}
      {deleting !== undefined && (
        <DeleteObject
          collection="alerts"
          name={deleting.name}
          revision={deleting.revision}
          onClose={() => setDeleting(undefined)}
          texts={{
            title: t("deleteTitle", { name: deleting.name }),
            failure: t("deleteFailed"),
            free: t("deleteFree"),
            blocked: () => t("deleteBlocked"),
            done: t("deleted", { name: deleting.name }),
          }}
        />
      )}
    </>
  );
}

interface RowHandlers {
  readonly onDelete: (alert: Alert) => void;
  readonly onTest: (alert: Alert) => void;
}

function useColumns(
  states: ReadonlyMap<string, AlertState>,
  nowMs: number,
  handlers: RowHandlers,
): readonly Column<Alert>[] {
  const t = useMessages(alertMessages);
  const ui = useMessages(uiMessages);
  const { language } = useLanguage();
  return [
    {
      key: "state",
      head: t("state"),
      width: 110,
      cell: ({ name, enabled }) => {
        const state = enabled ? (states.get(name)?.state ?? "waiting") : "off";
        return (
          <span className="row g6 nowrap">
            <Moon phase={statePhases[state]} size={10} />
            {t(stateWords[state])}
          </span>
        );
      },
    },
    {
      key: "name",
      head: t("name"),
      cell: ({ name, managedBy }) => (
        <span className="row g6">
          <Link to="/observe/alerts/$name" params={{ name }} className="strong">
            {name}
          </Link>
          {managedBy === "file" && <Lock size={12} role="img" aria-label={ui("fromFile")} className="dim" />}
        </span>
      ),
    },
    {
      key: "rule",
      head: t("rule"),
      cell: (alert) => (
        <div className={classes["rule"]}>
          <span className="soft">{ruleSentence(alert, t)}</span>
          <Undelivered state={states.get(alert.name)} />
        </div>
      ),
    },
    {
      key: "value",
      head: t("valueNow"),
      right: true,
      cell: ({ name }) => {
        const state = states.get(name);
        return <span className="num">{state === undefined ? "—" : valueText(state.value, state.unit)}</span>;
      },
    },
    {
      key: "since",
      head: t("since"),
      right: true,
      wide: true,
      cell: ({ name }) => {
        const since = states.get(name)?.since ?? null;
        return (
          <span className="num dim nowrap" title={since ?? undefined}>
            {since === null ? "—" : formatAgo(new Date(since), language, new Date(nowMs))}
          </span>
        );
      },
    },
    { key: "enabled", head: t("enabled"), cell: (alert) => <Enabled alert={alert} /> },
    {
      key: "actions",
      head: t("actions"),
      right: true,
      cell: (alert) => <Actions alert={alert} {...handlers} />,
    },
  ];
}

function Undelivered({ state }: { readonly state: AlertState | undefined }) {
  const t = useMessages(alertMessages);
  if (state === undefined || state.lastError === null) return null;
  return <div className="small bad">{t("undelivered", { message: state.lastError.message })}</div>;
}

function Enabled({ alert: { name, enabled, revision, managedBy } }: { readonly alert: Alert }) {
  const t = useMessages(alertMessages);
  const right = useMayWrite(managedBy);
  const change = useChange("alerts");
  const words = useErrorText(change.error);
  return (
    <>
      <Switch
        checked={enabled}
        disabled={!right.allowed || change.isPending}
        aria-label={t("enabledOf", { name })}
        title={right.reason}
        onChange={() =>
          change.mutate(
            { action: "patch", name, body: { enabled: !enabled }, revision },
            {
              onSuccess: () =>
                notifications.show({ message: t("switched", { name, state: t(enabled ? "off" : "on") }) }),
            },
          )
        }
      />
      {change.error !== null && (
        <span role="alert" className="small bad">
          {t("switchFailed", { name })} {words}
        </span>
      )}
    </>
  );
}

function Actions({ alert, onDelete, onTest }: RowHandlers & { readonly alert: Alert }) {
  const t = useMessages(alertMessages);
  const navigate = useNavigate();
  const { name, managedBy } = alert;
  const right = useMayWrite(managedBy);
  const mayTest = useMayWrite();
  const free = { allowed: true, reason: "" };
  return (
    <RowButtons
      menuLabel={t("more", { name })}
      actions={[
        {
          text: t("edit"),
          label: t("editOf", { name }),
          right: free,
          run: () => void navigate({ to: "/observe/alerts/$name", params: { name } }),
        },
      ]}
      menu={[
        { text: t("test"), label: t("testOf", { name }), right: mayTest, run: () => onTest(alert) },
        { text: t("delete"), label: t("deleteOf", { name }), right, run: () => onDelete(alert) },
      ]}
    />
  );
}

/** Sends a test when it opens, and shows what came of it. */
export function TestDialog({ alert, onClose }: { readonly alert: Alert; readonly onClose: () => void }) {
  const t = useMessages(alertMessages);
  const ui = useMessages(uiMessages);
  const test = useMutation({ mutationFn: () => testAlert(alert.name) });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("testTitle", { name: alert.name })}
      closeButtonProps={{ "aria-label": ui("close") }}
      size={520}
    >
      <div className="col g16">
        {alert.notify.length === 0 ? (
          <p>{t("testNobody")}</p>
        ) : (
          <ul className="col g8" style={{ listStyle: "none", margin: 0, padding: 0 }}>
            {alert.notify.map(({ webhook }) => (
              <li key={webhook} className="mono" style={{ overflowWrap: "anywhere" }}>
                {webhook}
              </li>
            ))}
          </ul>
        )}
        <div role="status" className="col g8">
          {test.isPending && <LoadingRows rows={1} height={24} />}
          {test.data?.results.map(({ webhook, ok, status, message, ms }) => (
            <p key={webhook} className="row g8" style={{ alignItems: "baseline" }}>
              <Moon phase={ok ? "full" : "struck"} size={11} />
              <span style={{ overflowWrap: "anywhere" }}>
                {ok
                  ? t("testOk", { webhook, status: String(status), time: formatDuration(ms) })
                  : t("testBad", { webhook, message })}
              </span>
            </p>
          ))}
        </div>
        {test.error !== null && <ErrorPanel title={t("testFailed")} error={test.error} />}
        <div className={classes["bar"]}>
          <Button variant="subtle" onClick={onClose}>
            {t("close")}
          </Button>
          <Button
            variant="filled"
            loading={test.isPending}
            disabled={alert.notify.length === 0}
            onClick={() => test.mutate()}
          >
            {t("test")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
