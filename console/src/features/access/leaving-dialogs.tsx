// The dialogs that end a user's sessions, or the user himself.
import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useChange, type User } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ConfirmDelete } from "../../ui/confirm-delete.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { endSessions } from "./access-calls.ts";
import { accessMessages } from "./access-messages.ts";

export function DeleteUser({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const t = useMessages(accessMessages);
  const change = useChange("users");
  const { name, revision, oidc } = user;
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
      {oidc === undefined ? t("deleteText") : t("deleteOidcText", { provider: oidc.provider })}
    </ConfirmDelete>
  );
}

export function EndSessions({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const end = useMutation({
    mutationFn: () => endSessions(name),
    onSuccess: () => {
      notifications.show({ message: t("sessionsEnded", { name }) });
      onClose();
    },
  });
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("sessionsTitle", { name })}
      size={440}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <div className="col g12">
        <p className="soft">{t("sessionsText", { name })}</p>
        {end.error !== null && <ErrorPanel title={t("sessionsFailed")} error={end.error} />}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button
            data-autofocus
            variant="outline"
            color="red"
            loading={end.isPending}
            onClick={() => end.mutate()}
          >
            {t("endSessions")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
