// The list of Model APIs: search and filters in the address, traffic of a day, and what can be done with each.
import { Button, CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { FileInput, Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { listQuery } from "../../api/resources.ts";
import { statusQuery, trafficQuery } from "../../api/state.ts";
import { formatCount } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { isTyping } from "../../ui/keyboard.ts";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageFoot, PageHead } from "../../ui/page.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useApiColumns } from "./api-list-columns.tsx";
import type { ApiListSearch } from "./api-list-search.ts";
import { ApiListTools } from "./api-list-tools.tsx";
import classes from "./api-list.module.css";
import { useCreateDemo } from "./demo-api.ts";
import { filterRows, nextSort, readSort, rowsOf, sortRows, type ApiRow } from "./list-filter.ts";
import { listMessages } from "./list-messages.ts";
import { useListView } from "./list-view.ts";
import { useMayWrite } from "./may-write.ts";

const route = getRouteApi("/app/model-apis");

interface Failure {
  readonly title: string;
  readonly error: unknown;
}

export function ApiListPage() {
  const t = useMessages(listMessages);
  const search = route.useSearch();
  const navigate = useNavigate();
  const list = useQuery(listQuery("model-apis"));
  const services = useQuery(listQuery("services"));
  const status = useQuery(statusQuery);
  const traffic = useQuery(trafficQuery("24h"));
  const [failure, setFailure] = useState<Failure>();
  const rows = rowsOf(list.data?.items ?? [], {
    standings: status.data?.services,
    services: services.data?.items,
    traffic: traffic.data?.apis,
  });
  const shown = sortRows(filterRows(rows, search), readSort(search.sort));
  const setSearch = (next: ApiListSearch): void => {
    void navigate({ to: "/model-apis", search: next, replace: true });
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (isTyping(event) || event.metaKey || event.ctrlKey || event.altKey || event.key !== "n") return;
      event.preventDefault();
      void navigate({ to: "/model-apis/new" });
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [navigate]);
  return (
    <>
      <PageHead
        title={t("title")}
        beside={
          list.data !== undefined && <span className="dim num">{formatCount(list.data.items.length)}</span>
        }
        actions={<HeadActions />}
      />
      {rows.length > 0 && <ApiListTools rows={rows} search={search} onSearch={setSearch} />}
      {failure !== undefined && (
        <div className={classes["failure"]}>
          <div className="row" style={{ alignItems: "flex-start" }}>
            <div className="grow">
              <ErrorPanel title={failure.title} error={failure.error} />
            </div>
            <CloseButton aria-label={t("dismiss")} onClick={() => setFailure(undefined)} />
          </div>
        </div>
      )}
      <PageBody>
        {list.data === undefined && list.isPending && <LoadingRows rows={8} height={59} />}
        {list.isError && list.data === undefined && (
          <ErrorPanel title={t("loadFailed")} error={list.error} retry={() => void list.refetch()} />
        )}
        {list.data !== undefined && rows.length === 0 && <NoApis onFailure={setFailure} />}
        {rows.length > 0 && (
          <Rows
            rows={shown}
            search={search}
            onSearch={setSearch}
            onFailure={(title, error) => setFailure({ title, error })}
          />
        )}
        {list.data?.nextCursor != null && (
          <p className="dim small">{t("notAll", { n: list.data.items.length })}</p>
        )}
      </PageBody>
      {rows.length > 0 && <Foot rows={rows} shown={shown.length} />}
    </>
  );
}

function HeadActions() {
  const t = useMessages(listMessages);
  return (
    <span className="row">
      <span className={classes["wideOnly"]}>
        <Button
          renderRoot={(root) => (
            <Link to="/settings/$section" params={{ section: "import-export" }} {...root} />
          )}
          leftSection={<FileInput size={15} strokeWidth={1.75} />}
        >
          {t("import")}
        </Button>
      </span>
      <CreateButton icon />
    </span>
  );
}

/** What does not exist yet is nobody's: only the role counts. */
const newObject = { managedBy: "api" } as const;

function CreateButton({ icon = false }: { readonly icon?: boolean }) {
  const t = useMessages(listMessages);
  const ui = useMessages(uiMessages);
  const locked = useMayWrite(newObject);
  const look = { variant: "filled", leftSection: icon ? <Plus size={15} /> : undefined } as const;
  if (locked !== undefined) {
    return (
      <Button {...look} disabled title={ui(locked)}>
        {t("create")}
      </Button>
    );
  }
  return (
    <Button component={Link} to="/model-apis/new" {...look}>
      {t("create")}
    </Button>
  );
}

function Rows({
  rows,
  search,
  onSearch,
  onFailure,
}: {
  readonly rows: readonly ApiRow[];
  readonly search: ApiListSearch;
  readonly onSearch: (search: ApiListSearch) => void;
  readonly onFailure: (title: string, error: unknown) => void;
}) {
  const t = useMessages(listMessages);
  const navigate = useNavigate();
  const [view] = useListView();
  const sort = readSort(search.sort);
  const columns = useApiColumns({
    view,
    sort,
    onFailure,
    onSort: (key) => {
      const { sort: _old, ...rest } = search;
      const next = nextSort(sort, key);
      onSearch(next === undefined ? rest : { ...rest, sort: next });
    },
  });
  if (rows.length === 0) {
    return (
      <p className="row g12 wrap" style={{ padding: "24px 0" }}>
        <span className="soft">{t("noHit")}</span>
        <Button size="xs" onClick={() => onSearch(search.sort === undefined ? {} : { sort: search.sort })}>
          {t("clear")}
        </Button>
      </p>
    );
  }
  return (
    <DataTable
      label={t("title")}
      columns={columns}
      rows={rows}
      rowKey={({ api }) => api.name}
      rowHeight={view.dense ? 34 : 59}
      onOpen={({ api: { name } }) => void navigate({ to: "/model-apis/$name", params: { name } })}
      onKey={(key, { api: { name } }) => {
        if (key === "d") void navigate({ to: "/model-apis/$name/debug", params: { name } });
        if (key === "e") void navigate({ to: "/model-apis/$name/edit", params: { name } });
      }}
    />
  );
}

function Foot({ rows, shown }: { readonly rows: readonly ApiRow[]; readonly shown: number }) {
  const t = useMessages(listMessages);
  const count = (state: ApiRow["state"]): number => rows.filter((row) => row.state === state).length;
  const facts = [
    t("shown", { shown, total: rows.length }),
    ...(count("disabled") > 0 ? [t("nDisabled", { n: count("disabled") })] : []),
    ...(count("degraded") > 0 ? [t("nDegraded", { n: count("degraded") })] : []),
  ];
  return (
    <PageFoot>
      <span className="num" aria-live="polite">
        {facts.join(" · ")}
      </span>
      <span className="grow" />
      <span className="row g6">
        <kbd>J</kbd>
        <kbd>K</kbd> {t("keyMove")} <kbd>D</kbd> {t("keyDebug")} <kbd>E</kbd> {t("keyEdit")} <kbd>N</kbd>{" "}
        {t("keyNew")}
      </span>
    </PageFoot>
  );
}

function NoApis({ onFailure }: { readonly onFailure: (failure: Failure) => void }) {
  const t = useMessages(listMessages);
  const navigate = useNavigate();
  const ui = useMessages(uiMessages);
  const locked = useMayWrite(newObject);
  const demo = useCreateDemo();
  const create = (): void => {
    demo.mutate(undefined, {
      onSuccess: (name) => void navigate({ to: "/model-apis/$name", params: { name } }),
      onError: (error) => onFailure({ title: t("demoFailed"), error }),
    });
  };
  return (
    <EmptyState
      title={t("emptyTitle")}
      actions={
        <>
          <CreateButton />
          <Button
            onClick={create}
            loading={demo.isPending}
            disabled={locked !== undefined}
            title={locked === undefined ? undefined : ui(locked)}
          >
            {t("simulator")}
          </Button>
        </>
      }
    >
      {t("emptyText")}
    </EmptyState>
  );
}
