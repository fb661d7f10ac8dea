// The dialogs that create a consumer, with its first key at once, and that edit what is no key of it.
import { Button, Checkbox, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { ApiError, call } from "../../api/client.ts";
import { isObjectName } from "../../api/object-name.ts";
import { useChange, type Consumer } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useFirstGroup } from "../../ui/use-may-write.ts";
import { ConsumerFields, type ConsumerValues } from "./consumer-fields.tsx";
import { consumerMessages } from "./consumer-messages.ts";
import { keyMessages } from "./key-messages.ts";
import { ShownKey } from "./shown-key.tsx";
import { issueKey, type NewKey } from "./use-keys.ts";

const firstKey = "main";

interface Made {
  readonly consumer: Consumer;
  readonly key?: NewKey;
  /** Why the key was not issued. */
  readonly keyError?: unknown;
}

/** The consumer, then its key: when only the key fails, that is told and the consumer stays. */
function useCreate() {
  const client = useQueryClient();
  return useMutation({
    // The key is not to outlive the dialog that shows it.
    gcTime: 0,
    mutationFn: async ({ body, withKey }: { body: object; withKey: boolean }): Promise<Made> => {
      const consumer = await call<Consumer>("POST", "/consumers", { body });
      if (!withKey) return { consumer };
      try {
        return { consumer, key: await issueKey(consumer.name, { type: "api-key", name: firstKey }) };
      } catch (keyError) {
        return { consumer, keyError };
      }
    },
    onSuccess: () => client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" }),
  });
}

export function AddConsumerModal({
  onClose,
  onAdded,
}: {
  readonly onClose: () => void;
  readonly onAdded: (name: string) => void;
}) {
  const t = useMessages(consumerMessages);
  const keys = useMessages(keyMessages);
  const ui = useMessages(uiMessages);
  const create = useCreate();
  const made = create.data;
  const close = made === undefined ? onClose : () => onAdded(made.consumer.name);
  return (
    <Modal
      opened
      onClose={close}
      title={made?.key === undefined ? t("add") : keys("shownTitle", { name: made.key.name })}
      size={made === undefined ? 460 : 560}
      // A click beside the dialog must not lose what is shown once.
      closeOnClickOutside={made === undefined}
      closeOnEscape={made === undefined}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      {made === undefined ? (
        <CreateForm create={create} onClose={onClose} onAdded={onAdded} />
      ) : made.key === undefined ? (
        <div className="col g16">
          <ErrorPanel title={t("keyFailed")} error={made.keyError} />
          <div className="row" style={{ justifyContent: "flex-end" }}>
            <Button variant="filled" onClick={close}>
              {t("toConsumer", { name: made.consumer.name })}
            </Button>
          </div>
        </div>
      ) : (
        <ShownKey consumer={made.consumer} issued={made.key} onDone={close} />
      )}
    </Modal>
  );
}

function CreateForm({
  create,
  onClose,
  onAdded,
}: {
  readonly create: ReturnType<typeof useCreate>;
  readonly onClose: () => void;
  readonly onAdded: (name: string) => void;
}) {
  const t = useMessages(consumerMessages);
  const resourceGroup = useFirstGroup();
  const [name, setName] = useState("");
  const [values, setValues] = useState<ConsumerValues>({
    description: "",
    resourceGroup,
    groups: [],
  });
  const [withKey, setWithKey] = useState(true);
  const [isChecked, setChecked] = useState(false);
  const [taken, setTaken] = useState<string>();
  const problem = !isObjectName(name) ? t("nameProblem") : taken === name ? t("exists", { name }) : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (!isObjectName(name) || create.isPending) return;
    create.mutate(
      { body: { name, ...values }, withKey },
      {
        onSuccess: () => {
          notifications.show({ message: t("added", { name }) });
          if (!withKey) onAdded(name);
        },
        onError: (error) => error instanceof ApiError && error.status === 409 && setTaken(name),
      },
    );
  };
  return (
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
      <ConsumerFields values={values} onChange={setValues} />
      <Checkbox
        label={t("withKey")}
        description={t("withKeyHint")}
        checked={withKey}
        onChange={(event) => setWithKey(event.currentTarget.checked)}
      />
      {create.error !== null && taken !== name && <ErrorPanel title={t("addFailed")} error={create.error} />}
      <Buttons onClose={onClose} text={t("add")} busy={create.isPending} />
    </form>
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
  const { name, revision, description, resourceGroup, groups } = consumer;
  const [values, setValues] = useState<ConsumerValues>({ description, resourceGroup, groups });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (change.isPending) return;
    change.mutate(
      { action: "patch", name, revision, body: values },
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
        <ConsumerFields values={values} onChange={setValues} />
        {change.error !== null && <ErrorPanel title={t("saveFailed")} error={change.error} />}
        <Buttons onClose={onClose} text={t("save")} busy={change.isPending} />
      </form>
    </Modal>
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
