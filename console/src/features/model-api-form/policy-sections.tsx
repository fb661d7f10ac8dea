// What is recorded, who may call, and the policies as cards.
import { Switch } from "@mantine/core";
import { useMessages } from "../../i18n/language.tsx";
import type { Monitoring } from "./draft.ts";
import classes from "./editors.module.css";
import { Field, useFormContext } from "./form-context.tsx";
import { FormSection } from "./form-sections.tsx";
import { cardMessages } from "./policies/card-messages.ts";
import cards from "./policies/policies.module.css";
import { PolicyCard } from "./policies/policy-card.tsx";
import { cardNames } from "./policies/policy-draft.ts";
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
  return (
    <FormSection id="access" title={t("access")}>
      <PolicyCard name="auth" />
    </FormSection>
  );
}

export function PoliciesSection() {
  const t = useMessages(cardMessages);
  return (
    <FormSection id="policies" title={t("policies")} hint={t("policiesHint")}>
      <div className={cards["cards"]}>
        {cardNames
          .filter((name) => name !== "auth")
          .map((name) => (
            <PolicyCard key={name} name={name} />
          ))}
      </div>
    </FormSection>
  );
}
