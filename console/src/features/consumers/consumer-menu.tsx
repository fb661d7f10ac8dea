// What can be done with a consumer beside its keys: switch, edit, delete. In a row of the list and on its page.
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useChange, type Consumer } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { DeleteObject } from "../../ui/delete-object.tsx";
import { FailureDialog } from "../../ui/failure-dialog.tsx";
import { RowButtons } from "../../ui/row-buttons.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { consumerMessages } from "./consumer-messages.ts";
import { EditConsumerModal } from "./consumer-modals.tsx";

export function ConsumerMenu({
  consumer,
  onDeleted,
}: {
  readonly consumer: Consumer;
  readonly onDeleted?: () => void;
}) {
  const t = useMessages(consumerMessages);
  const right = useMayWrite(consumer.managedBy, { group: consumer.resourceGroup });
  const change = useChange("consumers");
  const [opened, setOpened] = useState<"edit" | "delete">();
  const { name, revision, enabled } = consumer;
  const close = (): void => setOpened(undefined);
  const toggle = (): void =>
    change.mutate(
      { action: "patch", name, revision, body: { enabled: !enabled } },
      {
        onSuccess: (saved) =>
          notifications.show({ message: t(saved.enabled ? "enabledNow" : "disabledNow", { name }) }),
      },
    );
  return (
    <>
      <RowButtons
        menuLabel={t("more", { name })}
        menu={[
          { text: t("edit"), right, run: () => setOpened("edit") },
          { text: t(enabled ? "disable" : "enable"), right, run: toggle },
          { text: t("delete"), right, run: () => setOpened("delete") },
        ]}
      />
      <FailureDialog
        title={t("switchFailed", { name })}
        error={change.error}
        onClose={() => change.reset()}
      />
      {opened === "edit" && <EditConsumerModal consumer={consumer} onClose={close} />}
      {opened === "delete" && (
        <DeleteObject
          collection="consumers"
          name={name}
          revision={revision}
          onClose={close}
          {...(onDeleted === undefined ? {} : { onDeleted })}
          texts={{
            title: t("deleteTitle", { name }),
            failure: t("deleteFailed"),
            free: t("deleteFree"),
            blocked: (n) => t("deleteBlocked", { n }),
            done: t("deleted", { name }),
          }}
        />
      )}
    </>
  );
}
