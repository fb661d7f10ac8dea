// Inputs of a figure that is known or assumed unless somebody says otherwise: dim with its origin, or plain with the way back.
import { Button, Checkbox, Select, TextInput } from "@mantine/core";
import { RotateCcw } from "lucide-react";
import { useState, type ReactNode } from "react";
import { formatCount } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { Field, GroupFault, inputOrder, useFieldNotes, useFormContext } from "../form-context.tsx";
import parts from "../policies/policies.module.css";
import { candidateMessages } from "./candidate-messages.ts";

/** Where a figure is from, that nobody has typed. */
export type Origin = "known" | "service" | "assumed";

export interface KnownFigure<Value> {
  readonly value: Value;
  readonly origin: Origin;
}

interface PartProps {
  readonly path: string;
  readonly label: string;
  /** Of the row: labels repeat. */
  readonly row: string;
}

/** The origin of what stands there, or the button that goes back to it. */
function OriginNote({
  label,
  row,
  isOwn,
  origin,
  text,
  onReset,
}: {
  readonly label: string;
  readonly row: string;
  readonly isOwn: boolean;
  readonly origin: Origin | undefined;
  /** What is known, as text. */
  readonly text: string;
  readonly onReset: () => void;
}) {
  const t = useMessages(candidateMessages);
  const { readOnly } = useFormContext();
  if (!isOwn) return <>{origin === undefined ? t("notKnown") : t(`from-${origin}`)}</>;
  const shown = origin === undefined || text === "" ? t("reset") : t("resetTo", { value: text });
  return (
    <Button
      variant="subtle"
      size="compact-xs"
      leftSection={<RotateCcw size={12} />}
      disabled={readOnly !== undefined}
      aria-label={`${shown}: ${row}, ${label}`}
      onClick={onReset}
    >
      {shown}
    </Button>
  );
}

/** A number; digits with at most one point. Empty goes back to what is known. */
export function KnownNumber({
  path,
  label,
  row,
  value,
  known,
  unit,
  max,
  decimals = false,
  onChange,
}: PartProps & {
  readonly value: number | undefined;
  readonly known: KnownFigure<number> | undefined;
  readonly unit?: string;
  readonly max?: number;
  readonly decimals?: boolean;
  readonly onChange: (value: number | undefined) => void;
}) {
  const { readOnly } = useFormContext();
  const [typed, setTyped] = useState<string>();
  const shown = (number: number): string => (decimals ? String(number) : formatCount(number));
  const knownText = known === undefined ? "" : shown(known.value);
  const note = (
    <OriginNote
      label={label}
      row={row}
      isOwn={value !== undefined}
      origin={known?.origin}
      text={knownText}
      onReset={() => {
        setTyped(undefined);
        onChange(undefined);
      }}
    />
  );
  const { error } = useFieldNotes(path);
  return (
    <Field path={path}>
      <TextInput
        label={label}
        aria-label={`${row}: ${label}`}
        error={error}
        inputWrapperOrder={inputOrder}
        placeholder={knownText === "" ? "—" : knownText}
        value={typed ?? (value === undefined ? "" : shown(value))}
        inputMode={decimals ? "decimal" : "numeric"}
        autoComplete="off"
        disabled={readOnly !== undefined}
        rightSectionWidth={unit === undefined ? undefined : 34}
        rightSectionPointerEvents="none"
        rightSection={unit === undefined ? undefined : <span className="small dim">{unit}</span>}
        onChange={(event) => {
          const text = event.currentTarget.value.replaceAll(decimals ? /[^\d.]/gu : /\D/gu, "").slice(0, 9);
          const read = Math.min(Number(text), max ?? Number.MAX_SAFE_INTEGER);
          setTyped(text);
          onChange(text === "" || Number.isNaN(read) ? undefined : read);
        }}
        onBlur={() => setTyped(undefined)}
      />
      <div className="tiny dim">{note}</div>
    </Field>
  );
}

/** Several of a few. What is known is ticked until somebody ticks for himself. */
export function KnownSet<Value extends string>({
  path,
  label,
  row,
  value,
  known,
  options,
  onChange,
}: PartProps & {
  readonly value: readonly Value[] | undefined;
  readonly known: KnownFigure<readonly Value[]> | undefined;
  readonly options: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value[] | undefined) => void;
}) {
  const { readOnly } = useFormContext();
  const ticked = value ?? known?.value ?? [];
  const nameOf = (each: Value): string => options.find((option) => option.value === each)?.label ?? each;
  return (
    <Field path={path}>
      <fieldset className={parts["set"]} aria-label={`${row}: ${label}`}>
        <legend>{label}</legend>
        <div className={parts["checks"]}>
          {options.map((option) => (
            <Checkbox
              key={option.value}
              label={value === undefined ? <span className="dim">{option.label}</span> : option.label}
              checked={ticked.includes(option.value)}
              disabled={readOnly !== undefined}
              onChange={(event) => {
                const { checked } = event.currentTarget;
                const next = options
                  .map((each) => each.value)
                  .filter((each) => (each === option.value ? checked : ticked.includes(each)));
                // None at all would mean a model that takes nothing: that is no choice.
                if (next.length > 0) onChange(next);
              }}
            />
          ))}
        </div>
        <div className="tiny dim">
          <OriginNote
            label={label}
            row={row}
            isOwn={value !== undefined}
            origin={known?.origin}
            text={(known?.value ?? []).map(nameOf).join(", ")}
            onReset={() => onChange(undefined)}
          />
        </div>
      </fieldset>
      <GroupFault path={path} />
    </Field>
  );
}

const answers = ["known", "yes", "no"] as const;

/** Yes, no, or as it is known. */
export function KnownSwitch({
  path,
  label,
  row,
  value,
  known,
  onChange,
}: PartProps & {
  readonly value: boolean | undefined;
  readonly known: KnownFigure<boolean> | undefined;
  readonly onChange: (value: boolean | undefined) => void;
}) {
  const t = useMessages(candidateMessages);
  const { readOnly } = useFormContext();
  const notes = useFieldNotes(
    path,
    value === undefined ? t(`from-${known?.origin ?? "assumed"}`) : undefined,
  );
  const word = (answer: boolean): string => t(answer ? "yes" : "no");
  const knownWord = t("asKnown", { answer: word(known?.value ?? true) });
  return (
    <Field path={path}>
      <Select
        {...notes}
        label={label}
        aria-label={`${row}: ${label}`}
        inputWrapperOrder={inputOrder}
        data={answers.map((answer) => ({ value: answer, label: answer === "known" ? knownWord : t(answer) }))}
        value={value === undefined ? "known" : value ? "yes" : "no"}
        disabled={readOnly !== undefined}
        onChange={(answer) => onChange(answer === "yes" ? true : answer === "no" ? false : undefined)}
      />
    </Field>
  );
}

/** A head over some fields. */
export function PartsHead({
  title,
  hint,
  heading: Heading = "h4",
}: {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly heading?: "h3" | "h4";
}) {
  return (
    <div className="row wrap">
      <Heading className="medium" style={{ margin: 0, fontSize: 12.5 }}>
        {title}
      </Heading>
      {hint !== undefined && <span className="small dim">{hint}</span>}
    </div>
  );
}
