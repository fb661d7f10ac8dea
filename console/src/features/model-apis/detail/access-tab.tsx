// Tab Access: whether callers must prove who they are, how, and who may call; switched and granted in place.
import { ActionIcon, Switch, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { LockOpen, Trash2 } from "lucide-react";
import { statusQuery } from "../../../api/state.ts";
import { listQuery, type ModelApi } from "../../../api/resources.ts";
import { formatTime } from "../../../i18n/format.ts";
import { useLanguage, useMessages } from "../../../i18n/language.tsx";
import { DataTable, type Column } from "../../../ui/data-table.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { Moon } from "../../../ui/moon.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import type { TabProps } from "./tab-props.ts";
import { useMayWrite } from "../may-write.ts";
import { AddGrant } from "./add-grant.tsx";
import { accessMessages } from "./access-messages.ts";
import classes from "./detail.module.css";
import { grantRows, type GrantRow } from "./grant-rows.ts";
import { showUndo } from "./undo-notice.tsx";
import { usePatch } from "./use-patch.ts";

type Grants = ModelApi["auth"]["grants"];

export function AccessTab({ api }: TabProps) {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const locked = useMayWrite(api);
  const reason = locked === undefined ? undefined : ui(locked);
  const consumers = useQuery(listQuery("consumers"));
  const { dataUpdatedAt } = useQuery(statusQuery);
  const { error, switchAuth, setGrants } = useAccessChanges(api);
  const rows = grantRows(api, consumers.data?.items, dataUpdatedAt);
  const columns = useGrantColumns(reason, ({ index, name }) =>
    setGrants(api.auth.grants.toSpliced(index, 1), t("revoked", { name })),
  );
  return (
    <div className={classes["section"]}>
      {error !== null && <ErrorPanel title={t("failed")} error={error} />}
      <Switch
        checked={api.auth.enabled}
        disabled={locked !== undefined}
        description={reason}
        label={t("auth")}
        onChange={(event) => switchAuth(event.currentTarget.checked)}
        style={{ marginBottom: 12 }}
      />
      {!api.auth.enabled && <Warning text={t("open")} />}
      {api.auth.enabled && api.auth.grants.length === 0 && <Warning text={t("nobody")} />}
      <Proofs api={api} />
      <div className="row" style={{ margin: "20px 0 8px" }}>
        <h2>{t("grants")}</h2>
        <span className="grow" />
        <Link className="link" to="/consumers">
          {t("toConsumers")}
        </Link>
      </div>
      {rows.length === 0 ? (
        <p className="dim">{t("none")}</p>
      ) : (
        <DataTable
          label={t("grants")}
          columns={columns}
          rows={rows}
          rowKey={({ index, name }) => `${index} ${name}`}
        />
      )}
      <AddGrant
        api={api}
        consumers={consumers.data?.items ?? []}
        locked={reason}
        onAdd={(grant) => setGrants([...api.auth.grants, grant], t("granted", { name: grant.consumer }))}
      />
    </div>
  );
}

/** Changes `auth`; the notice puts the field back to what it was. */
function useAccessChanges(api: ModelApi) {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const { patch, latest, error } = usePatch(api);
  const change = (auth: Partial<ModelApi["auth"]>, back: Partial<ModelApi["auth"]>, text: string): void =>
    patch({
      body: { auth },
      expected: { ...api, auth: { ...api.auth, ...auth } },
      onDone: () =>
        showUndo({ text, undo: t("undo"), close: ui("close") }, () =>
          patch({ body: { auth: back }, revision: latest().revision }),
        ),
    });
  return {
    error,
    switchAuth: (enabled: boolean) =>
      change({ enabled }, { enabled: !enabled }, t(enabled ? "turnedOn" : "turnedOff", { name: api.name })),
    setGrants: (grants: Grants, text: string) => change({ grants }, { grants: api.auth.grants }, text),
  };
}

function Warning({ text }: { readonly text: string }) {
  return (
    <div className="note" style={{ marginBottom: 16 }}>
      <LockOpen size={16} strokeWidth={1.75} aria-hidden />
      <span>{text}</span>
    </div>
  );
}

function Proofs({ api: { auth } }: TabProps) {
  const t = useMessages(accessMessages);
  if (!auth.enabled) return null;
  return (
    <dl className={classes["facts"]}>
      <dt>{t("methods")}</dt>
      <dd>{auth.methods.includes("api-key") ? t("apiKey") : "—"}</dd>
      <dt>{t("sources")}</dt>
      <dd>
        <ol style={{ margin: 0, paddingLeft: 18, listStyle: "decimal" }}>
          {auth.apiKeySources.map((source) => (
            <li key={JSON.stringify(source)} className="mono">
              {source.in === "bearer" ? t("bearer") : t(source.in, { name: source.name })}
            </li>
          ))}
        </ol>
      </dd>
    </dl>
  );
}

function useGrantColumns(locked: string | undefined, onRemove: (row: GrantRow) => void): Column<GrantRow>[] {
  const t = useMessages(accessMessages);
  return [
    {
      key: "consumer",
      head: t("consumer"),
      cell: ({ name, group }) =>
        group ? (
          <span className="row g6">
            {name} <span className="tag tiny">{t("group")}</span>
          </span>
        ) : (
          <Link className="link" to="/consumers/$name" params={{ name }}>
            {name}
          </Link>
        ),
    },
    {
      key: "keys",
      head: t("credentials"),
      right: true,
      wide: true,
      cell: ({ keys }) => <span className="num">{keys ?? "—"}</span>,
    },
    { key: "expires", head: t("expires"), cell: (row) => <Expiry row={row} /> },
    { key: "state", head: t("state"), wide: true, cell: (row) => <GrantStanding row={row} /> },
    {
      key: "actions",
      head: "",
      name: t("actions"),
      right: true,
      width: 40,
      cell: (row) => <RemoveGrant row={row} locked={locked} onRemove={onRemove} />,
    },
  ];
}

function Expiry({ row: { expiresAt, state } }: { readonly row: GrantRow }) {
  const t = useMessages(accessMessages);
  const { language } = useLanguage();
  if (expiresAt === undefined) return <span className="dim">{t("never")}</span>;
  const end = new Date(expiresAt);
  const text = `${end.getFullYear()}-${String(end.getMonth() + 1).padStart(2, "0")}-${String(end.getDate()).padStart(2, "0")}`;
  return (
    <time
      className={`num ${state === "expired" ? "bad" : ""}`}
      dateTime={expiresAt}
      title={`${formatTime(end, language, end)} · ${expiresAt}`}
    >
      {state === "expired" ? t("ended", { time: text }) : text}
    </time>
  );
}

function GrantStanding({ row: { state } }: { readonly row: GrantRow }) {
  const t = useMessages(accessMessages);
  if (state === undefined) return <span className="dim">—</span>;
  return (
    <span className="row g6">
      <Moon
        phase={state === "ready" ? "full" : state === "gone" || state === "expired" ? "struck" : "ring"}
        size={11}
      />
      {t(state)}
    </span>
  );
}

function RemoveGrant({
  row,
  locked,
  onRemove,
}: {
  readonly row: GrantRow;
  readonly locked: string | undefined;
  readonly onRemove: (row: GrantRow) => void;
}) {
  const t = useMessages(accessMessages);
  const name = t("remove", { name: row.name });
  return (
    <Tooltip label={locked ?? name}>
      <ActionIcon
        variant="subtle"
        size={28}
        disabled={locked !== undefined}
        aria-label={name}
        onClick={() => onRemove(row)}
      >
        <Trash2 size={15} strokeWidth={1.75} />
      </ActionIcon>
    </Tooltip>
  );
}
