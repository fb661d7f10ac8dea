// What can be done with several consumers at once: enable, disable, delete. Each change names the revision it was made of.
import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { consumerMessages } from "./consumer-messages.ts";
import type { ConsumerRow } from "./consumer-rows.ts";
import classes from "./consumers.module.css";

type BulkAction = "enable" | "disable" | "delete";

interface Outcome {
  readonly done: number;
  readonly failed: readonly { readonly name: string; readonly error: unknown }[];
}

/** One after the other; a failure leaves the others changed, and is told. */
function useBulk() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ action, rows }: { action: BulkAction; rows: readonly ConsumerRow[] }) => {
      const failed: { name: string; error: unknown }[] = [];
      for (const { name, consumer } of rows) {
        const path = `/consumers/${encodeURIComponent(name)}`;
        const ifMatch = consumer.revision;
        try {
          if (action === "delete") await call("DELETE", path, { ifMatch });
          else await call("PATCH", path, { body: { enabled: action === "enable" }, ifMatch });
        } catch (error) {
          failed.push({ name, error });
        }
      }
      return { done: rows.length - failed.length, failed } satisfies Outcome;
    },
    onSettled: () => client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" }),
  });
}

const doneWords = { enable: "bulkEnabled", disable: "bulkDisabled", delete: "bulkDeleted" } as const;

/** @param rows that are selected @param shown of the list, for a selection of all */
export function BulkBar({
  rows,
  shown,
  onSelect,
}: {
  readonly rows: readonly ConsumerRow[];
  readonly shown: readonly ConsumerRow[];
  readonly onSelect: (names: readonly string[]) => void;
}) {
  const t = useMessages(consumerMessages);
  const right = useMayWrite();
  const bulk = useBulk();
  const [asked, setAsked] = useState<"disable" | "delete">();
  const run = (action: BulkAction, wanted: readonly ConsumerRow[]): void =>
    bulk.mutate(
      { action, rows: wanted },
      {
        onSuccess: ({ done, failed }) => {
          if (done > 0) notifications.show({ message: t(doneWords[action], { n: done }) });
          onSelect(failed.map(({ name }) => name));
          setAsked(undefined);
        },
      },
    );
  const failed = bulk.data?.failed ?? [];
  const button = (text: string, onClick: () => void) => (
    <Button size="xs" disabled={!right.allowed || bulk.isPending} title={right.reason} onClick={onClick}>
      {text}
    </Button>
  );
  return (
    <>
      <div className={classes["bulk"]} role="group" aria-label={t("selectedCount", { n: rows.length })}>
        <span className="num strong" role="status">
          {t("selectedCount", { n: rows.length })}
        </span>
        {button(t("enableAll"), () => run("enable", changeable(rows)))}
        {button(t("disableAll"), () => setAsked("disable"))}
        {button(t("deleteAll"), () => setAsked("delete"))}
        <span className="grow" />
        <button type="button" className="textlink" onClick={() => onSelect(shown.map(({ name }) => name))}>
          {t("selectShown")}
        </button>
        <button type="button" className="textlink" onClick={() => onSelect([])}>
          {t("clearSelection")}
        </button>
      </div>
      {failed.length > 0 && (
        <div style={{ padding: "0 24px 8px" }}>
          <ErrorPanel
            title={t("bulkFailed", { n: failed.length, names: failed.map(({ name }) => name).join(", ") })}
            error={failed[0]?.error}
          />
        </div>
      )}
      {asked !== undefined && (
        <AskBulk
          action={asked}
          rows={rows}
          busy={bulk.isPending}
          onConfirm={(wanted) => run(asked, wanted)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}

/** Those that are not kept in the configuration file. */
function changeable(rows: readonly ConsumerRow[]): readonly ConsumerRow[] {
  return rows.filter(({ consumer }) => consumer.managedBy === "api");
}

function AskBulk({
  action,
  rows,
  busy,
  onConfirm,
  onClose,
}: {
  readonly action: "disable" | "delete";
  readonly rows: readonly ConsumerRow[];
  readonly busy: boolean;
  readonly onConfirm: (rows: readonly ConsumerRow[]) => void;
  readonly onClose: () => void;
}) {
  const t = useMessages(consumerMessages);
  const ui = useMessages(uiMessages);
  const isDelete = action === "delete";
  // A grant by a group's name keeps nobody from being deleted; the control plane has the last word.
  const possible = changeable(rows).filter(({ ownApis }) => !isDelete || ownApis.length === 0);
  const kept = rows.filter((row) => !possible.includes(row));
  return (
    <Modal
      opened
      onClose={onClose}
      size={440}
      title={t(isDelete ? "bulkDeleteTitle" : "bulkDisableTitle", { n: possible.length })}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <div className="col g12">
        {possible.length === 0 ? (
          <p>{t("bulkNothing")}</p>
        ) : (
          <Names text={t(isDelete ? "bulkDeleteFree" : "bulkDisableText")} rows={possible} />
        )}
        {isDelete && kept.length > 0 && <Names text={t("bulkDeleteKept")} rows={kept} />}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button data-autofocus variant="subtle" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button
            variant="filled"
            color={isDelete ? "red" : undefined}
            disabled={possible.length === 0}
            loading={busy}
            onClick={() => onConfirm(possible)}
          >
            {t(isDelete ? "deleteAll" : "disableAll")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function Names({ text, rows }: { readonly text: string; readonly rows: readonly ConsumerRow[] }) {
  return (
    <div>
      <p className="soft">{text}</p>
      <ul className={classes["names"]}>
        {rows.map(({ name, ownApis }) => (
          <li key={name}>
            {name} {ownApis.length > 0 && <span className="dim small">{ownApis.join(", ")}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
