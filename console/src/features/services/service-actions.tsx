// What can be done with one service: test, edit, switch, clone, delete. In a row of the list and on its page.
import { ActionIcon, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Link } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { useState } from "react";
import { useChange, type Service } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { DeleteObject } from "../../ui/delete-object.tsx";
import { FailureDialog } from "../../ui/failure-dialog.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { serviceMessages } from "./service-messages.ts";

export function ServiceMenu({
  service,
  onDeleted,
}: {
  readonly service: Service;
  readonly onDeleted?: () => void;
}) {
  const t = useMessages(serviceMessages);
  const right = useMayWrite(service.managedBy, { group: service.resourceGroup });
  const create = useMayWrite();
  const change = useChange("services");
  const [isDeleting, setDeleting] = useState(false);
  const { name, revision } = service;
  const toggle = (): void =>
    change.mutate(
      { action: "patch", name, revision, body: { enabled: !service.enabled } },
      {
        onSuccess: ({ enabled }) =>
          notifications.show({ message: t(enabled ? "enabled" : "disabled", { name }) }),
      },
    );
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" size={26} aria-label={t("more", { name })}>
            <Ellipsis size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item disabled={!right.allowed} title={right.reason} onClick={toggle}>
            {t(service.enabled ? "disable" : "enable")}
          </Menu.Item>
          {create.allowed && (
            <Menu.Item renderRoot={(props) => <Link to="/services/new" search={{ from: name }} {...props} />}>
              {t("clone")}
            </Menu.Item>
          )}
          <Menu.Item disabled={!right.allowed} title={right.reason} onClick={() => setDeleting(true)}>
            {t("delete")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <FailureDialog
        title={t("switchFailed", { name })}
        error={change.error}
        onClose={() => change.reset()}
      />
      {isDeleting && (
        <DeleteObject
          collection="services"
          name={name}
          revision={revision}
          onClose={() => setDeleting(false)}
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
