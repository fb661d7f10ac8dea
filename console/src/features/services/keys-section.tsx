// The keys of a service: name, write-only secret, weight, whether used, and how each stands now.
import { ActionIcon, Button, Switch, TextInput } from "@mantine/core";
import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { KeyStanding } from "../../../../src/control/routes/console-answers.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { Moon } from "../../ui/moon.tsx";
import classes from "./form.module.css";
import { NumberField } from "./number-field.tsx";
import { KeyValue } from "./key-value.tsx";
import { keptStyle } from "./secret-field.tsx";
import { needsKey, newKey, type KeyDraft } from "./service-draft.ts";
import { serviceFormMessages } from "./service-form-messages.ts";
import { fieldId, type ServiceForm } from "./service-form-state.ts";

/** @param standings of stored keys that are left alone now */
export function KeysSection({
  form,
  standings,
}: {
  readonly form: ServiceForm;
  readonly standings: ReadonlyMap<string, KeyStanding>;
}) {
  const t = useMessages(serviceFormMessages);
  const { draft, provider } = form;
  const isNeeded = needsKey(provider);
  const error = form.errorOf("apiKeys");
  return (
    <section className={classes["section"]} aria-labelledby="section-keys">
      <div>
        <h2 id="section-keys">{t("keys")}</h2>
        <p className="small dim">{t(isNeeded || draft.apiKeys.length > 0 ? "keysHint" : "keysNone")}</p>
      </div>
      <div>
        {draft.apiKeys.map((key, index) => (
          <KeyRow
            key={key.id}
            form={form}
            draftKey={key}
            index={index}
            standing={key.secret.typed === null ? standings.get(key.name) : undefined}
          />
        ))}
      </div>
      <div>
        <Button
          id={fieldId("apiKeys")}
          size="xs"
          leftSection={<Plus size={14} />}
          aria-describedby={error === undefined ? undefined : "keys-error"}
          onClick={() => form.change({ apiKeys: [...draft.apiKeys, newKey(draft.apiKeys, provider)] })}
        >
          {t("addKey")}
        </Button>
        {error !== undefined && (
          <p id="keys-error" className="small bad" style={{ marginTop: 4 }}>
            {error}
          </p>
        )}
      </div>
    </section>
  );
}

function KeyRow({
  form,
  draftKey,
  index,
  standing,
}: {
  readonly form: ServiceForm;
  readonly draftKey: KeyDraft;
  readonly index: number;
  readonly standing: KeyStanding | undefined;
}) {
  const t = useMessages(serviceFormMessages);
  const { name, secret, weight, enabled } = draftKey;
  const path = `apiKeys[${index}]`;
  const change = (fields: Partial<KeyDraft>): void =>
    form.change({
      apiKeys: form.draft.apiKeys.map((key) => (key.id === draftKey.id ? { ...key, ...fields } : key)),
    });
  const isKept = secret.typed === null;
  return (
    <div className={classes["keyRow"]} role="group" aria-label={name}>
      <div>
        <TextInput
          id={fieldId(`${path}.name`)}
          label={t("keyName")}
          value={name}
          readOnly={isKept}
          styles={isKept ? keptStyle : undefined}
          title={isKept ? t("keyNameFixed") : undefined}
          error={form.errorOf(`${path}.name`)}
          maxLength={64}
          autoComplete="off"
          spellCheck={false}
          onBlur={() => form.touch(`${path}.name`)}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        {standing !== undefined && <KeyState standing={standing} />}
      </div>
      <KeyValue form={form} draftKey={draftKey} path={`${path}.value`} onChange={change} />
      <NumberField
        label={t("weight")}
        value={weight}
        max={100}
        onChange={(next) => change({ weight: next })}
      />
      <div className={classes["rowEnd"]}>
        <Switch
          aria-label={t("useOf", { name })}
          checked={enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
        />
        <ActionIcon
          variant="subtle"
          size={28}
          aria-label={t("removeOf", { name })}
          onClick={() => form.change({ apiKeys: form.draft.apiKeys.filter(({ id }) => id !== draftKey.id) })}
        >
          <Trash2 size={15} />
        </ActionIcon>
      </div>
    </div>
  );
}

function KeyState({ standing: { standing, until } }: { readonly standing: KeyStanding }) {
  const t = useMessages(serviceFormMessages);
  const { language } = useLanguage();
  const [now] = useState(() => new Date());
  const time = formatTime(new Date(until), language, now);
  return (
    <p className="row g6 small" style={{ marginTop: 4 }}>
      <Moon phase={standing === "refused" ? "struck" : "half"} size={10} />
      <span className={standing === "refused" ? "bad" : "warn"}>
        {t(standing === "refused" ? "refusedUntil" : "restingUntil", { time })}
      </span>
    </p>
  );
}
