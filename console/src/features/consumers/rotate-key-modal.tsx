// The dialog that rotates a key: a new one is issued, the old one ends after an overlap in which both work.
import { Button, Modal, Select } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { Consumer } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { nextKeyName, type Credential } from "./credentials.ts";
import { keyMessages } from "./key-messages.ts";
import { ShownKey } from "./shown-key.tsx";
import { useIssueKey } from "./use-keys.ts";

const hourMs = 3_600_000;

export function RotateKeyModal({
  consumer,
  credential,
  onClose,
}: {
  readonly consumer: Consumer;
  readonly credential: Credential;
  readonly onClose: () => void;
}) {
  const t = useMessages(keyMessages);
  const ui = useMessages(uiMessages);
  const issue = useIssueKey(consumer.name);
  const { name } = credential;
  const [next] = useState(() =>
    nextKeyName(
      name,
      consumer.credentials.map((each) => each.name),
    ),
  );
  const [overlapHours, setOverlapHours] = useState("24");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (issue.isPending) return;
    const hours = Number(overlapHours);
    const end = hours === 0 ? null : new Date(Date.now() + hours * hourMs);
    issue.mutate({ name: next, replaces: { name, end } });
  };
  const isShown = issue.data !== undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={isShown ? t("shownTitle", { name: next }) : t("rotateTitle", { name })}
      size={520}
      closeOnClickOutside={!isShown}
      closeOnEscape={!isShown}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      {issue.data !== undefined ? (
        <ShownKey consumer={consumer.name} issued={issue.data} onDone={onClose} />
      ) : (
        <form className="col g16" onSubmit={submit}>
          <p className="soft">{t("rotateHelp", { name, next })}</p>
          <Select
            data-autofocus
            label={t("overlap", { name })}
            data={[
              { value: "0", label: t("atOnce") },
              { value: "1", label: t("hours", { n: 1 }) },
              { value: "24", label: t("hours", { n: 24 }) },
              { value: "168", label: t("inDays", { n: 7 }) },
            ]}
            value={overlapHours}
            onChange={(value) => setOverlapHours(value ?? "24")}
          />
          {issue.error !== null && <ErrorPanel title={t("rotateFailed")} error={issue.error} />}
          <div className="row" style={{ justifyContent: "flex-end" }}>
            <Button variant="subtle" onClick={onClose}>
              {ui("cancel")}
            </Button>
            <Button type="submit" variant="filled" loading={issue.isPending}>
              {t("rotate")}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
