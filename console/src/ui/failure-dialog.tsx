// Says that something asked for from a menu did not happen; stays until it is closed, unlike a notice.
import { Button, Modal } from "@mantine/core";
import { ApiError } from "../api/client.ts";
import { useMessages } from "../i18n/language.tsx";
import { CopyText } from "./copy.tsx";
import { useErrorText } from "./error-panel.tsx";
import { uiMessages } from "./ui-messages.ts";

/** @param error null while there is none */
export function FailureDialog({
  title,
  error,
  onClose,
}: {
  readonly title: string;
  readonly error: unknown;
  readonly onClose: () => void;
}) {
  const ui = useMessages(uiMessages);
  const text = useErrorText(error);
  if (error === null) return null;
  return (
    <Modal opened onClose={onClose} title={title} size={480} closeButtonProps={{ "aria-label": ui("close") }}>
      <p className="soft" role="alert">
        {text}
      </p>
      <div className="row" style={{ marginTop: 16 }}>
        {error instanceof ApiError && error.requestId !== "" && (
          <CopyText text={error.requestId} label={ui("requestId")} />
        )}
        <span className="grow" />
        <Button data-autofocus onClick={onClose}>
          {ui("close")}
        </Button>
      </div>
    </Modal>
  );
}
