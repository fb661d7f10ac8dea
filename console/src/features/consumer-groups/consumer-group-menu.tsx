// What can be done with a consumer group itself: its description, its end. In a row of the list and on its page.
import { useState } from "react";
import type { ConsumerGroup } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { DeleteObject } from "../../ui/delete-object.tsx";
import { EditDescription } from "../../ui/edit-description.tsx";
import { RowButtons } from "../../ui/row-buttons.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { consumerGroupMessages } from "./consumer-group-messages.ts";

export function ConsumerGroupMenu({
  group,
  onDeleted,
}: {
  readonly group: ConsumerGroup;
  readonly onDeleted?: () => void;
}) {
  const t = useMessages(consumerGroupMessages);
  const right = useMayWrite(group.managedBy, "everywhere");
  const [opened, setOpened] = useState<"edit" | "delete">();
  const close = (): void => setOpened(undefined);
  const { name, revision } = group;
  return (
    <>
      <RowButtons
        menuLabel={t("more", { name })}
        menu={[
          { text: t("edit"), right, run: () => setOpened("edit") },
          { text: t("delete"), right, run: () => setOpened("delete") },
        ]}
      />
      {opened === "edit" && (
        <EditDescription
          collection="consumer-groups"
          object={group}
          onClose={close}
          texts={{
            title: t("editTitle", { name }),
            label: t("description"),
            save: t("save"),
            failure: t("saveFailed"),
            done: t("saved", { name }),
          }}
        />
      )}
      {opened === "delete" && (
        <DeleteObject
          collection="consumer-groups"
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
