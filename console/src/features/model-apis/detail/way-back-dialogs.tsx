// The dialogs before something goes back to what it was: one Model API alone, or the whole configuration.
import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useChange, type ModelApi } from "../../../api/resources.ts";
import { statusQuery } from "../../../api/state.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { LoadingRows } from "../../../ui/loading.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import { apiYaml, yamlOf } from "./yaml-text.ts";
import { rollBack, rollbackQuery, stateQuery, type Difference } from "./history-api.ts";
import { historyMessages } from "./history-messages.ts";

export function RestoreDialog({
  api,
  revision,
  onClose,
}: {
  readonly api: ModelApi;
  readonly revision: number;
  readonly onClose: () => void;
}) {
  const t = useMessages(historyMessages);
  const ui = useMessages(uiMessages);
  const number = String(revision);
  const { data: then, error } = useQuery(stateQuery(api.name, revision));
  const change = useChange("model-apis");
  const same = then != null && yamlOf(then) === apiYaml(api);
  const restore = (): void => {
    if (then == null) return;
    change.mutate(
      { action: "replace", name: api.name, body: then, revision: api.revision },
      {
        onSuccess: () => {
          notifications.show({
            message: t("restored", { name: api.name, number }),
            closeButtonProps: { "aria-label": ui("close") },
          });
          onClose();
        },
      },
    );
  };
  return (
    <WayBackDialog
      title={t("restoreTitle", { name: api.name, number })}
      confirm={t("restore")}
      error={change.error ?? error}
      busy={change.isPending}
      possible={then != null && !same}
      onConfirm={restore}
      onClose={onClose}
    >
      {then === null && <p>{t("absent", { number })}</p>}
      {then != null && <p>{t(same ? "restoreSame" : "restoreText", { number })}</p>}
    </WayBackDialog>
  );
}

const effects = { create: "willCreate", update: "willUpdate", delete: "willDelete" } as const;

export function RollBackDialog({
  revision,
  onClose,
}: {
  readonly revision: number;
  readonly onClose: () => void;
}) {
  const t = useMessages(historyMessages);
  const ui = useMessages(uiMessages);
  const number = String(revision);
  const client = useQueryClient();
  const { data: status } = useQuery(statusQuery);
  const changes = useQuery({
    ...rollbackQuery(status?.revision ?? revision, revision),
    enabled: status !== undefined,
  });
  const roll = useMutation({
    mutationFn: () => rollBack(revision),
    onSuccess: async () => {
      notifications.show({
        message: t("rolledBack", { number }),
        closeButtonProps: { "aria-label": ui("close") },
      });
      onClose();
      await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    },
  });
  const list = changes.data;
  return (
    <WayBackDialog
      title={t("rollBackTitle", { number })}
      confirm={t("rollBack")}
      error={roll.error ?? changes.error}
      busy={roll.isPending}
      possible={list !== undefined && list.length > 0}
      onConfirm={() => roll.mutate()}
      onClose={onClose}
    >
      <p>{t("rollBackText", { number })}</p>
      {list === undefined && changes.error === null && <LoadingRows rows={3} height={30} />}
      {list?.length === 0 && <p>{t("rollBackNothing", { number })}</p>}
      {list !== undefined && list.length > 0 && <ChangeList changes={list} />}
    </WayBackDialog>
  );
}

function ChangeList({ changes }: { readonly changes: readonly Difference[] }) {
  const t = useMessages(historyMessages);
  return (
    <>
      <p style={{ marginTop: 8 }}>{t("rollBackList", { n: changes.length })}</p>
      <ul
        style={{ maxHeight: 260, overflow: "auto", paddingLeft: 18 }}
        tabIndex={0}
        aria-label={t("changed")}
      >
        {changes.map(({ kind, name, action, paths }) => (
          <li key={`${kind}/${name}`}>
            <span className="mono">
              {kind}/{name}
            </span>{" "}
            <span className={action === "delete" ? "bad" : "dim"}>{t(effects[action])}</span>
            {paths.length > 0 && <span className="mono dim"> {paths.join(", ")}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

function WayBackDialog({
  title,
  confirm,
  error,
  busy,
  possible,
  onConfirm,
  onClose,
  children,
}: {
  readonly title: string;
  readonly confirm: string;
  readonly error: Error | null;
  readonly busy: boolean;
  readonly possible: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const t = useMessages(historyMessages);
  const ui = useMessages(uiMessages);
  return (
    <Modal opened onClose={onClose} size={520} title={title} closeButtonProps={{ "aria-label": ui("close") }}>
      <div className="soft" style={{ marginBottom: 16 }}>
        {children}
      </div>
      {error !== null && <ErrorPanel title={t("failed")} error={error} />}
      <div className="row" style={{ justifyContent: "flex-end", marginTop: 12 }}>
        <Button variant="subtle" onClick={onClose} data-autofocus>
          {t("keep")}
        </Button>
        <Button variant="outline" color="red" disabled={!possible} loading={busy} onClick={onConfirm}>
          {confirm}
        </Button>
      </div>
    </Modal>
  );
}
