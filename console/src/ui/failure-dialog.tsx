// Says that something asked for from a menu did not happen; stays until it is closed, unlike a notice.
import { Button, Modal } from "@mantine/core";
import { useMessages } from "../i18n/language.tsx";
import { ErrorPanel } from "./error-panel.tsx";
import { uiMessages } from "./ui-messages.ts";

export function FailureDialog({
  title,
  error,
  onClose,
}: {
  readonly title: string;
  /** Null while there is none. */
  readonly error: unknown;
  readonly onClose: () => void;
}) {
  const ui = useMessages(uiMessages);
  return (
    <Modal opened={error !== null} onClose={onClose} withCloseButton={false} size={480} aria-label={title}>
      <div className="col g12" style={{ paddingTop: 16 }}>
        <ErrorPanel title={title} error={error} />
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button data-autofocus onClick={onClose}>
            {ui("close")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
