// What can be done with one Model API, as a menu: clone, switch, export, copy, delete. The same in list and detail.
import { ActionIcon, Menu } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Copy, CopyPlus, Ellipsis, FileDown, Pencil, Play, Power, Trash2 } from "lucide-react";
import { useState } from "react";
import { listQuery, objectQuery, useChange, type ModelApi } from "../../api/resources.ts";
import { statusQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { baseUrlOf } from "./api-facts.ts";
import { DeleteApi } from "./delete-api.tsx";
import { apiDocument, saveFile } from "./export-api.ts";
import { listMessages } from "./list-messages.ts";
import { useMayWrite } from "./may-write.ts";

const icon = { size: 15, strokeWidth: 1.75 } as const;

/** Switches a Model API on or off; the list shows it at once and takes it back when the gateway refuses. */
export function useSwitch(onError: (error: unknown) => void) {
  const client = useQueryClient();
  const change = useChange("model-apis");
  return (api: ModelApi, enabled: boolean): void => {
    const list = listQuery("model-apis").queryKey;
    const one = objectQuery("model-apis", api.name).queryKey;
    const before = { list: client.getQueryData(list), one: client.getQueryData(one) };
    const switched = { ...api, enabled };
    client.setQueryData(
      list,
      (page) =>
        page && { ...page, items: page.items.map((each) => (each.name === api.name ? switched : each)) },
    );
    client.setQueryData(one, (object) => object && switched);
    change.mutate(
      { action: "patch", name: api.name, body: { enabled }, revision: api.revision },
      {
        onError: (error) => {
          client.setQueryData(list, before.list);
          client.setQueryData(one, before.one);
          onError(error);
        },
      },
    );
  };
}

/**
 * @param links Debug and Edit stand in the menu too, where there is no room beside it
 * @param onFailure told of what went wrong, to show it on the page
 */
export function ApiMenu({
  api,
  links = false,
  size = 26,
  variant = "subtle",
  onFailure,
  onDeleted,
}: {
  readonly api: ModelApi;
  readonly links?: boolean;
  readonly size?: number;
  readonly variant?: "subtle" | "default";
  readonly onFailure: (title: string, error: unknown) => void;
  readonly onDeleted?: () => void;
}) {
  const t = useMessages(listMessages);
  const ui = useMessages(uiMessages);
  const status = useQuery(statusQuery);
  const [deleting, setDeleting] = useState(false);
  const locked = useMayWrite(api);
  const switchTo = useSwitch((error) => onFailure(t("switchFailed", { name: api.name }), error));
  const exportYaml = async (): Promise<void> => {
    try {
      saveFile(`${api.name}.yaml`, await apiDocument(api));
    } catch (error) {
      onFailure(t("exportFailed", { name: api.name }), error);
    }
  };
  const copyUrl = async (): Promise<void> => {
    if (status.data === undefined) return;
    const url = baseUrlOf(
      api.domains[0] ?? "*",
      api.basePath,
      status.data.gateway,
      globalThis.location.hostname,
    );
    await navigator.clipboard.writeText(url);
    notifications.show({ message: t("copied", { url }), closeButtonProps: { "aria-label": ui("close") } });
  };
  const reason = locked === undefined ? undefined : ui(locked);
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant={variant} size={size} aria-label={t("more", { name: api.name })}>
            <Ellipsis size={16} strokeWidth={1.75} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {links && <LinkItems name={api.name} />}
          <Menu.Item
            leftSection={<CopyPlus {...icon} />}
            renderRoot={(root) => <Link to="/model-apis/new" search={{ from: api.name }} {...root} />}
          >
            {t("clone")}
          </Menu.Item>
          <Menu.Item
            leftSection={<Power {...icon} />}
            disabled={locked !== undefined}
            title={reason}
            onClick={() => switchTo(api, !api.enabled)}
          >
            {t(api.enabled ? "disable" : "enable")}
          </Menu.Item>
          <Menu.Item leftSection={<FileDown {...icon} />} onClick={() => void exportYaml()}>
            {t("exportYaml")}
          </Menu.Item>
          <Menu.Item
            leftSection={<Copy {...icon} />}
            disabled={status.data === undefined}
            onClick={() => void copyUrl()}
          >
            {t("copyUrl")}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            className="bad"
            leftSection={<Trash2 {...icon} />}
            disabled={locked !== undefined}
            title={reason}
            onClick={() => setDeleting(true)}
          >
            {t("delete")}
          </Menu.Item>
          {reason !== undefined && <Menu.Label>{reason}</Menu.Label>}
        </Menu.Dropdown>
      </Menu>
      {deleting && (
        <DeleteApi
          api={api}
          onClose={() => setDeleting(false)}
          {...(onDeleted === undefined ? {} : { onDone: onDeleted })}
        />
      )}
    </>
  );
}

function LinkItems({ name }: { readonly name: string }) {
  const t = useMessages(listMessages);
  return (
    <>
      <Menu.Item
        leftSection={<Play {...icon} />}
        renderRoot={(root) => <Link to="/model-apis/$name/debug" params={{ name }} {...root} />}
      >
        {t("debug")}
      </Menu.Item>
      <Menu.Item
        leftSection={<Pencil {...icon} />}
        renderRoot={(root) => <Link to="/model-apis/$name/edit" params={{ name }} {...root} />}
      >
        {t("edit")}
      </Menu.Item>
    </>
  );
}
