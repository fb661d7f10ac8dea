// Mode by-metrics: what is best, the targets to choose from, and how much one of them may get.
import { Button } from "@mantine/core";
import { Gauge, Hourglass, Scale, Timer, Plus, type LucideIcon } from "lucide-react";
import { useMessages } from "../../i18n/language.tsx";
import { goals, newId, type Goal, type ListedDraft } from "./draft.ts";
import classes from "./editors.module.css";
import { Field, GroupFault, useFieldNotes, useFormContext } from "./form-context.tsx";
import { modeMessages } from "./mode-messages.ts";
import { NumberField } from "./number-field.tsx";
import { RadioCards } from "./radio-cards.tsx";
import { RowButtons } from "./row-buttons.tsx";
import { onlyService } from "./rules-editor.tsx";
import { TargetFields } from "./target-fields.tsx";

const icons: Readonly<Record<Goal, LucideIcon>> = {
  balanced: Scale,
  "lowest-ttft": Timer,
  "lowest-latency": Hourglass,
  "least-busy": Gauge,
};

export function MetricsEditor() {
  const t = useMessages(modeMessages);
  const { draft, set, choices, readOnly } = useFormContext();
  const rows = draft.measured;
  const disabled = readOnly !== undefined;
  const change = (id: string, fields: Partial<ListedDraft>): void =>
    set({ measured: rows.map((row) => (row.id === id ? { ...row, ...fields } : row)) });
  return (
    <>
      <Field path="modelService.goal">
        <RadioCards
          label={t("goal")}
          className={classes["goals"]}
          value={draft.goal}
          size={16}
          onChange={(goal) => {
            if (!disabled) set({ goal });
          }}
          options={goals.map((goal) => ({
            value: goal,
            icon: icons[goal],
            title: t(goal),
            hint: t(`${goal}-hint`),
          }))}
        />
      </Field>
      <Field path="modelService.targets" className={classes["head"]}>
        <h3>{t("targets")}</h3>
        <span className="grow" />
        <Button
          size="xs"
          leftSection={<Plus size={14} />}
          disabled={disabled}
          onClick={() =>
            set({ measured: [...rows, { id: newId(), service: onlyService(choices.shown), model: "" }] })
          }
        >
          {t("addTarget")}
        </Button>
      </Field>
      <GroupFault path="modelService.targets" />
      {rows.length > 0 && (
        <ol className={classes["rows"]}>
          {rows.map((row, index) => (
            <li key={row.id} className={classes["row"]}>
              <div className={classes["targetLine"]}>
                <TargetFields
                  bare
                  name={t("target", { n: index + 1 })}
                  target={row}
                  path={`modelService.targets[${index}]`}
                  onChange={(fields) => change(row.id, fields)}
                />
                <RowButtons
                  id={row.id}
                  name={row.service || t("target", { n: index + 1 })}
                  index={index}
                  count={rows.length}
                  onRemove={() => set({ measured: rows.filter(({ id }) => id !== row.id) })}
                  disabled={disabled}
                />
              </div>
            </li>
          ))}
        </ol>
      )}
      <MaxShare />
    </>
  );
}

function MaxShare() {
  const t = useMessages(modeMessages);
  const { draft, set, readOnly } = useFormContext();
  const notes = useFieldNotes("modelService.maxShare", t("maxShareHint"));
  return (
    <Field path="modelService.maxShare">
      <NumberField
        {...notes}
        label={t("maxShare")}
        value={draft.maxSharePercent}
        unit="%"
        width={140}
        disabled={readOnly !== undefined}
        onChange={(value) => set({ maxSharePercent: Math.min(100, Math.max(1, value ?? 100)) })}
      />
    </Field>
  );
}
