// The dialog that issues a key, and then shows it once.
import { Button, Modal, Select, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { freeName, isObjectName } from "../../api/object-name.ts";
import type { Consumer } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { keyMessages } from "./key-messages.ts";
import { ShownKey } from "./shown-key.tsx";
import { useIssueKey } from "./use-keys.ts";

const dayMs = 86_400_000;
const lifeDays = [30, 90, 365] as const;

export function IssueKeyModal({
  consumer,
  onClose,
}: {
  readonly consumer: Consumer;
  readonly onClose: () => void;
}) {
  const t = useMessages(keyMessages);
  const ui = useMessages(uiMessages);
  const issue = useIssueKey(consumer.name);
  const [taken] = useState(() => consumer.credentials.map((credential) => credential.name));
  const [name, setName] = useState(() => freeName("main", taken));
  const [life, setLife] = useState("never");
  const [isChecked, setChecked] = useState(false);
  const problem = !isObjectName(name) ? t("nameProblem") : taken.includes(name) ? t("nameTaken") : undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (problem !== undefined || issue.isPending) return;
    const end = life === "never" ? undefined : new Date(Date.now() + Number(life) * dayMs).toISOString();
    issue.mutate({ name, ...(end === undefined ? {} : { expiresAt: end }) });
  };
  const isShown = issue.data !== undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={isShown ? t("shownTitle", { name }) : t("issueTitle", { consumer: consumer.name })}
      size={520}
      closeOnClickOutside={!isShown}
      closeOnEscape={!isShown}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      {issue.data !== undefined ? (
        <ShownKey consumer={consumer.name} issued={issue.data} onDone={onClose} />
      ) : (
        <form className="col g16" onSubmit={submit} noValidate>
          <TextInput
            data-autofocus
            label={t("name")}
            description={t("nameHint")}
            value={name}
            error={isChecked ? problem : undefined}
            maxLength={64}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onBlur={() => setChecked(true)}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Select
            label={t("expiry")}
            data={[
              { value: "never", label: t("never") },
              ...lifeDays.map((n) => ({ value: String(n), label: t("days", { n }) })),
            ]}
            value={life}
            onChange={(value) => setLife(value ?? "never")}
          />
          {issue.error !== null && <ErrorPanel title={t("issueFailed")} error={issue.error} />}
          <div className="row" style={{ justifyContent: "flex-end" }}>
            <Button variant="subtle" onClick={onClose}>
              {ui("cancel")}
            </Button>
            <Button type="submit" variant="filled" loading={issue.isPending}>
              {t("issue")}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
