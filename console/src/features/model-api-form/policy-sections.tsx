// What is recorded, and who may call. Only what this build serves can be switched on here.
import { Button, Checkbox, MultiSelect, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { listQuery } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import type { Grant, KeySource, Monitoring } from "./draft.ts";
import classes from "./editors.module.css";
import { Field, GroupFault, inputOrder, useFieldNotes, useFormContext } from "./form-context.tsx";
import { FormSection } from "./form-sections.tsx";
import { policyMessages } from "./policy-messages.ts";
import { RecordingFields } from "./recording-section.tsx";

type MonitoringSwitch = Extract<keyof Monitoring, "metrics" | "logs" | "traces" | "exposeHeaders">;
const switches: readonly MonitoringSwitch[] = ["metrics", "logs", "traces", "exposeHeaders"];

export function MonitoringSection() {
  const t = useMessages(policyMessages);
  const { draft, set, readOnly } = useFormContext();
  return (
    <FormSection id="monitoring" title={t("monitoring")}>
      <div className={classes["switches"]}>
        {switches.map((name) => (
          <Field key={name} path={`monitoring.${name}`} className="row g12">
            <Switch
              id={`monitoring-${name}`}
              checked={draft.monitoring[name]}
              disabled={readOnly !== undefined}
              onChange={(event) =>
                set({ monitoring: { ...draft.monitoring, [name]: event.currentTarget.checked } })
              }
            />
            <label htmlFor={`monitoring-${name}`} className="medium" style={{ width: 130, flex: "none" }}>
              {t(name)}
            </label>
            <span className="small dim">{t(`${name}-hint`)}</span>
          </Field>
        ))}
      </div>
      <Field path="monitoring">
        <h3 className="small medium" style={{ margin: 0 }}>
          {t("content")}
        </h3>
        <RecordingFields />
      </Field>
    </FormSection>
  );
}

export function AccessSection() {
  const t = useMessages(policyMessages);
  const { draft, set, readOnly } = useFormContext();
  return (
    <FormSection
      id="access"
      title={t("access")}
      beside={
        <>
          <Switch
            aria-label={t("auth")}
            checked={draft.authOn}
            disabled={readOnly !== undefined}
            onChange={(event) => set({ authOn: event.currentTarget.checked })}
          />
          <span className="small dim">{t(draft.authOn ? "authOn" : "authOff")}</span>
        </>
      }
    >
      {draft.authOn && (
        <>
          <p className="small dim">{t("methods")}</p>
          <Sources />
          <Grants />
        </>
      )}
      <GroupFault path="auth.methods" />
      <p className="small dim">{t("limitsOff")}</p>
    </FormSection>
  );
}

function sourceKey(source: KeySource): string {
  return source.in === "bearer" ? "bearer" : `${source.in} ${source.name}`;
}

const usualSources: readonly KeySource[] = [
  { in: "bearer" },
  { in: "header", name: "x-api-key" },
  { in: "query", name: "key" },
];

function Sources() {
  const t = useMessages(policyMessages);
  const { draft, set, readOnly } = useFormContext();
  const known = new Set(usualSources.map(sourceKey));
  // Others that were set through the API stay as they are, and can be taken off.
  const shown = [...usualSources, ...draft.keySources.filter((source) => !known.has(sourceKey(source)))];
  const on = new Set(draft.keySources.map(sourceKey));
  const toggle = (source: KeySource): void => {
    const key = sourceKey(source);
    const chosen = shown.filter((one) => (sourceKey(one) === key ? !on.has(key) : on.has(sourceKey(one))));
    set({ keySources: chosen });
  };
  const wordOf = (source: KeySource): string =>
    source.in === "bearer"
      ? "Authorization: Bearer"
      : t(source.in === "header" ? "inHeader" : "inQuery", { name: source.name });
  return (
    <Field path="auth.apiKeySources">
      <fieldset className="col g8" style={{ border: 0, padding: 0, margin: 0 }}>
        <legend className={classes["chipsLabel"]} style={{ marginBottom: 6 }}>
          {t("sources")}
        </legend>
        {shown.map((source) => (
          <Checkbox
            key={sourceKey(source)}
            label={wordOf(source)}
            checked={on.has(sourceKey(source))}
            disabled={readOnly !== undefined}
            onChange={() => toggle(source)}
          />
        ))}
      </fieldset>
      <GroupFault path="auth.apiKeySources" />
    </Field>
  );
}

function grantee(grant: Grant): string {
  return "consumer" in grant ? grant.consumer : grant.consumerGroup;
}

function Grants() {
  const t = useMessages(policyMessages);
  const words = useMessages(uiMessages);
  const { draft, set, readOnly } = useFormContext();
  const consumers = useQuery(listQuery("consumers"));
  const notes = useFieldNotes("auth.grants", t("grantsHint"));
  const direct = draft.grants.flatMap((grant) => ("consumer" in grant ? [grant.consumer] : []));
  const names = new Set([...(consumers.data?.items ?? []).map(({ name }) => name), ...direct]);
  const others = draft.grants.filter((grant) => !("consumer" in grant));
  const choose = (chosen: readonly string[]): void =>
    set({
      grants: [
        ...others,
        // A grant that was there keeps its end.
        ...chosen.map(
          (consumer): Grant =>
            draft.grants.find((grant) => "consumer" in grant && grant.consumer === consumer) ?? { consumer },
        ),
      ],
    });
  return (
    <Field path="auth.grants">
      <MultiSelect
        {...notes}
        inputWrapperOrder={inputOrder}
        label={t("grants")}
        data={[...names]}
        value={direct}
        searchable
        disabled={readOnly !== undefined}
        nothingFoundMessage={t("noConsumer")}
        comboboxProps={{ shadow: "none" }}
        onChange={choose}
      />
      {others.length > 0 && (
        <p className="small dim">{t("groupGrants", { names: others.map(grantee).join(", ") })}</p>
      )}
      {draft.grants.length === 0 && (
        <div className="note" style={{ marginTop: 8, alignItems: "center" }}>
          <TriangleAlert size={16} aria-hidden />
          <span className="grow">{t("nobody")}</span>
          <Button
            size="xs"
            renderRoot={(props) => <Link to="/consumers" search={{ add: true }} target="_blank" {...props} />}
          >
            {t("addConsumer")}
          </Button>
        </div>
      )}
      {consumers.isError && <p className="small bad">{words("unreachable")}</p>}
    </Field>
  );
}
