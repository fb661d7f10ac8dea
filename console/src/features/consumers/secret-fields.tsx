// Fields of an API key or of signed requests: whether the secret is made, or one's own.
import { SegmentedControl, TextInput } from "@mantine/core";
import { useMessages } from "../../i18n/language.tsx";
import classes from "./consumers.module.css";
import type { CredentialFieldsProps } from "./issue-key-modal.tsx";
import { keyMessages } from "./key-messages.ts";

export function SecretFields({ draft, faultOf, onChange }: CredentialFieldsProps) {
  const t = useMessages(keyMessages);
  const isHmac = draft.type === "hmac";
  const problem = faultOf(
    "value",
    t(isHmac ? "secretKeyProblem" : "ownValueProblem"),
    isHmac ? "secretKey" : "value",
  );
  return (
    <>
      <fieldset className={classes["group"]}>
        <legend>{t("source")}</legend>
        <SegmentedControl
          aria-label={t("source")}
          value={draft.isOwn ? "own" : "generated"}
          data={[
            { value: "generated", label: t("generated") },
            { value: "own", label: t("own") },
          ]}
          onChange={(value) => onChange({ isOwn: value === "own" })}
        />
      </fieldset>
      {draft.isOwn && isHmac && (
        <TextInput
          label={t("accessKey")}
          value={draft.accessKey}
          error={faultOf("accessKey", t("accessKeyProblem"))}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => onChange({ accessKey: event.currentTarget.value })}
        />
      )}
      {draft.isOwn && (
        <TextInput
          type="password"
          label={t(isHmac ? "secretKey" : "ownValue")}
          description={problem === undefined && !isHmac ? t("ownValueHint") : undefined}
          value={draft.value}
          error={problem}
          autoComplete="new-password"
          onChange={(event) => onChange({ value: event.currentTarget.value })}
        />
      )}
    </>
  );
}
