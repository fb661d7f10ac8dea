// Switching a consumer on and off, with a way back; a failure is told in a dialog.
import { useChange, type Consumer } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { FailureDialog } from "../../ui/failure-dialog.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { showUndo } from "../model-apis/detail/undo-notice.tsx";
import { consumerMessages } from "./consumer-messages.ts";

/** `failure` is to stand in the page. */
export function useSwitchConsumer(consumer: Consumer) {
  const t = useMessages(consumerMessages);
  const ui = useMessages(uiMessages);
  const change = useChange("consumers");
  const { name, revision, enabled } = consumer;
  const toggle = (): void =>
    change.mutate(
      { action: "patch", name, revision, body: { enabled: !enabled } },
      {
        onSuccess: (saved) =>
          showUndo(
            {
              text: t(saved.enabled ? "enabledNow" : "disabledNow", { name }),
              undo: t("undo"),
              close: ui("close"),
            },
            () => change.mutate({ action: "patch", name, revision: saved.revision, body: { enabled } }),
          ),
      },
    );
  const failure = (
    <FailureDialog title={t("switchFailed", { name })} error={change.error} onClose={() => change.reset()} />
  );
  return { toggle, failure };
}
