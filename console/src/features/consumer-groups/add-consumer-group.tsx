// The dialog that creates a consumer group.
import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState, type FormEvent } from "react";
import { ApiError } from "../../api/client.ts";
import { isObjectName } from "../../api/object-name.ts";
import { useChange } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { consumerGroupMessages } from "./consumer-group-messages.ts";

export function AddConsumerGroup({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void;
  readonly onAdded: (name: string) => void;
}) {
  const t = useMessages(consumerGroupMessages);
  const ui = useMessages(uiMessages);
  const change = useChange("consumer-groups");
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const [isChecked, setChecked] = useState(false);
  const [taken, setTaken] = useState<string>();
  const problem = !isObjectName(name) ? t("nameProblem") : taken === name ? t("exists", { name }) : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (!isObjectName(name) || change.isPending) return;
    change.mutate(
      { action: "create", body: { name, description } },
      {
        onSuccess: () => {
          notifications.show({ message: t("added", { name }) });
          onAdded(name);
        },
        onError: (error) => error instanceof ApiError && error.status === 409 && setTaken(name),
      },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("add")}
      size={460}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <form className="col g16" onSubmit={submit} noValidate>
        <TextInput
          data-autofocus
          label={t("name")}
          description={isChecked && problem !== undefined ? undefined : t("nameHint")}
          value={name}
          error={isChecked ? problem : undefined}
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
        {change.error !== null && taken !== name && (
          <ErrorPanel title={t("addFailed")} error={change.error} />
        )}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button type="submit" variant="filled" loading={change.isPending}>
            {t("add")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
