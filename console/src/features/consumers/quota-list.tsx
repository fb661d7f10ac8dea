// The quotas of a consumer or group: what is used, held and left, when they reset; added, changed, reset, deleted here.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useChange } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ConfirmDelete } from "../../ui/confirm-delete.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import classes from "./consumers.module.css";
import { collectionOf, type Owner } from "./owner.ts";
import { ownerUsageQuery, useResetQuota } from "./owner-calls.ts";
import { useQuotaColumns } from "./quota-columns.tsx";
import { QuotaForm } from "./quota-form.tsx";
import { quotaMessages } from "./quota-messages.ts";
import { quotaRows, type QuotaRow } from "./quota-rows.ts";
import { ResetQuota } from "./reset-quota.tsx";

/**
 * @param editing name of the quota under edit; empty: a new one; undefined: none
 */
export function QuotaList({
  owner,
  editing,
  onEdit,
}: {
  readonly owner: Owner;
  readonly editing: string | undefined;
  readonly onEdit: (quota: string | undefined) => void;
}) {
  const t = useMessages(quotaMessages);
  const right = useMayWrite(owner.managedBy, owner.where);
  const usage = useQuery(ownerUsageQuery(owner, "30d"));
  const [resetting, setResetting] = useState<QuotaRow>();
  const [deleting, setDeleting] = useState<QuotaRow>();
  const reset = useResetQuota(owner);
  const rows = quotaRows(owner, usage.data?.quotas);
  const columns = useQuotaColumns(right, {
    onEdit: ({ name }) => onEdit(name),
    onReset: setResetting,
    onDelete: setDeleting,
  });
  const edited = owner.quotas.find(({ name }) => name === editing);
  return (
    <section className={classes["section"]} aria-labelledby="section-quotas">
      <div className={classes["sectionHead"]}>
        <div>
          <h2 id="section-quotas">{t("quotas")}</h2>
          <p className="small dim">{t("quotasHint")}</p>
        </div>
        <Button
          leftSection={<Plus size={14} />}
          disabled={!right.allowed}
          title={right.reason}
          onClick={() => onEdit("")}
        >
          {t("add")}
        </Button>
      </div>
      {usage.isError && (
        <ErrorPanel title={t("usageFailed")} error={usage.error} retry={() => void usage.refetch()} />
      )}
      {rows.length === 0 ? (
        <p className="soft">{t("noQuotas")}</p>
      ) : (
        <DataTable
          label={t("quotas")}
          columns={columns}
          rows={rows}
          rowKey={({ group, name }) => `${group ?? ""} ${name}`}
          rowHeight={59}
        />
      )}
      {editing !== undefined && right.allowed && (editing === "" || edited !== undefined) && (
        <QuotaForm key={editing} owner={owner} quota={edited} onClose={() => onEdit(undefined)} />
      )}
      {resetting !== undefined && (
        <ResetQuota row={resetting} reset={reset} onClose={() => setResetting(undefined)} />
      )}
      {deleting !== undefined && (
        <DeleteQuota owner={owner} name={deleting.name} onClose={() => setDeleting(undefined)} />
      )}
    </section>
  );
}

function DeleteQuota({
  owner,
  name,
  onClose,
}: {
  readonly owner: Owner;
  readonly name: string;
  readonly onClose: () => void;
}) {
  const t = useMessages(quotaMessages);
  const change = useChange(collectionOf(owner));
  const confirm = (): void =>
    change.mutate(
      {
        action: "patch",
        name: owner.name,
        revision: owner.revision,
        body: { quotas: owner.quotas.filter((quota) => quota.name !== name) },
      },
      {
        onSuccess: () => {
          notifications.show({ message: t("deleted", { name }) });
          onClose();
        },
      },
    );
  return (
    <ConfirmDelete
      name={name}
      title={t("deleteTitle", { name })}
      failure={t("deleteFailed")}
      error={change.error}
      busy={change.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>{t("deleteHelp")}</p>
    </ConfirmDelete>
  );
}
