// The fields of one provider: where it is, who this gateway is there, and who gets which role.
import { Button, Select, TextInput } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import type { HeldRole } from "../../../../../src/resources/held-role.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { CopyText } from "../../../ui/copy.tsx";
import { accessMessages } from "../access-messages.ts";
import { roleOrder } from "../role-words.ts";
import { firstPlace, RoleRow } from "../roles-editor.tsx";
import { mayGiveRole } from "../user-rules.ts";
import { ProviderTest } from "./provider-test.tsx";
import { redirectUri, usernameClaims, type ProviderDraft } from "./sign-in-draft.ts";
import { signInSettingsMessages } from "./sign-in-settings-messages.ts";
import classes from "./sign-in.module.css";

interface CardProps {
  readonly provider: ProviderDraft;
  readonly publicUrl: string;
  readonly own: readonly HeldRole[];
  readonly insist: boolean;
  readonly isLocked: boolean;
  readonly errorAt: (field: string) => string | null;
  readonly onChange: (provider: ProviderDraft) => void;
  readonly onRemove: () => void;
}

export function ProviderCard(props: CardProps) {
  const t = useMessages(signInSettingsMessages);
  const { provider, publicUrl, isLocked, onRemove } = props;
  const title = provider.name === "" ? t("unnamed") : provider.name;
  const back = redirectUri(publicUrl, provider.name);
  return (
    <section className={`panel ${classes["card"]}`} aria-label={title}>
      <div className="row">
        <h3 className="grow">{title}</h3>
        <Button
          size="xs"
          variant="subtle"
          leftSection={<Trash2 size={14} />}
          disabled={isLocked}
          aria-label={t("removeProvider", { name: title })}
          onClick={onRemove}
        >
          {t("removeProvider", { name: title })}
        </Button>
      </div>
      <div className={classes["grid"]}>
        <Field {...props} field="name" help={t("nameHelp")} fixed={!provider.isNew} />
        <Field {...props} field="label" help={t("labelHelp")} />
        <Field {...props} field="issuer" help={t.rich("issuerHelp")} />
        <Field {...props} field="clientId" help={t("clientIdHelp")} />
        <SecretField {...props} />
        <Field {...props} field="scopes" help={t("scopesHelp")} />
      </div>
      <ProviderTest {...props} />
      <div>
        <div className="small dim">{t("redirectUri")}</div>
        {back === "" ? (
          <p className="small dim">{t("redirectLater")}</p>
        ) : (
          <>
            <CopyText text={back} label={t("redirectUri")} />
            <p className="tiny dim">{t("redirectHelp")}</p>
          </>
        )}
      </div>
      <Mapping {...props} />
    </section>
  );
}

type TextField = "name" | "label" | "issuer" | "clientId" | "scopes" | "roleClaim";

function Field({
  provider,
  isLocked,
  errorAt,
  onChange,
  field,
  help,
  fixed = false,
}: CardProps & { readonly field: TextField; readonly help: React.ReactNode; readonly fixed?: boolean }) {
  const t = useMessages(signInSettingsMessages);
  return (
    <TextInput
      label={t(field)}
      description={help}
      value={provider[field]}
      error={errorAt(field)}
      disabled={isLocked || fixed}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => onChange({ ...provider, [field]: event.currentTarget.value })}
    />
  );
}

function SecretField({ provider, isLocked, errorAt, onChange }: CardProps) {
  const t = useMessages(signInSettingsMessages);
  const { secret, secretState } = provider;
  return (
    <div className="col g4">
      <TextInput
        type="password"
        label={t("clientSecret")}
        description={t.rich("clientSecretHelp", { reference: "${env:NAME}" })}
        placeholder={secretState === "set" ? t("secretSet") : ""}
        value={secret}
        error={errorAt("clientSecret")}
        disabled={isLocked}
        autoComplete="off"
        onChange={(event) => onChange({ ...provider, secret: event.currentTarget.value })}
      />
      {secretState === "set" && secret === "" && !isLocked && (
        <button
          type="button"
          className={`textlink small ${classes["start"]}`}
          onClick={() => onChange({ ...provider, secretState: "cleared" })}
        >
          {t("secretClear")}
        </button>
      )}
      {secretState === "cleared" && secret === "" && <p className="tiny warn">{t("secretGone")}</p>}
    </div>
  );
}

function Mapping(props: CardProps) {
  const t = useMessages(signInSettingsMessages);
  const access = useMessages(accessMessages);
  const { provider, own, insist, isLocked, errorAt, onChange } = props;
  const { mapping, defaultRole, usernameClaim } = provider;
  const set = (rows: ProviderDraft["mapping"]): void => onChange({ ...provider, mapping: rows });
  const offered = mayGiveRole(own, "editor") ? "editor" : "viewer";
  return (
    <>
      <div className={classes["grid"]}>
        <Select
          label={t("usernameClaim")}
          description={t("usernameHelp")}
          value={usernameClaim}
          data={[...usernameClaims]}
          disabled={isLocked}
          onChange={(value) => {
            const claim = usernameClaims.find((each) => each === value);
            if (claim !== undefined) onChange({ ...provider, usernameClaim: claim });
          }}
        />
        <Field {...props} field="roleClaim" help={t.rich("roleClaimHelp")} />
      </div>
      <h4 className="medium">{t("mapping")}</h4>
      <p className="small soft">{t("mappingText")}</p>
      {mapping.map((row, index) => (
        <div key={index} className={classes["mapping"]}>
          <div className="row g8" style={{ alignItems: "flex-start" }}>
            <TextInput
              className="grow"
              aria-label={`${t("value")} ${index + 1}`}
              placeholder={t("value")}
              value={row.value}
              error={errorAt(`roles[${index}].value`)}
              disabled={isLocked}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => set(mapping.with(index, { ...row, value: event.currentTarget.value }))}
            />
            <Button
              variant="subtle"
              disabled={isLocked}
              aria-label={t("removeRow", { n: index + 1 })}
              onClick={() => set(mapping.toSpliced(index, 1))}
            >
              <Trash2 size={14} />
            </Button>
          </div>
          <RoleRow
            held={row}
            own={own}
            insist={insist}
            isLocked={isLocked}
            onChange={(held) => set(mapping.with(index, { ...row, ...held }))}
          />
        </div>
      ))}
      <Button
        size="xs"
        className={classes["start"]}
        leftSection={<Plus size={14} />}
        disabled={isLocked}
        onClick={() => set([...mapping, { value: "", ...firstPlace(own, offered) }])}
      >
        {t("addRow")}
      </Button>
      <Select
        label={t("defaultRole")}
        maw={320}
        value={defaultRole ?? "none"}
        disabled={isLocked}
        data={[
          { value: "none", label: t("defaultNone") },
          ...roleOrder.map((value) => ({
            value,
            label: t("defaultEverywhere", { role: access(value) }),
            disabled: !mayGiveRole(own, value),
          })),
        ]}
        onChange={(value) =>
          onChange({ ...provider, defaultRole: roleOrder.find((role) => role === value) ?? null })
        }
      />
    </>
  );
}
