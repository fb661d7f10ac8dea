// The dialog after a save that came too late: somebody else has saved the same object meanwhile.
import { Button, Modal } from "@mantine/core";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { serviceFormMessages } from "./service-form-messages.ts";

export function StaleDialog({
  busy,
  onReload,
  onOverwrite,
  onClose,
}: {
  readonly busy: boolean;
  readonly onReload: () => void;
  readonly onOverwrite: () => void;
  readonly onClose: () => void;
}) {
  const t = useMessages(serviceFormMessages);
  const ui = useMessages(uiMessages);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("staleTitle")}
      size={460}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <p className="soft">{t("stale")}</p>
      <div className="row wrap" style={{ justifyContent: "flex-end", marginTop: 16 }}>
        <Button variant="subtle" onClick={onClose}>
          {ui("cancel")}
        </Button>
        <Button loading={busy} onClick={onReload}>
          {t("staleReload")}
        </Button>
        <Button variant="outline" color="red" loading={busy} onClick={onOverwrite}>
          {t("staleOverwrite")}
        </Button>
      </div>
    </Modal>
  );
}
