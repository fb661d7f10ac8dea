// Tab Routes: what the Model API answers to; built-in and extra routes are switched, own ones added, edited, removed.
import { ActionIcon, Button, Switch, Tooltip } from "@mantine/core";
import { Pencil, Plus, Trash2, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { ModelApi } from "../../../api/resources.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { DataTable, type Column } from "../../../ui/data-table.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import type { TabProps } from "./tab-props.ts";
import { protocolNames } from "../api-words.ts";
import { useMayWrite } from "../may-write.ts";
import { RouteDialog } from "./route-dialog.tsx";
import { clientPath, routeRows, switched, type RouteRow } from "./route-rows.ts";
import { routesMessages } from "./routes-messages.ts";
import { showUndo } from "./undo-notice.tsx";
import { usePatch } from "./use-patch.ts";

type Editing = { readonly name: string | undefined };

export function RoutesTab({ api }: TabProps) {
  const t = useMessages(routesMessages);
  const ui = useMessages(uiMessages);
  const [editing, setEditing] = useState<Editing>();
  const { switchRoute, removeRoute, error } = useRouteChanges(api);
  const locked = useMayWrite(api);
  const rows = routeRows(api);
  const columns = useRouteColumns({
    api,
    locked: locked === undefined ? undefined : ui(locked),
    onSwitch: switchRoute,
    onEdit: (name) => setEditing({ name }),
    onRemove: removeRoute,
  });
  return (
    <>
      <div className="row wrap" style={{ marginBottom: 12 }}>
        <span className="soft num">
          {t("intro", { on: rows.filter(({ on }) => on).length, total: rows.length })}
        </span>
        <span className="grow" />
        <Button
          leftSection={<Plus size={15} />}
          disabled={locked !== undefined}
          title={locked === undefined ? undefined : ui(locked)}
          onClick={() => setEditing({ name: undefined })}
        >
          {t("add")}
        </Button>
      </div>
      {error !== null && <ErrorPanel title={t("failed")} error={error} />}
      <DataTable
        label={t("name")}
        columns={columns}
        rows={rows}
        rowKey={({ name, sort, protocol }) => `${sort} ${protocol} ${name}`}
      />
      {editing !== undefined && (
        <RouteDialog api={api} name={editing.name} onClose={() => setEditing(undefined)} />
      )}
    </>
  );
}

type Routes = ModelApi["routes"];
type RoutesChange = (api: ModelApi) => Partial<Routes>;

/** Changes `routes` at once; the notice undoes just this, on top of what has come since. */
function useRouteChanges(api: ModelApi) {
  const t = useMessages(routesMessages);
  const ui = useMessages(uiMessages);
  const { patch, latest, error } = usePatch(api);
  const change = (make: RoutesChange, back: RoutesChange, text: string): void => {
    const routes = make(api);
    patch({
      body: { routes },
      expected: { ...api, routes: { ...api.routes, ...routes } },
      onDone: () =>
        showUndo({ text, undo: t("undo"), close: ui("close") }, () => {
          const now = latest();
          patch({ body: { routes: back(now) }, revision: now.revision });
        }),
    });
  };
  return {
    error,
    switchRoute: (row: RouteRow, on: boolean) =>
      change(
        (now) => switched(now, row, on),
        (now) => switched(now, row, !on),
        t(on ? "turnedOn" : "turnedOff", { name: row.name }),
      ),
    removeRoute: (name: string) => {
      const removed = api.routes.custom.filter((route) => route.name === name);
      change(
        ({ routes }) => ({ custom: routes.custom.filter((route) => route.name !== name) }),
        ({ routes }) => ({ custom: [...routes.custom, ...removed] }),
        t("removed", { name }),
      );
    },
  };
}

interface ColumnWishes {
  readonly api: ModelApi;
  /** Why nothing can be changed. */
  readonly locked: string | undefined;
  readonly onSwitch: (row: RouteRow, on: boolean) => void;
  readonly onEdit: (name: string) => void;
  readonly onRemove: (name: string) => void;
}

function useRouteColumns({ api, locked, onSwitch, onEdit, onRemove }: ColumnWishes): Column<RouteRow>[] {
  const t = useMessages(routesMessages);
  return [
    {
      key: "on",
      head: t("on"),
      width: 48,
      cell: (row) =>
        row.sort === "custom" ? (
          <span className="dim">—</span>
        ) : (
          <Switch
            checked={row.on}
            disabled={locked !== undefined}
            title={locked}
            aria-label={t("switchRoute", { name: row.name })}
            onChange={(event) => onSwitch(row, event.currentTarget.checked)}
          />
        ),
    },
    { key: "name", head: t("name"), cell: (row) => <NameCell row={row} /> },
    {
      key: "methods",
      head: t("methods"),
      cell: ({ methods }) => <span className="mono soft">{methods.join(" ")}</span>,
      wide: true,
    },
    { key: "path", head: t("path"), cell: (row) => <PathCell basePath={api.basePath} row={row} /> },
    {
      key: "protocol",
      head: t("protocol"),
      wide: true,
      cell: ({ protocol }) => (
        <span className="soft nowrap">
          {protocol
            .split(", ")
            .map((each) => Object.entries(protocolNames).find(([id]) => id === each)?.[1] ?? each)
            .join(", ")}
        </span>
      ),
    },
    {
      key: "actions",
      head: "",
      name: t("actions"),
      right: true,
      width: 70,
      cell: ({ sort, name }) =>
        sort === "custom" && <RowActions name={name} locked={locked} onEdit={onEdit} onRemove={onRemove} />,
    },
  ];
}

function RowActions({
  name,
  locked,
  onEdit,
  onRemove,
}: { readonly name: string } & Pick<ColumnWishes, "locked" | "onEdit" | "onRemove">) {
  const t = useMessages(routesMessages);
  return (
    <span className="row g4" style={{ justifyContent: "flex-end" }}>
      <Tooltip label={locked ?? t("edit")}>
        <ActionIcon
          variant="subtle"
          size={28}
          disabled={locked !== undefined}
          aria-label={t("editRoute", { name })}
          onClick={() => onEdit(name)}
        >
          <Pencil size={15} strokeWidth={1.75} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={locked ?? t("remove")}>
        <ActionIcon
          variant="subtle"
          size={28}
          disabled={locked !== undefined}
          aria-label={t("removeRoute", { name })}
          onClick={() => onRemove(name)}
        >
          <Trash2 size={15} strokeWidth={1.75} />
        </ActionIcon>
      </Tooltip>
    </span>
  );
}

function NameCell({ row }: { readonly row: RouteRow }) {
  const t = useMessages(routesMessages);
  return (
    <div style={{ padding: "6px 0" }}>
      <span className="row g6 wrap">
        <span className={row.on ? "strong" : "dim"} title={row.description || undefined}>
          {row.name}
        </span>
        <span className={`tag ${row.sort === "custom" ? "tag-pond" : "tag-outline"} tiny`}>
          {t(row.sort)}
        </span>
        {row.websocket && <span className="tag tiny">{t("websocket")}</span>}
      </span>
      {row.clash !== undefined && (
        <span className="row g4 tiny warn">
          <TriangleAlert size={12} aria-hidden />
          {t("clash", { other: row.clash })}
        </span>
      )}
    </div>
  );
}

function PathCell({ basePath, row }: { readonly basePath: string; readonly row: RouteRow }) {
  const t = useMessages(routesMessages);
  return (
    <div style={{ padding: "6px 0" }}>
      {row.paths.map((path, index) => (
        <div key={path} className="row g6">
          <span className={`mono ${row.on ? "" : "dim"}`} style={{ overflowWrap: "anywhere" }}>
            {clientPath(basePath, path)}
          </span>
          {index === 0 && row.match !== "exact" && <span className="tiny dim nowrap">{t(row.match)}</span>}
        </div>
      ))}
    </div>
  );
}
