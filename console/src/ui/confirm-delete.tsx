// The dialog before something is deleted for good: what it means, who is hit, and the name to type.
import { Button, Modal, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { useMessages } from "../i18n/language.tsx";
import { ErrorPanel } from "./error-panel.tsx";
import { uiMessages } from "./ui-messages.ts";

/**
 * @param children consequences: traffic, dependants
 * @param confirm word of the button, where it is another one than delete
 * @param blocked the object cannot be deleted now; the children say why
 */
export function ConfirmDelete({
  name,
  title,
  confirm,
  failure,
  error,
  busy,
  blocked = false,
  onConfirm,
  onClose,
  children,
}: {
  readonly name: string;
  readonly title: string;
  readonly confirm?: string;
  /** What to say when the deletion failed. */
  readonly failure: string;
  readonly error: unknown;
  readonly busy: boolean;
  readonly blocked?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const t = useMessages(uiMessages);
  const [typed, setTyped] = useState("");
  const matches = typed === name && !blocked;
  return (
    <Modal opened onClose={onClose} title={title} closeButtonProps={{ "aria-label": t("close") }} size={440}>
      <form
        className="col g12"
        onSubmit={(event) => {
          event.preventDefault();
          if (matches && !busy) onConfirm();
        }}
      >
        <div className="soft">{children}</div>
        {error !== null && error !== undefined && <ErrorPanel title={failure} error={error} />}
        {!blocked && (
          <TextInput
            data-autofocus
            label={t.rich("typeName", { name: <span className="mono">{name}</span> })}
            value={typed}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        )}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {t("keep")}
          </Button>
          {!blocked && (
            <Button type="submit" variant="outline" color="red" disabled={!matches} loading={busy}>
              {confirm ?? t("delete")}
            </Button>
          )}
        </div>
      </form>
    </Modal>
  );
}
