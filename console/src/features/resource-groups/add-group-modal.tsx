// The dialog that makes a resource group, from the list of groups or from a form that needs one. Knows no caller.
import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState, type FormEvent } from "react";
import { ApiError } from "../../api/client.ts";
import { isObjectName } from "../../api/object-name.ts";
import { useChange } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { groupMessages } from "./group-messages.ts";

interface AddGroupProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onAdded: (name: string) => void;
}

export function AddGroupModal({ opened, onClose, onAdded }: AddGroupProps) {
  const t = useMessages(groupMessages);
  const ui = useMessages(uiMessages);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("addTitle")}
      closeButtonProps={{ "aria-label": ui("close") }}
      size={440}
    >
      <AddGroupForm onClose={onClose} onAdded={onAdded} />
    </Modal>
  );
}

/** Lives as long as the dialog is open, so that each opening starts afresh. */
function AddGroupForm({ onClose, onAdded }: Omit<AddGroupProps, "opened">) {
  const t = useMessages(groupMessages);
  const ui = useMessages(uiMessages);
  const change = useChange("resource-groups");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [isChecked, setChecked] = useState(false);
  const isTaken = change.error instanceof ApiError && change.error.status === 409;
  const takenName = change.variables?.action === "create" ? Reflect.get(change.variables.body, "name") : null;
  const error = !isChecked
    ? undefined
    : !isObjectName(name)
      ? t("nameProblem")
      : isTaken && takenName === name
        ? t("exists", { name })
        : undefined;
  const submit = async (event: FormEvent): Promise<void> => {
    // The form may stand inside another one, of which this is no part.
    event.preventDefault();
    event.stopPropagation();
    setChecked(true);
    if (!isObjectName(name) || change.isPending) return;
    try {
      const added = await change.mutateAsync({ action: "create", body: { name, description } });
      notifications.show({ message: t("added", { name: added.name }) });
      onAdded(added.name);
      onClose();
    } catch {
      // Shown from the mutation's state.
    }
  };
  return (
    <form className="col g16" onSubmit={(event) => void submit(event)} noValidate>
      <p className="soft">{t("about")}</p>
      <TextInput
        data-autofocus
        label={t("name")}
        description={error === undefined ? t("nameHint") : undefined}
        value={name}
        error={error}
        maxLength={64}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onBlur={() => name !== "" && setChecked(true)}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={
          <>
            {t("description")} <span className="dim">({ui("optional")})</span>
          </>
        }
        value={description}
        maxLength={1024}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      {change.error !== null && !isTaken && <ErrorPanel title={t("addFailed")} error={change.error} />}
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <Button variant="subtle" onClick={onClose}>
          {ui("cancel")}
        </Button>
        <Button type="submit" variant="filled" loading={change.isPending}>
          {t("add")}
        </Button>
      </div>
    </form>
  );
}
