// The dialog before the configuration goes back to a revision: it lists all that would change.
import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { statusQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { ChangeList } from "./change-list.tsx";
import { Paths } from "./differences.tsx";
import { differencesQuery, rollBack } from "./settings-calls.ts";
import { settingsMessages } from "./settings-messages.ts";
import classes from "./settings.module.css";

export function RollBack({ revision, onClose }: { readonly revision: number; readonly onClose: () => void }) {
  const t = useMessages(settingsMessages);
  const ui = useMessages(uiMessages);
  const client = useQueryClient();
  const status = useQuery(statusQuery);
  const newest = status.data?.revision ?? revision;
  const found = useQuery({ ...differencesQuery(newest, revision), enabled: status.data !== undefined });
  const changes = found.data?.changes.filter(({ kind }) => kind !== "tokens" && kind !== "users");
  const title = t("rollTitle", { n: String(revision) });
  const roll = useMutation({
    mutationFn: () => rollBack(revision),
    onSuccess: () => {
      notifications.show({ message: t("rolled", { n: String(revision) }) });
      onClose();
      return client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    },
  });
  return (
    <Modal opened onClose={onClose} title={title} size={560} closeButtonProps={{ "aria-label": ui("close") }}>
      <div className="col g12">
        <p className="soft">{changes?.length === 0 ? t("rollNothing") : t("rollText")}</p>
        {found.isPending && <LoadingRows rows={3} />}
        {found.isError && (
          <ErrorPanel title={t("diffFailed")} error={found.error} retry={() => void found.refetch()} />
        )}
        {changes !== undefined && changes.length > 0 && (
          <div className={classes["scroll"]} tabIndex={0} role="region" aria-label={title}>
            <ChangeList
              changes={changes}
              label={title}
              renderExtra={({ paths }) => <Paths paths={paths} />}
            />
          </div>
        )}
        {roll.error !== null && <ErrorPanel title={t("rollFailed")} error={roll.error} />}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button
            variant="filled"
            loading={roll.isPending}
            disabled={changes === undefined || changes.length === 0}
            onClick={() => roll.mutate()}
          >
            {t("rollConfirm")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
