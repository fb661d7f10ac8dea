// Where clients call: domains, base path, and whether the base path goes on to the service.
import { Button, MultiSelect, Pill, Switch, TextInput } from "@mantine/core";
import "@mantine/core/styles/Pill.layer.css";
import "@mantine/core/styles/PillsInput.layer.css";
import { useQuery } from "@tanstack/react-query";
import { ArrowRight, Plus } from "lucide-react";
import { useState } from "react";
import { listQuery } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { Field, inputOrder, useFieldNotes, useFormContext } from "./form-context.tsx";
import { formMessages } from "./form-messages.ts";
import { FormSection } from "./form-sections.tsx";
import classes from "./form.module.css";
import { servedRoutes } from "./routes-of-draft.ts";
import { pathBelow } from "./sample-call.ts";
import { SmallCreate } from "./small-create.tsx";

export function EntrySection() {
  const t = useMessages(formMessages);
  return (
    <FormSection id="entry" title={t("entry")}>
      <Field path="domains">
        <Domains />
      </Field>
      <div className={classes["path"]}>
        <Field path="basePath">
          <BasePath />
        </Field>
        <Field path="stripBasePath">
          <Strip />
        </Field>
      </div>
    </FormSection>
  );
}

function Domains() {
  const t = useMessages(formMessages);
  const words = useMessages(uiMessages);
  const { draft, set, shown, readOnly } = useFormContext();
  const domains = useQuery(listQuery("domains"));
  const [adding, setAdding] = useState(false);
  const names = new Set(["*", ...(domains.data?.items ?? []).map(({ name }) => name), ...draft.domains]);
  const notes = useFieldNotes("domains", draft.domains.includes("*") ? t("anyHostHint") : undefined);
  const taken = new Set(shown.map(({ address }) => address));
  const nameOf = (domain: string): string => (domain === "*" ? t("anyHost") : domain);
  return (
    <>
      <div className={classes["beside"]}>
        <MultiSelect
          {...notes}
          inputWrapperOrder={inputOrder}
          label={t("domains")}
          data={[...names].map((name) => ({ value: name, label: nameOf(name) }))}
          value={[...draft.domains]}
          onChange={(values) => set({ domains: values })}
          searchable
          disabled={readOnly !== undefined}
          nothingFoundMessage={t("noDomain")}
          comboboxProps={{ shadow: "none" }}
          renderPill={({ option, value, onRemove }) => {
            const domain = String(value ?? option?.value ?? "");
            return (
              <Pill
                withRemoveButton={readOnly === undefined}
                onRemove={onRemove}
                className={taken.has(domain + draft.basePath) ? classes["takenPill"] : undefined}
                removeButtonProps={{ "aria-label": words("remove", { name: nameOf(domain) }) }}
              >
                {nameOf(domain)}
              </Pill>
            );
          }}
        />
        <Button
          variant="subtle"
          size="xs"
          className={classes["inPlace"]}
          leftSection={<Plus size={13} />}
          disabled={readOnly !== undefined}
          onClick={() => setAdding(true)}
        >
          {t("addDomain")}
        </Button>
      </div>
      {adding && (
        <SmallCreate
          collection="domains"
          title={t("addDomain")}
          label={t("domainName")}
          hint={t("domainNameHint")}
          failure={t("domainFailed")}
          onClose={() => setAdding(false)}
          onCreated={(name) =>
            set({ domains: [...draft.domains.filter((other) => other !== "*" && other !== name), name] })
          }
        />
      )}
    </>
  );
}

function BasePath() {
  const t = useMessages(formMessages);
  const { draft, set, readOnly } = useFormContext();
  const notes = useFieldNotes("basePath");
  return (
    <TextInput
      {...notes}
      label={t("basePath")}
      value={draft.basePath}
      disabled={readOnly !== undefined}
      classNames={{ input: classes["monoInput"] ?? "" }}
      autoComplete="off"
      spellCheck={false}
      onChange={(event) => set({ basePath: event.currentTarget.value })}
    />
  );
}

function Strip() {
  const t = useMessages(formMessages);
  const { draft, set, readOnly } = useFormContext();
  // The shortest says it with the fewest words.
  const [path = "/v1/models"] = servedRoutes(draft)
    .map((route) => route.path)
    .toSorted((a, b) => a.length - b.length);
  const whole = pathBelow(draft.basePath, path);
  return (
    <>
      <label className={classes["label"]} htmlFor="strip-base-path">
        {t("strip")}
      </label>
      <div className={classes["strip"]}>
        <Switch
          id="strip-base-path"
          checked={draft.stripBasePath}
          disabled={readOnly !== undefined}
          onChange={(event) => set({ stripBasePath: event.currentTarget.checked })}
        />
        {draft.basePath === "/" ? (
          <span className="small dim">{t("nothingToStrip")}</span>
        ) : (
          <span className="row wrap g8" aria-live="polite">
            <span className="mono soft">{whole}</span>
            <ArrowRight size={14} aria-label={t("forwardedAs")} role="img" className="dim" />
            <span className="mono pond">{draft.stripBasePath ? path : whole}</span>
          </span>
        )}
      </div>
    </>
  );
}
