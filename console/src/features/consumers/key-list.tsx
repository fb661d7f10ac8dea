// The keys of a consumer: issue, rotate, delete. Values are never here, only their last four characters.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { Consumer } from "../../api/resources.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { ConfirmDelete } from "../../ui/confirm-delete.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Moon } from "../../ui/moon.tsx";
import { RowButtons } from "../../ui/row-buttons.tsx";
import type { WriteRight } from "../../ui/use-may-write.ts";
import { hasEnded, hintOf, type Credential } from "./credentials.ts";
import { keyMessages } from "./key-messages.ts";
import { RotateKeyModal } from "./rotate-key-modal.tsx";
import { useDeleteKey } from "./use-keys.ts";

export function KeyList({
  consumer,
  right,
  onIssue,
}: {
  readonly consumer: Consumer;
  readonly right: WriteRight;
  readonly onIssue: () => void;
}) {
  const t = useMessages(keyMessages);
  const [rotating, setRotating] = useState<Credential>();
  const [deleting, setDeleting] = useState<Credential>();
  const remove = useDeleteKey(consumer.name);
  const columns = useKeyColumns(right, setRotating, setDeleting);
  const closeDelete = (): void => {
    remove.reset();
    setDeleting(undefined);
  };
  return (
    <section aria-labelledby="section-keys" className="col g8">
      <div className="row g12 wrap">
        <div className="grow">
          <h2 id="section-keys">{t("keys")}</h2>
          <p className="small dim">{t("keysHint")}</p>
        </div>
        <Button
          leftSection={<Plus size={14} />}
          disabled={!right.allowed}
          title={right.reason}
          onClick={onIssue}
        >
          {t("issue")}
        </Button>
      </div>
      {consumer.credentials.length === 0 ? (
        <p className="soft" style={{ padding: "8px 0" }}>
          {t("noKeys")}
        </p>
      ) : (
        <DataTable
          label={t("keys")}
          columns={columns}
          rows={consumer.credentials}
          rowKey={({ name }) => name}
        />
      )}
      {rotating !== undefined && (
        <RotateKeyModal consumer={consumer} credential={rotating} onClose={() => setRotating(undefined)} />
      )}
      {deleting !== undefined && (
        <ConfirmDelete
          name={deleting.name}
          title={t("deleteTitle", { name: deleting.name })}
          failure={t("deleteFailed")}
          error={remove.error}
          busy={remove.isPending}
          onClose={closeDelete}
          onConfirm={() =>
            remove.mutate(deleting.name, {
              onSuccess: () => {
                notifications.show({ message: t("deleted", { name: deleting.name }) });
                closeDelete();
              },
            })
          }
        >
          <p>{t("deleteHelp")}</p>
        </ConfirmDelete>
      )}
    </section>
  );
}

function useKeyColumns(
  right: WriteRight,
  onRotate: (credential: Credential) => void,
  onDelete: (credential: Credential) => void,
): readonly Column<Credential>[] {
  const t = useMessages(keyMessages);
  return [
    { key: "name", head: t("name"), cell: ({ name }) => <span className="mono strong">{name}</span> },
    { key: "value", head: t("value"), cell: (credential) => <ValueCell credential={credential} /> },
    { key: "state", head: t("state"), cell: (credential) => <StateCell credential={credential} /> },
    {
      key: "actions",
      head: t("actions"),
      right: true,
      cell: (credential) => {
        const { name, type } = credential;
        const rotate = {
          text: t("rotate"),
          label: t("rotateOf", { name }),
          right,
          run: () => onRotate(credential),
        };
        return (
          <RowButtons
            actions={[
              ...(type === "api-key" ? [rotate] : []),
              { text: t("delete"), label: t("deleteOf", { name }), right, run: () => onDelete(credential) },
            ]}
          />
        );
      },
    },
  ];
}

function ValueCell({ credential }: { readonly credential: Credential }) {
  const t = useMessages(keyMessages);
  if (credential.type === "jwt") return <span className="dim">{t("typeJwt")}</span>;
  if (credential.type === "hmac") return <span className="dim">{t("typeHmac")}</span>;
  return <span className="mono dim">{hintOf(credential) ?? "…"}</span>;
}

function StateCell({ credential }: { readonly credential: Credential }) {
  const t = useMessages(keyMessages);
  const { language } = useLanguage();
  const [now] = useState(() => new Date());
  const { expiresAt } = credential;
  const isOver = hasEnded(credential, now.getTime());
  const time = expiresAt === undefined ? "" : formatTime(new Date(expiresAt), language, now);
  return (
    <span className="row g6 nowrap" title={expiresAt}>
      <Moon phase={isOver ? "ring" : "full"} size={11} />
      <span className={isOver ? "dim" : undefined}>
        {expiresAt === undefined ? t("valid") : t(isOver ? "ended" : "validUntil", { time })}
      </span>
    </span>
  );
}
