// An input of a number with decimals. What is typed stands as typed until the field is left.
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { Field, inputOrder, useFieldNotes, useFormContext } from "../form-context.tsx";

export function DecimalPart({
  path,
  label,
  hint,
  placeholder,
  value,
  onChange,
}: {
  readonly path: string;
  readonly label: string;
  readonly hint?: string;
  readonly placeholder?: string;
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
}) {
  const { readOnly } = useFormContext();
  const notes = useFieldNotes(path, hint);
  const [typed, setTyped] = useState<string>();
  return (
    <Field path={path}>
      <TextInput
        {...notes}
        inputWrapperOrder={inputOrder}
        label={label}
        {...(placeholder === undefined ? {} : { placeholder })}
        value={typed ?? (value === undefined ? "" : String(value))}
        inputMode="decimal"
        autoComplete="off"
        disabled={readOnly !== undefined}
        onChange={(event) => {
          const text = event.currentTarget.value.replaceAll(/[^\d.]/gu, "").slice(0, 12);
          const read = Number(text);
          setTyped(text);
          onChange(text === "" || Number.isNaN(read) ? undefined : read);
        }}
        onBlur={() => setTyped(undefined)}
      />
    </Field>
  );
}
