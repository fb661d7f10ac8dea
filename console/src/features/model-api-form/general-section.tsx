// Name, resource group, description, tags and protocols of a Model API.
import { TagsInput, Textarea, TextInput } from "@mantine/core";
import "@mantine/core/styles/Pill.layer.css";
import "@mantine/core/styles/PillsInput.layer.css";
import { Check } from "lucide-react";
import { defaultRoutesOf, protocolsOf } from "../../../../src/resources/default-routes.ts";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import type { ApiProtocol } from "./draft.ts";
import { Field, GroupFault, inputOrder, useFieldNotes, useFormContext } from "./form-context.tsx";
import { formMessages } from "./form-messages.ts";
import { FormSection } from "./form-sections.tsx";
import classes from "./form.module.css";
import { GroupSelect } from "./group-select.tsx";
import { protocolName } from "./protocol-names.ts";

export function GeneralSection() {
  const t = useMessages(formMessages);
  return (
    <FormSection id="general" title={t("general")} hidden>
      <div className={classes["two"]}>
        <Field path="name">
          <NameInput />
        </Field>
        <Field path="resourceGroup">
          <GroupSelect />
        </Field>
      </div>
      <Protocols />
      <About />
    </FormSection>
  );
}

function NameInput() {
  const t = useMessages(formMessages);
  const { draft, set, editing, readOnly, nameFree } = useFormContext();
  const fixed = editing !== undefined;
  const notes = useFieldNotes("name", fixed ? t("nameFixed") : t("nameHint"));
  return (
    <TextInput
      {...notes}
      label={
        <span className={classes["counted"]}>
          {t("name")}
          <span className="dim num">{draft.name.length} / 64</span>
        </span>
      }
      labelProps={{ className: classes["wholeLabel"] }}
      value={draft.name}
      disabled={fixed || readOnly !== undefined}
      autoComplete="off"
      spellCheck={false}
      required
      withAsterisk={false}
      onChange={(event) => set({ name: event.currentTarget.value })}
      rightSectionWidth={nameFree && draft.name !== "" ? 64 : undefined}
      rightSection={
        nameFree && draft.name !== "" ? (
          <span className="row g4 small ok" role="status">
            <Check size={14} aria-hidden />
            {t("free")}
          </span>
        ) : undefined
      }
    />
  );
}

function Protocols() {
  const t = useMessages(formMessages);
  const { draft, set, readOnly } = useFormContext();
  const toggle = (protocol: ApiProtocol): void => {
    const chosen = draft.protocols.includes(protocol)
      ? draft.protocols.filter((other) => other !== protocol)
      : protocolsOf(draft.useCase).filter((other) => other === protocol || draft.protocols.includes(other));
    // Settings of routes that are gone would be refused.
    const names = new Set(
      defaultRoutesOf(draft.useCase, chosen)
        .map(({ name }) => name)
        .concat("models"),
    );
    // A protocol that has only extra routes would serve nothing without them.
    const rows = defaultRoutesOf(draft.useCase, chosen.includes(protocol) ? [protocol] : []);
    const added = rows.every(({ beyondSeeds }) => beyondSeeds === true) ? rows.map(({ name }) => name) : [];
    set({
      protocols: chosen,
      disabledRoutes: draft.disabledRoutes.filter((name) => names.has(name)),
      enabledRoutes: [...new Set([...draft.enabledRoutes, ...added])].filter((name) => names.has(name)),
    });
  };
  return (
    <Field path="protocols">
      <div className={classes["label"]} id="protocols-label">
        {t("protocols")}
      </div>
      <div role="group" aria-labelledby="protocols-label" className={classes["two"]} style={{ gap: 8 }}>
        {protocolsOf(draft.useCase).map((protocol) => {
          const rows = defaultRoutesOf(draft.useCase, [protocol]);
          const chosen = draft.protocols.includes(protocol);
          return (
            <button
              key={protocol}
              type="button"
              role="checkbox"
              aria-checked={chosen}
              disabled={readOnly !== undefined}
              className="choice"
              style={{ alignItems: "center" }}
              onClick={() => toggle(protocol)}
            >
              <span className={classes["box"]} data-on={chosen || undefined} aria-hidden>
                {chosen && <Check size={12} strokeWidth={2.6} />}
              </span>
              <span className="grow">
                <span className="medium" style={{ display: "block" }}>
                  {protocolName(protocol)}{" "}
                  {protocol === "openai" && <span className="mono dim">OpenAI/v1</span>}
                </span>
                <span className="tiny dim" style={{ display: "block" }}>
                  {routeCounts(rows, t)}
                </span>
              </span>
            </button>
          );
        })}
      </div>
      <GroupFault path="protocols" />
    </Field>
  );
}

function routeCounts(
  rows: readonly { readonly beyondSeeds?: boolean }[],
  t: ReturnType<typeof useMessages<typeof formMessages.en>>,
): string {
  const extra = rows.filter(({ beyondSeeds }) => beyondSeeds === true).length;
  if (extra === rows.length) return t("extraOnly", { n: extra });
  const usual = t("routeCount", { n: rows.length - extra });
  return extra === 0 ? usual : usual + t("extraCount", { n: extra });
}

function About() {
  const t = useMessages(formMessages);
  const words = useMessages(uiMessages);
  const { draft, set, readOnly } = useFormContext();
  const description = useFieldNotes("description");
  const tags = useFieldNotes("tags", t("tagsHint"));
  return (
    <div className={classes["two"]}>
      <Field path="description">
        <Textarea
          {...description}
          label={
            <span>
              {t("description")} <span className="dim">{words("optional")}</span>
            </span>
          }
          autosize={false}
          rows={2}
          maxLength={1024}
          value={draft.description}
          disabled={readOnly !== undefined}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
      </Field>
      <Field path="tags">
        <TagsInput
          {...tags}
          inputWrapperOrder={inputOrder}
          label={
            <span>
              {t("tags")} <span className="dim">{words("optional")}</span>
            </span>
          }
          value={[...draft.tags]}
          maxTags={64}
          disabled={readOnly !== undefined}
          onChange={(values) => set({ tags: values.map((tag) => tag.slice(0, 64)) })}
        />
      </Field>
    </div>
  );
}
