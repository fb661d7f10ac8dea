// A number in a form with its unit; empty is a value of its own.
import "@mantine/core/styles/NumberInput.layer.css";
import { NumberInput } from "@mantine/core";
import type { NumberText } from "./service-draft.ts";

export function NumberField({
  label,
  unit,
  value,
  onChange,
  max,
  whole = true,
  ariaLabel,
  placeholder,
}: {
  readonly label?: string;
  readonly ariaLabel?: string;
  /** Stands under the field. */
  readonly unit?: string;
  readonly value: NumberText;
  readonly onChange: (value: NumberText) => void;
  readonly max?: number;
  readonly whole?: boolean;
  /** What holds while nothing is typed. */
  readonly placeholder?: string | undefined;
}) {
  return (
    <NumberInput
      label={label}
      aria-label={ariaLabel}
      description={unit}
      inputWrapperOrder={["label", "input", "error", "description"]}
      value={value}
      {...(placeholder === undefined ? {} : { placeholder })}
      min={0}
      {...(max === undefined ? {} : { max })}
      clampBehavior="blur"
      allowDecimal={!whole}
      allowNegative={false}
      thousandSeparator=","
      hideControls
      onChange={(next) => onChange(typeof next === "number" ? next : "")}
    />
  );
}
