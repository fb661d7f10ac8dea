// What the built-in simulator does on purpose: delays, length, failures.
import { Select } from "@mantine/core";
import { useMessages } from "../../i18n/language.tsx";
import type { PlainKey } from "../../i18n/messages.ts";
import classes from "./form.module.css";
import { NumberField } from "./number-field.tsx";
import { knobFields, type SimulatorFault } from "./service-draft.ts";
import { serviceFormMessages } from "./service-form-messages.ts";
import type { ServiceForm } from "./service-form-state.ts";

const faultTexts: Readonly<Record<SimulatorFault, PlainKey<typeof serviceFormMessages>>> = {
  none: "fault_none",
  "status-429": "fault_status429",
  "status-500": "fault_status500",
  reset: "fault_reset",
  "stall-first-packet": "fault_stallFirst",
  "stall-mid-stream": "fault_stallMid",
  truncate: "fault_truncate",
  "malformed-sse": "fault_malformed",
  "error-in-200": "fault_error200",
  empty: "fault_empty",
};

// The table has exactly the faults as keys.
const faults = Object.keys(faultTexts) as SimulatorFault[];

const most = {
  latencyMs: 3_600_000,
  ttftMs: 3_600_000,
  tokensPerSecond: 1_000_000,
  outputTokens: 1_000_000,
  failureRate: 1,
};

export function SimulatorSection({ form }: { readonly form: ServiceForm }) {
  const t = useMessages(serviceFormMessages);
  const { draft } = form;
  return (
    <section className={classes["section"]} aria-labelledby="section-knobs">
      <div>
        <h2 id="section-knobs">{t("knobs")}</h2>
        <p className="small dim">{t("knobsHint")}</p>
      </div>
      <div className={classes["two"]}>
        {knobFields.map((field) => (
          <NumberField
            key={field}
            label={t(`knob_${field}`)}
            unit={t(`unit_${field}`)}
            value={draft.knobs[field]}
            max={most[field]}
            whole={field === "outputTokens"}
            onChange={(value) => form.change({ knobs: { ...draft.knobs, [field]: value } })}
          />
        ))}
        <Select
          label={t("fault")}
          data={faults.map((value) => ({ value, label: t(faultTexts[value]) }))}
          value={draft.fault}
          onChange={(value) => form.change({ fault: faults.find((fault) => fault === value) ?? "none" })}
        />
      </div>
    </section>
  );
}
