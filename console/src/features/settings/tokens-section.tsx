// The tokens of the admin API: which there are, a new one shown once, and deleting one.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { mayGrant } from "../../../../src/resources/held-role.ts";
import { listQuery, useChange, type Token } from "../../api/resources.ts";
import { formatDay } from "../../i18n/format.ts";
import { heldBy, sessionQuery } from "../../api/session.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import type { Translate } from "../../i18n/messages.ts";
import { ConfirmDelete } from "../../ui/confirm-delete.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useRight, type WriteRight } from "../../ui/use-may-write.ts";
import { RoleTags } from "../access/role-tags.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { Moon } from "../../ui/moon.tsx";
import { CreateToken } from "./create-token.tsx";
import { settingsMessages } from "./settings-messages.ts";
import classes from "./settings.module.css";

export function TokensSection() {
  const t = useMessages(settingsMessages);
  const right = useRight("manage-access");
  const { allowed } = right;
  const tokens = useQuery({ ...listQuery("tokens"), enabled: allowed });
  const [creating, setCreating] = useState(false);
  const [deleting, setDeleting] = useState<Token | null>(null);
  const create = (
    <Button
      variant="filled"
      leftSection={<Plus size={14} />}
      disabled={!allowed}
      title={right.reason}
      onClick={() => setCreating(true)}
    >
      {t("createToken")}
    </Button>
  );
  return (
    <section>
      <div className="row g16 wrap">
        <p className={`soft ${classes["text"]}`}>{t("tokensText")}</p>
        <span className="grow" />
        {allowed && (tokens.data?.items.length ?? 1) > 0 && create}
      </div>
      {!allowed && (
        <EmptyState title={t("tokensDenied")}>{t("tokensDeniedText", { reason: right.reason })}</EmptyState>
      )}
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
  const rightTo = useRightTo();
  const moment = (time: string): string => formatDay(new Date(time), language, now);
  return (
    <DataTable
      label={t("tokens")}
      rows={tokens}
      rowKey={({ name }) => name}
      columns={tokenColumns({ t, moment, now, rightTo, onDelete })}
    />
  );
}

/** Whether a token may be revoked: not one above oneself, and not one of the configuration file. */
function useRightTo(): (token: Token) => WriteRight {
  const t = useMessages(settingsMessages);
  const ui = useMessages(uiMessages);
  const { data: session } = useQuery(sessionQuery);
  const own = session ? heldBy(session) : [];
  return ({ role, resourceGroups, managedBy }) => {
    if (managedBy === "file") return { allowed: false, reason: ui("fromFileHelp") };
    const allowed = mayGrant(own, { role, resourceGroups: resourceGroups ?? null });
    return { allowed, reason: allowed ? "" : t("tokenAbove") };
  };
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

function tokenColumns({
  t,
  moment,
  now,
  rightTo,
  onDelete,
}: {
  readonly t: Translate<(typeof settingsMessages)["en"]>;
  readonly moment: (time: string) => string;
  readonly now: Date;
  readonly rightTo: (token: Token) => WriteRight;
  readonly onDelete: (token: Token) => void;
}): Column<Token>[] {
  return [
    { key: "name", head: t("name"), cell: ({ name }) => <span className="medium">{name}</span> },
    {
      key: "role",
      head: t("role"),
      cell: ({ role, resourceGroups }) => (
        <RoleTags held={[{ role, resourceGroups: resourceGroups ?? null }]} />
      ),
    },
    {
      key: "by",
      head: t("madeBy"),
      wide: true,
      cell: ({ createdBy, createdAt }) => (
        <span className="mono soft" title={createdAt}>
          {createdBy ?? "—"}
        </span>
      ),
    },
    {
      key: "used",
      head: t("lastUsed"),
      wide: true,
      cell: ({ lastUsedAt }) =>
        typeof lastUsedAt === "string" ? (
          <span className="num" title={lastUsedAt}>
            {moment(lastUsedAt)}
          </span>
        ) : (
          <span className="dim">{t("neverUsed")}</span>
        ),
    },
    {
      key: "expires",
      head: t("expires"),
      cell: ({ expiresAt }) => {
        if (expiresAt === undefined) return <span className="warn">{t("never")}</span>;
        const isOver = Date.parse(expiresAt) <= now.getTime();
        return (
          <span className="row g6 num nowrap" title={expiresAt}>
            <Moon phase={isOver ? "struck" : "full"} size={10} />
            {isOver ? t("expired", { time: moment(expiresAt) }) : moment(expiresAt)}
          </span>
        );
      },
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
          disabled={!rightTo(token).allowed}
          title={rightTo(token).reason}
          onClick={() => onDelete(token)}
          aria-label={t("deleteTitle", { name: token.name })}
        >
          {t("deleteToken")}
        </Button>
      ),
    },
  ];
}
