// What can be done with a consumer beside its keys: switch, edit, delete. In a row of the list and on its page.
import { useState } from "react";
import type { Consumer } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { DeleteObject } from "../../ui/delete-object.tsx";
import { RowButtons } from "../../ui/row-buttons.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { consumerMessages } from "./consumer-messages.ts";
import { EditConsumerModal } from "./consumer-modals.tsx";
import { useSwitchConsumer } from "./use-switch-consumer.tsx";

/** @param withSwitch false where a switch stands beside it */
export function ConsumerMenu({
  consumer,
  withSwitch = true,
  onDeleted,
}: {
  readonly consumer: Consumer;
  readonly withSwitch?: boolean;
  readonly onDeleted?: () => void;
}) {
  const t = useMessages(consumerMessages);
  const right = useMayWrite(consumer.managedBy, { group: consumer.resourceGroup });
  const { toggle, failure } = useSwitchConsumer(consumer);
  const [opened, setOpened] = useState<"edit" | "delete">();
  const { name, revision, enabled } = consumer;
  const close = (): void => setOpened(undefined);
  return (
    <>
      <RowButtons
        menuLabel={t("more", { name })}
        menu={[
          { text: t("edit"), right, run: () => setOpened("edit") },
          ...(withSwitch ? [{ text: t(enabled ? "disable" : "enable"), right, run: toggle }] : []),
          { text: t("delete"), right, run: () => setOpened("delete") },
        ]}
      />
      {failure}
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
