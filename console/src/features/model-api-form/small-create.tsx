// A dialog that makes an object of one name in place: a domain, a resource group. The form below keeps its state.
import { Button, Modal, TextInput } from "@mantine/core";
import { useState } from "react";
import { useChange } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { formMessages } from "./form-messages.ts";

export function SmallCreate({
  collection,
  title,
  label,
  hint,
  failure,
  onClose,
  onCreated,
}: {
  readonly collection: "domains" | "resource-groups";
  readonly title: string;
  readonly label: string;
  readonly hint: string;
  readonly failure: string;
  readonly onClose: () => void;
  readonly onCreated: (name: string) => void;
}) {
  const t = useMessages(formMessages);
  const words = useMessages(uiMessages);
  const [name, setName] = useState("");
  const change = useChange(collection);
  const create = async (): Promise<void> => {
    try {
      // The gateway answers with the name's one spelling.
      const made = await change.mutateAsync({ action: "create", body: { name: name.trim() } });
      onCreated(made.name);
      onClose();
    } catch {
      // The error shows in the dialog.
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={440}
      closeButtonProps={{ "aria-label": words("close") }}
    >
      <form
        className="col g12"
        onSubmit={(event) => {
          event.preventDefault();
          // A dialog's events bubble through React to the form below it.
          event.stopPropagation();
          if (name.trim() !== "" && !change.isPending) void create();
        }}
      >
        <TextInput
          data-autofocus
          label={label}
          description={hint}
          value={name}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        {change.isError && <ErrorPanel title={failure} error={change.error} />}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {words("cancel")}
          </Button>
          <Button type="submit" variant="filled" disabled={name.trim() === ""} loading={change.isPending}>
            {t("createShort")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
