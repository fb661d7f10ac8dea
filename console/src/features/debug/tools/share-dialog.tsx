// A link to the settings; texts only when somebody puts them in and is told so.
import { Checkbox, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { CopyButton } from "../../../ui/copy.tsx";
import { writeSettings, type Settings } from "../settings.ts";
import { toolsMessages } from "./tools-messages.ts";
import classes from "./tools.module.css";

export function ShareDialog({
  settings,
  message,
  onClose,
}: {
  readonly settings: Settings;
  readonly message: string;
  readonly onClose: () => void;
}) {
  const t = useMessages(toolsMessages);
  const [withTexts, setWithTexts] = useState(false);
  const address = new URL(location.href);
  address.search = "";
  const run = writeSettings(settings, withTexts, withTexts ? message : "");
  if (run !== "") address.searchParams.set("run", run);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("shareTitle")}
      size={520}
      closeButtonProps={{ "aria-label": t("close") }}
    >
      <div className="col g12">
        <p className="soft">{t("shareSettings")}</p>
        <Checkbox
          label={t("shareWithTexts")}
          description={withTexts ? t("shareTexts") : undefined}
          checked={withTexts}
          onChange={(event) => setWithTexts(event.currentTarget.checked)}
        />
        <div className="row g8" style={{ alignItems: "flex-end" }}>
          <TextInput
            className={classes["link"]}
            data-autofocus
            readOnly
            label={t("shareLink")}
            value={address.href}
            onFocus={(event) => event.currentTarget.select()}
          />
          <CopyButton text={address.href} label={t("shareLink")} />
        </div>
      </div>
    </Modal>
  );
}
