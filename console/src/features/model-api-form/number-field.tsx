// An input of a whole number with its unit. What is typed stands as typed until the field is left.
import { TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { formatCount } from "../../i18n/format.ts";

const grouped = (value: number): string => (value < 1_000_000 ? formatCount(value) : String(value));

export function NumberField({
  value,
  onChange,
  label,
  name,
  unit,
  placeholder,
  disabled = false,
  size,
  width,
  error,
  description,
}: {
  /** Undefined: nothing is set. */
  readonly value: number | undefined;
  readonly onChange: (value: number | undefined) => void;
  readonly label?: string;
  /** For screen readers, where no label stands above or labels repeat. */
  readonly name?: string;
  readonly unit?: string;
  readonly placeholder?: string;
  readonly disabled?: boolean;
  readonly size?: "xs";
  readonly width?: number;
  readonly error?: ReactNode;
  readonly description?: ReactNode;
}) {
  const [typed, setTyped] = useState<string>();
  const text = typed ?? (value === undefined ? "" : grouped(value));
  return (
    <TextInput
      {...(name === undefined ? {} : { "aria-label": name })}
      {...(label === undefined ? {} : { label })}
      value={text}
      placeholder={placeholder}
      disabled={disabled}
      {...(size === undefined ? {} : { size })}
      w={width}
      error={error}
      description={description}
      inputMode="numeric"
      autoComplete="off"
      styles={{ input: { textAlign: "right", fontVariantNumeric: "tabular-nums" } }}
      rightSectionWidth={unit === undefined ? undefined : 30}
      rightSectionPointerEvents="none"
      rightSection={unit === undefined ? undefined : <span className="small dim">{unit}</span>}
      onChange={(event) => {
        const digits = event.currentTarget.value.replaceAll(/\D/gu, "").slice(0, 9);
        setTyped(digits);
        onChange(digits === "" ? undefined : Number(digits));
      }}
      onBlur={() => setTyped(undefined)}
    />
  );
}
