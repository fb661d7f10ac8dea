// Asks before a page with unsaved changes is left, by link, Back or a closed tab.
import { Button, Modal } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { serviceFormMessages } from "./service-form-messages.ts";

/** @param isDirty asked at the moment of leaving */
export function LeaveGuard({ isDirty }: { readonly isDirty: () => boolean }) {
  const t = useMessages(serviceFormMessages);
  const ui = useMessages(uiMessages);
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty() && current.pathname !== next.pathname,
    enableBeforeUnload: isDirty,
    withResolver: true,
  });
  return (
    <Modal
      opened={blocker.status === "blocked"}
      onClose={() => blocker.reset?.()}
      title={t("leaveTitle")}
      size={420}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <p className="soft">{t("leave")}</p>
      <div className="row" style={{ justifyContent: "flex-end", marginTop: 16 }}>
        <Button variant="subtle" onClick={() => blocker.proceed?.()}>
          {t("leaveConfirm")}
        </Button>
        <Button variant="filled" data-autofocus onClick={() => blocker.reset?.()}>
          {t("stay")}
        </Button>
      </div>
    </Modal>
  );
}
