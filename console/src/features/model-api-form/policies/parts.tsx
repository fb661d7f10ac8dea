// The inputs that the policies are made of, each with its label, hint and what is wrong with it. Knows no policy.
import { Checkbox, Select, Switch, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { Field, GroupFault, inputOrder, useFieldNotes, useFormContext } from "../form-context.tsx";
import { NumberField } from "../number-field.tsx";
import classes from "./policies.module.css";

interface PartProps {
  readonly path: string;
  readonly label: string;
  readonly hint?: string | undefined;
}

/** Inputs of a row repeat: their name for screen readers begins with the row's. */
function namesOf(label: string, row: string | undefined) {
  return row === undefined ? { label } : { label, "aria-label": `${row}: ${label}` };
}

export function TextPart({
  path,
  label,
  hint,
  row,
  value,
  onChange,
  mono = false,
  placeholder,
  maxLength,
}: PartProps & {
  readonly row?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly mono?: boolean;
  readonly placeholder?: string;
  readonly maxLength?: number;
}) {
  const { readOnly } = useFormContext();
  const notes = useFieldNotes(path, hint);
  return (
    <Field path={path}>
      <TextInput
        {...notes}
        {...namesOf(label, row)}
        inputWrapperOrder={inputOrder}
        value={value}
        disabled={readOnly !== undefined}
        {...(placeholder === undefined ? {} : { placeholder })}
        {...(maxLength === undefined ? {} : { maxLength })}
        {...(mono ? { classNames: { input: "mono" } } : {})}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}

export interface Option<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export function ChoicePart<Value extends string>({
  path,
  label,
  hint,
  row,
  value,
  options,
  onChange,
}: PartProps & {
  readonly row?: string;
  readonly value: Value;
  readonly options: readonly Option<Value>[];
  readonly onChange: (value: Value) => void;
}) {
  const { readOnly } = useFormContext();
  const notes = useFieldNotes(path, hint);
  return (
    <Field path={path}>
      <Select
        {...notes}
        {...namesOf(label, row)}
        data={[...options]}
        value={value}
        disabled={readOnly !== undefined}
        onChange={(chosen) => {
          const option = options.find((each) => each.value === chosen);
          if (option !== undefined) onChange(option.value);
        }}
      />
    </Field>
  );
}

export function NumberPart({
  path,
  label,
  hint,
  row,
  value,
  unit,
  placeholder,
  width,
  onChange,
}: PartProps & {
  readonly row?: string;
  readonly value: number | undefined;
  readonly unit?: string;
  readonly placeholder?: string;
  readonly width?: number;
  readonly onChange: (value: number | undefined) => void;
}) {
  const { readOnly } = useFormContext();
  const notes = useFieldNotes(path, hint);
  return (
    <Field path={path}>
      <NumberField
        {...notes}
        label={label}
        {...(row === undefined ? {} : { name: `${row}: ${label}` })}
        value={value}
        {...(unit === undefined ? {} : { unit })}
        {...(placeholder === undefined ? {} : { placeholder })}
        {...(width === undefined ? {} : { width })}
        disabled={readOnly !== undefined}
        onChange={onChange}
      />
    </Field>
  );
}

export function SwitchPart({
  path,
  label,
  hint,
  row,
  checked,
  onChange,
  disabled = false,
}: PartProps & {
  readonly row?: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
  readonly disabled?: boolean;
}) {
  const { readOnly } = useFormContext();
  const id = `switch-${path.replaceAll(/[^A-Za-z0-9]+/gu, "-")}`;
  return (
    <Field path={path}>
      <span className={classes["switchLine"]}>
        <Switch
          id={id}
          {...(row === undefined ? {} : { "aria-label": `${row}: ${label}` })}
          checked={checked}
          disabled={disabled || readOnly !== undefined}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
        <label htmlFor={id} className="medium">
          {label}
        </label>
        {hint !== undefined && <span className="small dim">{hint}</span>}
      </span>
      <GroupFault path={path} />
    </Field>
  );
}

/** Several of a few. */
export function SetPart<Value extends string>({
  path,
  label,
  hint,
  value,
  options,
  onChange,
}: PartProps & {
  readonly value: readonly Value[];
  readonly options: readonly Option<Value>[];
  readonly onChange: (value: readonly Value[]) => void;
}) {
  const { readOnly } = useFormContext();
  return (
    <Field path={path}>
      <fieldset className={classes["set"]}>
        <legend>{label}</legend>
        <div className={classes["checks"]}>
          {options.map((option) => (
            <Checkbox
              key={option.value}
              label={option.label}
              checked={value.includes(option.value)}
              disabled={readOnly !== undefined}
              onChange={(event) => {
                const { checked } = event.currentTarget;
                // In the order of the options, so that switching off and on changes nothing.
                onChange(
                  options
                    .map((each) => each.value)
                    .filter((each) => (each === option.value ? checked : value.includes(each))),
                );
              }}
            />
          ))}
        </div>
        {hint !== undefined && <p className="small dim">{hint}</p>}
      </fieldset>
      <GroupFault path={path} />
    </Field>
  );
}

const lineEnd = /\n/u;

/** A list, one to a line. What is pasted may have commas. */
export function LinesPart({
  path,
  label,
  hint,
  value,
  onChange,
  placeholder,
  split = lineEnd,
}: PartProps & {
  readonly value: readonly string[];
  readonly onChange: (value: readonly string[]) => void;
  readonly placeholder?: string;
  /** Where a text falls into lines once the field is left. */
  readonly split?: RegExp;
}) {
  const { readOnly } = useFormContext();
  const notes = useFieldNotes(path, hint);
  return (
    <Field path={path}>
      <Textarea
        {...notes}
        inputWrapperOrder={inputOrder}
        label={label}
        {...(placeholder === undefined ? {} : { placeholder })}
        value={value.join("\n")}
        disabled={readOnly !== undefined}
        autosize
        minRows={3}
        maxRows={10}
        spellCheck={false}
        classNames={{ input: "mono" }}
        onChange={(event) => {
          const text = event.currentTarget.value;
          onChange(text === "" ? [] : text.split("\n"));
        }}
        onBlur={() => {
          const lines = value.flatMap((line) => line.split(split)).map((line) => line.trim());
          const kept = [...new Set(lines)].filter((line) => line !== "");
          if (kept.join("\n") !== value.join("\n")) onChange(kept);
        }}
      />
    </Field>
  );
}

export function AreaPart({
  path,
  label,
  hint,
  value,
  onChange,
  maxLength,
}: PartProps & {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly maxLength: number;
}) {
  const { readOnly } = useFormContext();
  const notes = useFieldNotes(path, hint);
  return (
    <Field path={path}>
      <Textarea
        {...notes}
        inputWrapperOrder={inputOrder}
        label={label}
        value={value}
        disabled={readOnly !== undefined}
        maxLength={maxLength}
        autosize
        minRows={2}
        maxRows={10}
        onChange={(event) => onChange(event.currentTarget.value)}
      />
    </Field>
  );
}

/** A line over a list: what it holds, a word, and the button that adds to it. */
export function ListHead({
  path,
  title,
  hint,
  heading: Heading = "h4",
  children,
}: {
  readonly path: string;
  readonly title: string;
  readonly hint?: string;
  readonly heading?: "h3" | "h4";
  readonly children: ReactNode;
}) {
  return (
    <div>
      <Field path={path} className="row wrap">
        <Heading className="medium" style={{ margin: 0, fontSize: 12.5 }}>
          {title}
        </Heading>
        <span className="small dim grow">{hint}</span>
        {children}
      </Field>
      <GroupFault path={path} />
    </div>
  );
}
