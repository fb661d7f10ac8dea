// The dialogs that create a consumer and that edit what is no key of it.
import { Button, Modal, Select, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { ApiError } from "../../api/client.ts";
import { isObjectName } from "../../api/object-name.ts";
import { listQuery, useChange, type Consumer } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { reaches, useFirstGroup, useReach } from "../../ui/use-may-write.ts";
import { consumerMessages } from "./consumer-messages.ts";

export function AddConsumerModal({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void;
  readonly onAdded: (name: string) => void;
}) {
  const t = useMessages(consumerMessages);
  const ui = useMessages(uiMessages);
  const change = useChange("consumers");
  const resourceGroup = useFirstGroup();
  const [name, setName] = useState("");
  const [fields, setFields] = useState<Fields>({ description: "", resourceGroup });
  const [isChecked, setChecked] = useState(false);
  const [taken, setTaken] = useState<string>();
  const problem = !isObjectName(name) ? t("nameProblem") : taken === name ? t("exists", { name }) : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (!isObjectName(name) || change.isPending) return;
    change.mutate(
      { action: "create", body: { name, ...fields } },
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
        <ConsumerFields fields={fields} onChange={setFields} />
        {change.error !== null && taken !== name && (
          <ErrorPanel title={t("addFailed")} error={change.error} />
        )}
        <Buttons onClose={onClose} text={t("add")} busy={change.isPending} />
      </form>
    </Modal>
  );
}

export function EditConsumerModal({
  consumer,
  onClose,
}: {
  readonly consumer: Consumer;
  readonly onClose: () => void;
}) {
  const t = useMessages(consumerMessages);
  const ui = useMessages(uiMessages);
  const change = useChange("consumers");
  const { name, revision, description, resourceGroup } = consumer;
  const [fields, setFields] = useState<Fields>({ description, resourceGroup });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (change.isPending) return;
    change.mutate(
      { action: "patch", name, revision, body: fields },
      {
        onSuccess: () => {
          notifications.show({ message: t("saved", { name }) });
          onClose();
        },
      },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("editTitle", { name })}
      size={460}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <form className="col g16" onSubmit={submit}>
        <ConsumerFields fields={fields} onChange={setFields} />
        {change.error !== null && <ErrorPanel title={t("saveFailed")} error={change.error} />}
        <Buttons onClose={onClose} text={t("save")} busy={change.isPending} />
      </form>
    </Modal>
  );
}

interface Fields {
  readonly description: string;
  readonly resourceGroup: string;
}

function ConsumerFields({
  fields,
  onChange,
}: {
  readonly fields: Fields;
  readonly onChange: (fields: Fields) => void;
}) {
  const t = useMessages(consumerMessages);
  const ui = useMessages(uiMessages);
  const groups = useQuery(listQuery("resource-groups"));
  const reach = useReach("write");
  const own = (groups.data?.items ?? []).map(({ name }) => name).filter((group) => reaches(reach, { group }));
  const names = new Set([...own, fields.resourceGroup]);
  return (
    <>
      <TextInput
        label={
          <>
            {t("description")} <span className="dim">({ui("optional")})</span>
          </>
        }
        value={fields.description}
        maxLength={1024}
        onChange={(event) => onChange({ ...fields, description: event.currentTarget.value })}
      />
      <Select
        label={t("group")}
        data={[...names].toSorted()}
        value={fields.resourceGroup}
        onChange={(group) => group !== null && onChange({ ...fields, resourceGroup: group })}
      />
    </>
  );
}

function Buttons({
  onClose,
  text,
  busy,
}: {
  readonly onClose: () => void;
  readonly text: string;
  readonly busy: boolean;
}) {
  const ui = useMessages(uiMessages);
  return (
    <div className="row" style={{ justifyContent: "flex-end" }}>
      <Button variant="subtle" onClick={onClose}>
        {ui("cancel")}
      </Button>
      <Button type="submit" variant="filled" loading={busy}>
        {text}
      </Button>
    </div>
  );
}
