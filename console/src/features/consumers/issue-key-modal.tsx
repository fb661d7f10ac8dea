// The dialog that issues a credential of any type, and then shows what is secret in it once.
import { Button, Modal, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useState, type FormEvent } from "react";
import { freeName } from "../../api/object-name.ts";
import type { Consumer } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import {
  credentialBody,
  credentialProblems,
  lifeDays,
  newCredential,
  type CredentialDraft,
  type CredentialField,
} from "./credential-draft.ts";
import classes from "./consumers.module.css";
import { faultAt, faultsBelow } from "./field-faults.ts";
import { JwtFields } from "./jwt-fields.tsx";
import { keyMessages } from "./key-messages.ts";
import { issueTypes, type IssueType } from "./owner-search.ts";
import { SecretFields } from "./secret-fields.tsx";
import { ShownKey } from "./shown-key.tsx";
import { useIssueKey } from "./use-keys.ts";

export const typeWords = { "api-key": "apiKey", jwt: "jwt", hmac: "hmac" } as const;
const typeHints = { "api-key": "hintApiKey", jwt: "hintJwt", hmac: "hintHmac" } as const;
const usualNames = { "api-key": "main", jwt: "token", hmac: "signed" } as const;

export interface CredentialFieldsProps {
  readonly draft: CredentialDraft;
  readonly consumer: string;
  /** What is wrong at a field: of this form, or as the control plane said. */
  readonly faultOf: (field: CredentialField, word: string, path?: string) => string | undefined;
  readonly onChange: (values: Partial<CredentialDraft>) => void;
}

export function IssueKeyModal({
  consumer,
  type,
  onType,
  onClose,
}: {
  readonly consumer: Consumer;
  readonly type: IssueType;
  readonly onType: (type: IssueType) => void;
  readonly onClose: () => void;
}) {
  const t = useMessages(keyMessages);
  const ui = useMessages(uiMessages);
  const issue = useIssueKey(consumer.name);
  const [issued, setIssued] = useState<CredentialDraft>();
  const isShown = issue.data !== undefined && issued !== undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={isShown ? t("shownTitle", { name: issued.name }) : t("issueTitle", { consumer: consumer.name })}
      size={560}
      closeOnClickOutside={!isShown}
      closeOnEscape={!isShown}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      {issue.data !== undefined && issued !== undefined ? (
        <ShownKey consumer={consumer} issued={issue.data} draft={issued} onDone={onClose} />
      ) : (
        <IssueForm
          consumer={consumer}
          type={type}
          onType={(next) => {
            issue.reset();
            onType(next);
          }}
          issue={issue}
          onIssue={(draft) => {
            issue.mutate(credentialBody(draft, Date.now()), { onSuccess: () => setIssued(draft) });
          }}
          onClose={onClose}
        />
      )}
    </Modal>
  );
}

function IssueForm({
  consumer,
  type,
  issue,
  onType,
  onIssue,
  onClose,
}: {
  readonly consumer: Consumer;
  readonly type: IssueType;
  readonly issue: ReturnType<typeof useIssueKey>;
  readonly onType: (type: IssueType) => void;
  readonly onIssue: (draft: CredentialDraft) => void;
  readonly onClose: () => void;
}) {
  const t = useMessages(keyMessages);
  const ui = useMessages(uiMessages);
  const taken = consumer.credentials.map((credential) => credential.name);
  const [typed, setTyped] = useState<Partial<CredentialDraft>>({});
  const [isChecked, setChecked] = useState(false);
  const draft = { ...newCredential(type, freeName(usualNames[type], taken), consumer.name), ...typed, type };
  const [now] = useState(() => Date.now());
  const problems = credentialProblems(draft, taken, now);
  const faults = faultsBelow(issue.error, "");
  const faultOf: CredentialFieldsProps["faultOf"] = (field, word, path = field) =>
    (isChecked && problems.has(field) ? word : undefined) ?? faultAt(faults, path);
  const fields: CredentialFieldsProps = {
    draft,
    consumer: consumer.name,
    faultOf,
    onChange: (values) => setTyped((before) => ({ ...before, ...values })),
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (problems.size === 0 && !issue.isPending) onIssue(draft);
  };
  return (
    <form className="col g16" onSubmit={submit} noValidate>
      <fieldset className={classes["group"]}>
        <legend>{t("type")}</legend>
        <SegmentedControl
          data-autofocus
          aria-label={t("type")}
          value={type}
          data={issueTypes.map((value) => ({ value, label: t(typeWords[value]) }))}
          onChange={(value) => {
            const found = issueTypes.find((each) => each === value);
            if (found !== undefined) onType(found);
          }}
        />
        <p className="small dim">{t(typeHints[type])}</p>
      </fieldset>
      <NameField {...fields} />
      {type === "jwt" ? <JwtFields {...fields} /> : <SecretFields {...fields} />}
      <EndFields {...fields} />
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
  );
}

function NameField({ draft, faultOf, onChange }: CredentialFieldsProps) {
  const t = useMessages(keyMessages);
  const error = faultOf("name", t("nameProblem")) ?? faultOf("taken", t("nameTaken"));
  return (
    <TextInput
      label={t("name")}
      description={error === undefined ? t("nameHint") : undefined}
      value={draft.name}
      error={error}
      maxLength={64}
      autoComplete="off"
      autoCapitalize="none"
      spellCheck={false}
      onChange={(event) => onChange({ name: event.currentTarget.value })}
    />
  );
}

function EndFields({ draft, faultOf, onChange }: CredentialFieldsProps) {
  const t = useMessages(keyMessages);
  return (
    <div className={classes["two"]}>
      <Select
        label={t("expiry")}
        data={[
          { value: "never", label: t("never") },
          ...lifeDays.map((n) => ({ value: String(n), label: t("days", { n }) })),
          { value: "day", label: t("onDay") },
        ]}
        value={draft.life}
        onChange={(life) => onChange({ life: life ?? "never" })}
      />
      {draft.life === "day" && (
        <TextInput
          type="date"
          label={t("lastDay")}
          value={draft.until}
          error={faultOf("until", t("lastDayProblem"), "expiresAt")}
          onChange={(event) => onChange({ until: event.currentTarget.value })}
        />
      )}
    </div>
  );
}
