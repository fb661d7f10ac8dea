// The head of the debug page: whose identity a run has, and the tools round it.
import { Button, Menu } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Columns2, Ellipsis, History, Link2, Repeat, SlidersHorizontal, UserCheck } from "lucide-react";
import { useMessages } from "../../../i18n/language.tsx";
import { PageHead } from "../../../ui/page.tsx";
import { debugMessages } from "../debug-messages.ts";
import classes from "../debug-panel.module.css";
import type { OpenTool } from "../debug-search.ts";

export function DebugHead({
  api,
  consumer,
  canRepeat,
  onOpen,
}: {
  readonly api: string;
  readonly consumer: string;
  readonly canRepeat: boolean;
  readonly onOpen: (tool: OpenTool) => void;
}) {
  const t = useMessages(debugMessages);
  return (
    <PageHead
      ruled
      documentTitle={t("documentTitle", { name: api })}
      title={
        <>
          {t("debug")} <span className={classes["name"]}>{api}</span>
        </>
      }
      beside={
        <span className="tag tag-pond">
          <UserCheck size={13} aria-hidden />
          {consumer === "" ? t("asAdmin") : t("asConsumer", { name: consumer })}
        </span>
      }
      actions={
        <>
          <Button variant="subtle" leftSection={<History size={14} />} onClick={() => onOpen("runs")}>
            {t("runs")}
          </Button>
          <Menu position="bottom-end">
            <Menu.Target>
              <Button variant="subtle" px={8} aria-label={t("more")}>
                <Ellipsis size={16} />
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<SlidersHorizontal size={14} />} onClick={() => onOpen("presets")}>
                {t("presets")}
              </Menu.Item>
              <Menu.Item
                leftSection={<Repeat size={14} />}
                disabled={!canRepeat}
                onClick={() => onOpen("series")}
              >
                {t("series")}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <Button
            leftSection={<Columns2 size={14} />}
            renderRoot={(props) => <Link to="/playground" search={{ columns: api }} {...props} />}
          >
            {t("compare")}
          </Button>
          <Button leftSection={<Link2 size={14} />} onClick={() => onOpen("share")}>
            {t("share")}
          </Button>
        </>
      }
    />
  );
}
