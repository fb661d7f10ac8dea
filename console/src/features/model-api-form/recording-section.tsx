// Whether content is kept in log records, how much of it, and what is taken out before. Off unless switched on.
import { Switch, Textarea } from "@mantine/core";
import { TriangleAlert } from "lucide-react";
import { formatCount } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Monitoring } from "./draft.ts";
import classes from "./editors.module.css";
import { Field, GroupFault, inputOrder, useFieldNotes, useFormContext } from "./form-context.tsx";
import { NumberField } from "./number-field.tsx";
import { recordingMessages } from "./recording-messages.ts";

type ContentSwitch = Extract<keyof Monitoring, "recordRequestContent" | "recordResponseContent">;
const contentSwitches: readonly ContentSwitch[] = ["recordRequestContent", "recordResponseContent"];
type RedactSwitch = Extract<keyof Monitoring["redact"], "secrets" | "personalData">;
const redactSwitches: readonly RedactSwitch[] = ["secrets", "personalData"];
const maxKilobytes = 1_024;

export function RecordingFields() {
  const t = useMessages(recordingMessages);
  const { draft, set, readOnly } = useFormContext();
  const { monitoring } = draft;
  const change = (fields: Partial<Monitoring>): void => set({ monitoring: { ...monitoring, ...fields } });
  const isOn = contentSwitches.some((name) => monitoring[name]);
  return (
    <div className="col g12" style={{ marginTop: 8 }}>
      <div className={classes["switches"]}>
        {contentSwitches.map((name) => (
          <LabelledSwitch
            key={name}
            path={`monitoring.${name}`}
            label={t(name)}
            hint={t(`${name}-hint`)}
            checked={monitoring[name]}
            disabled={readOnly !== undefined || !monitoring.logs}
            onChange={(checked) => change({ [name]: checked })}
          />
        ))}
      </div>
      {!monitoring.logs && <p className="small dim">{t("needsLogs")}</p>}
      {!isOn && monitoring.logs && <p className="small dim">{t("offWhy")}</p>}
      {isOn && monitoring.logs && (
        <>
          <div className="note">
            <TriangleAlert size={16} aria-hidden />
            <span className="grow">{t("warning")}</span>
          </div>
          <Cap />
          <div className={classes["switches"]}>
            {redactSwitches.map((name) => (
              <LabelledSwitch
                key={name}
                path={`monitoring.redact.${name}`}
                label={t(name)}
                hint={t(`${name}-hint`)}
                checked={monitoring.redact[name]}
                disabled={readOnly !== undefined}
                onChange={(checked) => change({ redact: { ...monitoring.redact, [name]: checked } })}
              />
            ))}
          </div>
          <Patterns />
        </>
      )}
    </div>
  );
}

function LabelledSwitch({
  path,
  label,
  hint,
  checked,
  disabled,
  onChange,
}: {
  readonly path: string;
  readonly label: string;
  readonly hint: string;
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  const id = path.replaceAll(".", "-");
  return (
    <Field path={path} className="row g12">
      <Switch
        id={id}
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <label htmlFor={id} className="medium" style={{ width: 130, flex: "none" }}>
        {label}
      </label>
      <span className="small dim">{hint}</span>
      <GroupFault path={path} />
    </Field>
  );
}

function Cap() {
  const t = useMessages(recordingMessages);
  const { draft, set, readOnly } = useFormContext();
  const path = "monitoring.recordMaxBytes";
  const notes = useFieldNotes(path, t("cap-hint", { max: formatCount(maxKilobytes) }));
  const { monitoring } = draft;
  return (
    <Field path={path}>
      <NumberField
        {...(notes.error === undefined ? {} : { error: notes.error })}
        label={t("cap")}
        value={Math.round(monitoring.recordMaxBytes / 1_024)}
        unit="KiB"
        width={140}
        disabled={readOnly !== undefined}
        onChange={(value) =>
          set({ monitoring: { ...monitoring, recordMaxBytes: Math.min(maxKilobytes, value ?? 0) * 1_024 } })
        }
      />
      {notes.description !== undefined && (
        <p className="small dim" style={{ margin: "4px 0 0" }}>
          {notes.description}
        </p>
      )}
    </Field>
  );
}

function Patterns() {
  const t = useMessages(recordingMessages);
  const { draft, set, readOnly } = useFormContext();
  const path = "monitoring.redact.patterns";
  const notes = useFieldNotes(path, t("patterns-hint"));
  const { monitoring } = draft;
  const { redact } = monitoring;
  return (
    <Field path={path}>
      <Textarea
        {...notes}
        inputWrapperOrder={inputOrder}
        label={t("patterns")}
        placeholder="ORD-[0-9]{6}"
        value={redact.patterns.join("\n")}
        disabled={readOnly !== undefined}
        autosize
        minRows={2}
        maxRows={8}
        spellCheck={false}
        classNames={{ input: "mono" }}
        onChange={(event) => {
          const { value } = event.currentTarget;
          const patterns = value === "" ? [] : value.split("\n");
          set({ monitoring: { ...monitoring, redact: { ...redact, patterns } } });
        }}
        onBlur={() => {
          const patterns = redact.patterns.filter((pattern) => pattern.trim() !== "");
          if (patterns.length < redact.patterns.length)
            set({ monitoring: { ...monitoring, redact: { ...redact, patterns } } });
        }}
      />
    </Field>
  );
}
