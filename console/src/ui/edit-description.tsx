// The dialog that changes the description of an object, the one thing that can be changed of some kinds.
import { Button, Modal, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState, type FormEvent } from "react";
import { useChange } from "../api/resources.ts";
import { useMessages } from "../i18n/language.tsx";
import { ErrorPanel } from "./error-panel.tsx";
import { uiMessages } from "./ui-messages.ts";

export interface EditTexts {
  readonly title: string;
  readonly label: string;
  readonly save: string;
  readonly failure: string;
  readonly done: string;
}

export function EditDescription({
  collection,
  object,
  texts,
  onClose,
}: {
  readonly collection: "domains" | "resource-groups" | "consumer-groups";
  readonly object: { readonly name: string; readonly description: string; readonly revision: number };
  readonly texts: EditTexts;
  readonly onClose: () => void;
}) {
  const ui = useMessages(uiMessages);
  const change = useChange(collection);
  const [description, setDescription] = useState(object.description);
  const { name, revision } = object;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (change.isPending) return;
    change.mutate(
      { action: "patch", name, revision, body: { description } },
      {
        onSuccess: () => {
          notifications.show({ message: texts.done });
          onClose();
        },
      },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={texts.title}
      size={440}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <form className="col g16" onSubmit={submit}>
        <Textarea
          data-autofocus
          label={texts.label}
          value={description}
          maxLength={1024}
          rows={3}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        {change.error !== null && <ErrorPanel title={texts.failure} error={change.error} />}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button type="submit" variant="filled" loading={change.isPending}>
            {texts.save}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
