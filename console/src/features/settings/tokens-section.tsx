// The tokens of the admin API: which there are, a new one shown once, and deleting one.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { listQuery, useChange, type Token } from "../../api/resources.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import type { Translate } from "../../i18n/messages.ts";
import { ConfirmDelete } from "../../ui/confirm-delete.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { CreateToken } from "./create-token.tsx";
import { settingsMessages } from "./settings-messages.ts";
import classes from "./settings.module.css";
import { useMayConfigure } from "./use-may-configure.ts";

export function TokensSection() {
  const t = useMessages(settingsMessages);
  const allowed = useMayConfigure();
  const tokens = useQuery({ ...listQuery("tokens"), enabled: allowed });
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<Token | null>(null);
  const create = (
    <Button
      variant="filled"
      leftSection={<Plus size={14} />}
      disabled={!allowed}
      title={allowed ? undefined : t("needsConfigure")}
      onClick={() => setCreating(true)}
    >
      {t("createToken")}
    </Button>
  );
  return (
    <section>
      <div className="row g16 wrap">
        <p className={`soft grow ${classes["text"]}`}>{t("tokensText")}</p>
        {(tokens.data?.items.length ?? 1) > 0 && create}
      </div>
      {!allowed && <p className="dim">{t("needsConfigure")}</p>}
      {allowed && tokens.isPending && <LoadingRows rows={3} />}
      {tokens.isError && (
        <ErrorPanel title={t("tokensFailed")} error={tokens.error} retry={() => void tokens.refetch()} />
      )}
      {tokens.data?.items.length === 0 && (
        <EmptyState title={t("noTokens")} actions={create}>
          {t("noTokensText")}
        </EmptyState>
      )}
      {tokens.data !== undefined && tokens.data.items.length > 0 && (
        <TokenTable tokens={tokens.data.items} now={new Date(tokens.dataUpdatedAt)} onDelete={setDeleting} />
      )}
      {creating && (
        <CreateToken
          taken={tokens.data?.items.map(({ name }) => name) ?? []}
          onClose={() => setCreating(false)}
        />
      )}
      {deleting !== null && <DeleteToken token={deleting} onClose={() => setDeleting(null)} />}
    </section>
  );
}

function TokenTable({
  tokens,
  now,
  onDelete,
}: {
  readonly tokens: readonly Token[];
  readonly now: Date;
  readonly onDelete: (token: Token) => void;
}) {
  const t = useMessages(settingsMessages);
  const { language } = useLanguage();
  const end = ({ expiresAt }: Token): string => {
    if (expiresAt === undefined) return t("never");
    const time = formatTime(new Date(expiresAt), language, now);
    return Date.parse(expiresAt) <= now.getTime() ? t("expired", { time }) : time;
  };
  return (
    <DataTable
      label={t("tokens")}
      rows={tokens}
      rowKey={({ name }) => name}
      columns={tokenColumns(t, end, now, onDelete)}
    />
  );
}

function DeleteToken({ token, onClose }: { readonly token: Token; readonly onClose: () => void }) {
  const t = useMessages(settingsMessages);
  const change = useChange("tokens");
  const { name, revision } = token;
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

function tokenColumns(
  t: Translate<(typeof settingsMessages)["en"]>,
  end: (token: Token) => string,
  now: Date,
  onDelete: (token: Token) => void,
): Column<Token>[] {
  return [
    { key: "name", head: t("name"), cell: ({ name }) => <span className="medium">{name}</span> },
    { key: "role", head: t("role"), cell: ({ role }) => role },
    {
      key: "expires",
      head: t("expires"),
      cell: (token) => (
        <span
          className={
            token.expiresAt !== undefined && Date.parse(token.expiresAt) <= now.getTime() ? "bad" : "num"
          }
          title={token.expiresAt}
        >
          {end(token)}
        </span>
      ),
    },
    {
      key: "actions",
      head: "",
      name: t("actions"),
      right: true,
      cell: (token) => (
        <Button
          size="xs"
          variant="subtle"
          leftSection={<Trash2 size={14} />}
          onClick={() => onDelete(token)}
          aria-label={t("deleteTitle", { name: token.name })}
        >
          {t("deleteToken")}
        </Button>
      ),
    },
  ];
}
