// The list of services: what each is, how it stands, who uses it. Painted from four requests, however many there are.
import { Button, Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { CircleCheck, Plus } from "lucide-react";
import { useState } from "react";
import { listQuery } from "../../api/resources.ts";
import { providersQuery, statusQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageFoot, PageHead } from "../../ui/page.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { useServiceColumns } from "./service-columns.tsx";
import { ServiceFilters } from "./service-filters.tsx";
import { readServiceListSearch, type ServiceListSearch } from "./service-list-search.ts";
import { serviceMessages } from "./service-messages.ts";
import { matchingRows, serviceRows, type ServiceRow } from "./service-rows.ts";
import { TestPanel } from "./test-panel.tsx";
import { useSimulator } from "./use-simulator.ts";

export function ServiceListPage() {
  const t = useMessages(serviceMessages);
  const services = useQuery(listQuery("services"));
  const right = useMayWrite();
  const items = services.data?.items ?? [];
  return (
    <>
      <PageHead
        title={t("services")}
        beside={services.data !== undefined && <span className="dim num">{items.length}</span>}
        actions={
          <Button
            component={Link}
            to="/services/new"
            variant="filled"
            leftSection={<Plus size={15} />}
            data-disabled={!right.allowed || undefined}
            aria-disabled={!right.allowed}
            title={right.reason}
          >
            {t("add")}
          </Button>
        }
      />
      {services.isPending && (
        <PageBody>
          <LoadingRows height={59} />
        </PageBody>
      )}
      {services.isError && services.data === undefined && (
        <PageBody>
          <ErrorPanel title={t("loadFailed")} error={services.error} retry={() => void services.refetch()} />
        </PageBody>
      )}
      {services.data !== undefined && (items.length === 0 ? <NoServices /> : <ServiceTable key="table" />)}
    </>
  );
}

function NoServices() {
  const t = useMessages(serviceMessages);
  const right = useMayWrite();
  const navigate = useNavigate();
  const simulator = useSimulator([], (name) => void navigate({ to: "/services", search: { created: name } }));
  return (
    <PageBody>
      <EmptyState
        title={t("emptyTitle")}
        actions={
          right.allowed && (
            <>
              <Button component={Link} to="/services/new" variant="filled">
                {t("add")}
              </Button>
              <Button loading={simulator.isPending} onClick={simulator.make}>
                {t("simulator")}
              </Button>
            </>
          )
        }
      >
        {t("empty")}
      </EmptyState>
      {simulator.error !== null && <ErrorPanel title={t("simulatorFailed")} error={simulator.error} />}
    </PageBody>
  );
}

function ServiceTable() {
  const t = useMessages(serviceMessages);
  const search = useSearch({ from: "/app/services" });
  const navigate = useNavigate({ from: "/services" });
  const services = useQuery(listQuery("services"));
  const apis = useQuery(listQuery("model-apis"));
  const providers = useQuery(providersQuery);
  const status = useQuery(statusQuery);
  const [justAsked, setJustAsked] = useState("");
  const rows = serviceRows(services.data?.items ?? [], {
    providers: providers.data?.items ?? [],
    apis: apis.data?.items ?? [],
    status: status.data,
  });
  const shown = matchingRows(rows, search);
  const show = (change: Partial<ServiceListSearch>): void =>
    void navigate({ search: (before) => readServiceListSearch({ ...before, ...change }), replace: true });
  const columns = useServiceColumns(status.data?.keys, (name) => {
    setJustAsked(name);
    void navigate({ search: (before) => ({ ...before, test: name }) });
  });
  const notReady = rows.filter(({ standing }) => standing !== undefined && standing.standing !== "ready");
  const open = ({ service }: ServiceRow): void =>
    void navigate({ to: "/services/$name", params: { name: service.name } });
  return (
    <>
      <ServiceFilters rows={rows} search={search} onChange={show} />
      <PageBody>
        <CreatedNote name={search.created} onDismiss={() => show({ created: "" })} />
        {shown.length === 0 ? (
          <p className="row g8 soft" style={{ padding: "20px 0" }}>
            {t("noHits")}
            <button
              type="button"
              className="textlink"
              onClick={() => void navigate({ search: {}, replace: true })}
            >
              {t("clearFilters")}
            </button>
          </p>
        ) : (
          <DataTable
            label={t("services")}
            columns={columns}
            rows={shown}
            rowKey={({ service }) => service.name}
            rowHeight={59}
            onOpen={open}
            onKey={(key, row) => key === "e" && open(row)}
          />
        )}
        {typeof services.data?.nextCursor === "string" && (
          <p className="small dim" style={{ marginTop: 8 }}>
            {t("firstOnly", { n: rows.length })}
          </p>
        )}
      </PageBody>
      <PageFoot>
        <span className="num">
          {t("shown", { n: shown.length, total: rows.length })}
          {notReady.length > 0 && ` · ${t("needAttention", { n: notReady.length })}`}
        </span>
        <span className="grow" />
        <span className="row g6">
          <kbd>J</kbd> <kbd>K</kbd> {t("keysHelp")} <kbd>E</kbd> {t("editKey")}
        </span>
      </PageFoot>
      <TestDialog
        name={search.test}
        autoStart={search.test === justAsked}
        onClose={() => {
          setJustAsked("");
          show({ test: "" });
        }}
      />
    </>
  );
}

function CreatedNote({
  name,
  onDismiss,
}: {
  readonly name: string | undefined;
  readonly onDismiss: () => void;
}) {
  const t = useMessages(serviceMessages);
  if (name === undefined || name === "") return null;
  return (
    <div className="note note-info" role="status" style={{ marginBottom: 12, alignItems: "center" }}>
      <CircleCheck size={16} aria-hidden />
      <span>{t("createdNote", { name })}</span>
      <Link to="/model-apis/new" className="textlink">
        {t("createApi")}
      </Link>
      <span className="grow" />
      <button type="button" className="link" onClick={onDismiss}>
        {t("dismiss")}
      </button>
    </div>
  );
}

function TestDialog({
  name,
  autoStart,
  onClose,
}: {
  readonly name: string | undefined;
  readonly autoStart: boolean;
  readonly onClose: () => void;
}) {
  const t = useMessages(serviceMessages);
  const ui = useMessages(uiMessages);
  const opened = name !== undefined && name !== "";
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size={520}
      title={opened ? t("testTitle", { name }) : ""}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      {opened && <TestPanel key={name} subject={{ kind: "stored", name }} autoStart={autoStart} />}
    </Modal>
  );
}
