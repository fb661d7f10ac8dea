// Fields of a token: who issues it, with which public keys, and which claim names the consumer.
import { SegmentedControl, Textarea, TextInput } from "@mantine/core";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import classes from "./consumers.module.css";
import type { CredentialFieldsProps } from "./issue-key-modal.tsx";
import { keyMessages } from "./key-messages.ts";

export function JwtFields(props: CredentialFieldsProps) {
  const t = useMessages(keyMessages);
  const ui = useMessages(uiMessages);
  const { draft, consumer, faultOf, onChange } = props;
  return (
    <>
      <div className={classes["two"]}>
        <TextInput
          label={t("issuer")}
          description={t("issuerHint")}
          value={draft.issuer}
          error={faultOf("issuer", t("issuerProblem"))}
          placeholder="https://id.example.com"
          spellCheck={false}
          onChange={(event) => onChange({ issuer: event.currentTarget.value })}
        />
        <TextInput
          label={
            <>
              {t("audience")} <span className="dim">({ui("optional")})</span>
            </>
          }
          description={t("audienceHint")}
          value={draft.audience}
          spellCheck={false}
          onChange={(event) => onChange({ audience: event.currentTarget.value })}
        />
      </div>
      <PublicKeys {...props} />
      <div className={classes["two"]}>
        <TextInput
          label={t("claim")}
          description={t("claimHint")}
          value={draft.claim}
          error={faultOf("claim", t("claimProblem"))}
          spellCheck={false}
          onChange={(event) => onChange({ claim: event.currentTarget.value })}
        />
        <TextInput
          label={t("claimValue")}
          description={t("claimValueHint", { consumer })}
          value={draft.claimValue}
          error={faultOf("claimValue", t("claimValueProblem"))}
          spellCheck={false}
          onChange={(event) => onChange({ claimValue: event.currentTarget.value })}
        />
      </div>
    </>
  );
}

function PublicKeys({ draft, faultOf, onChange }: CredentialFieldsProps) {
  const t = useMessages(keyMessages);
  return (
    <fieldset className={classes["group"]}>
      <legend>{t("publicKeys")}</legend>
      <SegmentedControl
        aria-label={t("publicKeys")}
        value={draft.keysFrom}
        data={[
          { value: "url", label: t("keysUrl") },
          { value: "inline", label: t("keysInline") },
        ]}
        onChange={(value) => onChange({ keysFrom: value === "inline" ? "inline" : "url" })}
      />
      {draft.keysFrom === "url" ? (
        <TextInput
          type="url"
          label={t("jwksUrl")}
          value={draft.jwksUrl}
          error={faultOf("jwksUrl", t("jwksUrlProblem"))}
          placeholder="https://id.example.com/.well-known/jwks.json"
          spellCheck={false}
          onChange={(event) => onChange({ jwksUrl: event.currentTarget.value })}
        />
      ) : (
        <Textarea
          label={t("jwks")}
          description={t("jwksHint")}
          value={draft.jwks}
          error={faultOf("jwks", t("jwksProblem"))}
          rows={5}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--mg-mono)", fontSize: 12 } }}
          onChange={(event) => onChange({ jwks: event.currentTarget.value })}
        />
      )}
    </fieldset>
  );
}
