// What can be done with an exchange: send it again in the debug panel, take it to a shell, pass its address on.
import { ActionIcon, Button, Menu } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ellipsis, RotateCcw } from "lucide-react";
import type { ExchangeRecord, StatusAnswer } from "../../../../src/control/routes/console-answers.ts";
import { statusQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import { gatewayPlace } from "../debug/gateway-place.ts";
import { isObject, parseJson } from "../debug/json.ts";
import { curlCommand } from "../debug/snippets.ts";
import { exchangeMessages } from "./exchange-messages.ts";

export function ReplayButton({ record }: { readonly record: ExchangeRecord }) {
  const t = useMessages(exchangeMessages);
  if (record.api === "") return null;
  return (
    <Button
      size="xs"
      leftSection={<RotateCcw size={13} />}
      title={t("replayTitle")}
      renderRoot={(root) => (
        <Link
          to="/model-apis/$name/debug"
          params={{ name: record.api }}
          search={{ replay: record.requestId }}
          {...root}
        />
      )}
    >
      {t("replay")}
    </Button>
  );
}

export function ActionMenu({
  record,
  isPage,
}: {
  readonly record: ExchangeRecord;
  /** Whether it stands on a page of its own. */
  readonly isPage: boolean;
}) {
  const t = useMessages(exchangeMessages);
  const clipboard = useClipboard();
  const { data: status } = useQuery(statusQuery);
  const curl = curlOf(record, status);
  const copy = (text: string): void => {
    clipboard.copy(text);
    notifications.show({ message: t("copied") });
  };
  const at = Date.parse(record.time);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" size={28} aria-label={t("more")}>
          <Ellipsis size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          disabled={curl === undefined}
          title={
            curl === undefined
              ? t(record.requestContent === undefined ? "curlMissing" : "curlCut")
              : undefined
          }
          onClick={() => copy(curl ?? "")}
        >
          {t("copyCurl")}
        </Menu.Item>
        <Menu.Item
          onClick={() => copy(`${location.origin}/observe/logs/${encodeURIComponent(record.requestId)}`)}
        >
          {t("copyLink")}
        </Menu.Item>
        {isPage ? (
          <Menu.Item
            renderRoot={(root) => (
              <Link
                to="/observe/logs"
                search={{ from: at - 300_000, to: at + 300_000, log: record.requestId }}
                {...root}
              />
            )}
          >
            {t("toList")}
          </Menu.Item>
        ) : (
          <Menu.Item
            renderRoot={(root) => (
              <Link to="/observe/logs/$requestId" params={{ requestId: record.requestId }} {...root} />
            )}
          >
            {t("fullPage")}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The request as a command; undefined where its body is not known whole. */
function curlOf(record: ExchangeRecord, status: StatusAnswer | undefined): string | undefined {
  const body = parseJson(record.requestContent ?? "");
  if (status === undefined || !isObject(body)) return undefined;
  const place = gatewayPlace(status.gateway, record.domain === "" ? "*" : record.domain, {
    browserHost: location.hostname,
    byHost: true,
    hasAuth: record.consumer !== "",
    keyHeader: record.protocol === "anthropic" ? "x-api-key" : "authorization",
  });
  const headers = { "content-type": "application/json" };
  return curlCommand({ method: record.method, path: record.path, headers, body }, place, false);
}
