// The dialog that sets what is used of a quota back to nothing.
import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import type { useResetQuota } from "./owner-calls.ts";
import { quotaMessages } from "./quota-messages.ts";
import type { QuotaRow } from "./quota-rows.ts";
import { amountText } from "./quota-words.ts";

export function ResetQuota({
  row: { name, set, state },
  reset,
  onClose,
}: {
  readonly row: QuotaRow;
  readonly reset: ReturnType<typeof useResetQuota>;
  readonly onClose: () => void;
}) {
  const t = useMessages(quotaMessages);
  const ui = useMessages(uiMessages);
  const close = (): void => {
    reset.reset();
    onClose();
  };
  const confirm = (): void =>
    reset.mutate(name, {
      onSuccess: () => {
        notifications.show({ message: t("resetDone", { name }) });
        close();
      },
    });
  return (
    <Modal
      opened
      onClose={close}
      title={t("resetTitle", { name })}
      size={440}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <div className="col g16">
        <p className="soft">
          {t("resetHelp", {
            used: state === undefined ? "—" : amountText(set.metric, state.used),
            limit: amountText(set.metric, set.limit),
          })}
        </p>
        {reset.error !== null && <ErrorPanel title={t("resetFailed")} error={reset.error} />}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={close}>
            {ui("cancel")}
          </Button>
          <Button data-autofocus variant="filled" loading={reset.isPending} onClick={confirm}>
            {t("reset")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
