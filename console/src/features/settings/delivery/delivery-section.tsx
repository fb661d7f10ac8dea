// Log delivery: what is kept here, the sinks and how delivery to each stands. Which dialog is open stands in the address.
import { Button, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { SinkState } from "../../../../../src/control/routes/console-answers.ts";
import { freeName } from "../../../api/object-name.ts";
import { listQuery, useChange, type Sink } from "../../../api/resources.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { ConfirmDelete } from "../../../ui/confirm-delete.tsx";
import { DataTable } from "../../../ui/data-table.tsx";
import { EmptyState } from "../../../ui/empty-state.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { LoadingRows } from "../../../ui/loading.tsx";
import { useMayWrite, useRight } from "../../../ui/use-may-write.ts";
import classes from "../settings.module.css";
import { sinkStatesQuery, testStoredSink } from "./delivery-calls.ts";
import { deliveryMessages } from "./delivery-messages.ts";
import { Retention } from "./retention.tsx";
import { useSinkColumns } from "./sink-columns.tsx";
import { SinkDialog } from "./sink-dialog.tsx";
import { draftOf, newSink, sinkTypes } from "./sink-draft.ts";
import { SinkTestResult } from "./sink-test-result.tsx";

export function DeliverySection() {
  // What is kept is told of all resource groups together.
  const seesStore = useRight("read", "everywhere").allowed;
  return (
    <>
      <Sinks />
      {seesStore && <Retention />}
    </>
  );
}

function useOpenDialog() {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  return {
    adding: sinkTypes.find((type) => type === search.add),
    editing: search.edit,
    open: (fields: { readonly add?: string; readonly edit?: string }): void =>
      void navigate({ to: "/settings/$section", params: { section: "delivery" }, search: fields }),
    close: (): void =>
      void navigate({ to: "/settings/$section", params: { section: "delivery" }, search: {}, replace: true }),
  };
}

function Sinks() {
  const t = useMessages(deliveryMessages);
  const sinks = useQuery(listQuery("sinks"));
  const states = useQuery(sinkStatesQuery);
  const { open } = useOpenDialog();
  const test = useMutation({ mutationFn: testStoredSink });
  const [deleting, setDeleting] = useState<Sink | null>(null);
  const items = sinks.data?.items;
  return (
    <section>
      <h2>{t("sinks")}</h2>
      <div className="row g16 wrap">
        <p className={`soft grow ${classes["text"]}`}>{t("sinksText")}</p>
        {(items?.length ?? 0) > 0 && <AddSink onAdd={(add) => open({ add })} />}
      </div>
      {sinks.isPending && <LoadingRows rows={2} />}
      {sinks.isError && (
        <ErrorPanel title={t("sinksFailed")} error={sinks.error} retry={() => void sinks.refetch()} />
      )}
      {states.isError && <ErrorPanel title={t("statesFailed")} error={states.error} />}
      {items?.length === 0 && (
        <EmptyState title={t("noSinks")} actions={<AddSink onAdd={(add) => open({ add })} />}>
          {t("noSinksText")}
        </EmptyState>
      )}
      {items !== undefined && items.length > 0 && (
        <SinkTable
          sinks={items}
          states={states.data?.items}
          now={states.dataUpdatedAt}
          onTest={(name) => test.mutate(name)}
          onEdit={(edit) => open({ edit })}
          onDelete={setDeleting}
        />
      )}
      {test.status !== "idle" && (
        <SinkTestResult result={test.data} error={test.error} isPending={test.isPending} />
      )}
      {items !== undefined && <OpenDialog sinks={items} />}
      {deleting !== null && <DeleteSink sink={deleting} onClose={() => setDeleting(null)} />}
    </section>
  );
}

function SinkTable({
  sinks,
  states,
  now,
  onTest,
  onEdit,
  onDelete,
}: {
  readonly sinks: readonly Sink[];
  readonly states: readonly SinkState[] | undefined;
  readonly now: number;
  readonly onTest: (name: string) => void;
  readonly onEdit: (name: string) => void;
  readonly onDelete: (sink: Sink) => void;
}) {
  const t = useMessages(deliveryMessages);
  const columns = useSinkColumns({ states, now, onTest, onEdit, onDelete });
  return (
    <DataTable label={t("sinks")} rows={sinks} rowKey={({ name }) => name} rowHeight={59} columns={columns} />
  );
}

function AddSink({ onAdd }: { readonly onAdd: (type: string) => void }) {
  const t = useMessages(deliveryMessages);
  const right = useMayWrite("api", "everywhere");
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="filled"
          leftSection={<Plus size={14} />}
          disabled={!right.allowed}
          title={right.reason === "" ? undefined : right.reason}
        >
          {t("add")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {sinkTypes.map((type) => (
          <Menu.Item
            key={type}
            aria-label={t("addType", { type: t(`type_${type}`) })}
            onClick={() => onAdd(type)}
          >
            <div className="medium">{t(`type_${type}`)}</div>
            <div className="small dim">{t(`hint_${type}`)}</div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function OpenDialog({ sinks }: { readonly sinks: readonly Sink[] }) {
  const { adding, editing, close } = useOpenDialog();
  const names = sinks.map(({ name }) => name);
  if (adding !== undefined) {
    return (
      <SinkDialog
        key={adding}
        sink={null}
        start={newSink(adding, freeName(adding, names))}
        taken={names}
        onClose={close}
      />
    );
  }
  const sink = sinks.find(({ name }) => name === editing);
  if (sink === undefined) return null;
  return <SinkDialog key={sink.name} sink={sink} start={draftOf(sink)} taken={[]} onClose={close} />;
}

function DeleteSink({ sink, onClose }: { readonly sink: Sink; readonly onClose: () => void }) {
  const t = useMessages(deliveryMessages);
  const change = useChange("sinks");
  const { name, revision } = sink;
  return (
    <ConfirmDelete
      name={name}
      title={t("deleteTitle", { name })}
      failure={t("deleteFailed")}
      error={change.error}
      busy={change.isPending}
      onClose={onClose}
      onConfirm={() =>
        change.mutate(
          { action: "delete", name, revision },
          {
            onSuccess: () => {
              notifications.show({ message: t("deleted", { name }) });
              onClose();
            },
          },
        )
      }
    >
      {t("deleteText")}
    </ConfirmDelete>
  );
}
