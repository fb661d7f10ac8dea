// The value of a key, of each kind that its provider takes: a text, an access key of AWS, a service account of Google.
import { Select, Textarea, TextInput } from "@mantine/core";
import { useMessages } from "../../i18n/language.tsx";
import classes from "./form.module.css";
import { keyKindsOf, readAccount, type AccessFields, type KeyKind } from "./key-kinds.ts";
import { KeepStored, SecretField, StoredSecret } from "./secret-field.tsx";
import type { KeyDraft, SecretDraft } from "./service-draft.ts";
import { serviceFormMessages } from "./service-form-messages.ts";
import { fieldId, type ServiceForm } from "./service-form-state.ts";

interface ValueProps {
  readonly form: ServiceForm;
  readonly draftKey: KeyDraft;
  /** Of the value in the resource. */
  readonly path: string;
  readonly onChange: (fields: Partial<KeyDraft>) => void;
}

export function KeyValue(props: ValueProps) {
  const t = useMessages(serviceFormMessages);
  const { form, draftKey, path, onChange } = props;
  const { kind, name, secret } = draftKey;
  const kinds = keyKindsOf(form.provider);
  const setSecret = (next: SecretDraft): void => onChange({ secret: next });
  if (secret.typed === null) {
    return <StoredSecret label={t("secret")} name={name} stored={secret.stored} onChange={setSecret} />;
  }
  return (
    <div className={classes["keyValue"]}>
      {kinds.length > 1 && <KindSelect {...props} kinds={kinds} />}
      {kind === "access" && <AccessKey {...props} />}
      {kind === "account" && <Account {...props} text={secret.typed} />}
      {kind === "plain" ? (
        <SecretField
          id={fieldId(path)}
          label={t("secret")}
          name={name}
          secret={secret}
          error={form.errorOf(path)}
          onBlur={() => form.touch(path)}
          onChange={setSecret}
        />
      ) : (
        <KeepStored stored={secret.stored} onChange={setSecret} />
      )}
    </div>
  );
}

function KindSelect({
  form,
  draftKey,
  onChange,
  kinds,
}: ValueProps & { readonly kinds: readonly KeyKind[] }) {
  const t = useMessages(serviceFormMessages);
  const isAws = form.provider.auth.kind === "aws";
  const texts: Readonly<Record<KeyKind, string>> = {
    access: t("kind-access"),
    account: t("kind-account"),
    plain: t(isAws ? "kind-plain-aws" : "kind-plain-google"),
  };
  return (
    <Select
      label={t("keyKind")}
      aria-label={`${draftKey.name}: ${t("keyKind")}`}
      data={kinds.map((kind) => ({ value: kind, label: texts[kind] }))}
      value={draftKey.kind}
      allowDeselect={false}
      onChange={(chosen) => {
        const kind = kinds.find((each) => each === chosen);
        if (kind !== undefined) onChange({ kind });
      }}
    />
  );
}

const accessFields = ["accessKeyId", "secretAccessKey", "sessionToken"] as const;

function AccessKey({ form, draftKey, path, onChange }: ValueProps) {
  const t = useMessages(serviceFormMessages);
  const { access } = draftKey;
  const set = (field: keyof AccessFields, text: string): void =>
    onChange({ access: { ...access, [field]: text } });
  return (
    <>
      {accessFields.map((field) => (
        <TextInput
          key={field}
          id={fieldId(`${path}.${field}`)}
          type={field === "accessKeyId" ? "text" : "password"}
          label={t(field)}
          description={field === "sessionToken" ? t("sessionTokenHint") : undefined}
          value={access[field]}
          error={form.errorOf(`${path}.${field}`)}
          autoComplete={field === "accessKeyId" ? "off" : "new-password"}
          spellCheck={false}
          onBlur={() => form.touch(`${path}.${field}`)}
          onChange={(event) => set(field, event.currentTarget.value)}
        />
      ))}
    </>
  );
}

function Account({ form, draftKey, path, onChange, text }: ValueProps & { readonly text: string }) {
  const t = useMessages(serviceFormMessages);
  const error = form.errorOf(path);
  const account = readAccount(text);
  const { stored } = draftKey.secret;
  return (
    <div>
      <Textarea
        id={fieldId(path)}
        label={t("accountText")}
        description={error === undefined ? t("accountHint") : undefined}
        value={text}
        error={error}
        autosize
        minRows={4}
        maxRows={10}
        autoComplete="off"
        spellCheck={false}
        classNames={{ input: "mono" }}
        onBlur={() => form.touch(path)}
        onChange={(event) => onChange({ secret: { stored, typed: event.currentTarget.value } })}
      />
      <p className="small soft" role="status" style={{ marginTop: 4 }}>
        {account.problem === null &&
          (account.project === ""
            ? t("accountFactsBare", { email: account.email })
            : t("accountFacts", { email: account.email, project: account.project }))}
      </p>
    </div>
  );
}
