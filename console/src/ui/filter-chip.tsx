// A filter of a list as a chip: dashed when it can be added, solid when set; several values of one field.
import { Checkbox, Popover } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "./ui-messages.ts";

export interface FilterOption {
  readonly value: string;
  readonly label: string;
  /** How many rows have it. */
  readonly count?: number;
}

export function FilterChip({
  label,
  options,
  values,
  onChange,
}: {
  readonly label: string;
  readonly options: readonly FilterOption[];
  readonly values: readonly string[];
  readonly onChange: (values: readonly string[]) => void;
}) {
  const t = useMessages(uiMessages);
  const set = values.length > 0;
  const words = options.filter(({ value }) => values.includes(value)).map((option) => option.label);
  const toggle = (value: string): void =>
    onChange(values.includes(value) ? values.filter((other) => other !== value) : [...values, value]);
  return (
    <span className="row g4">
      <Popover position="bottom-start" withinPortal trapFocus>
        <Popover.Target>
          <button type="button" className={`chip ${set ? "chip-set" : ""}`}>
            {!set && <Plus size={13} aria-hidden />}
            {set ? `${label}: ${words.join(", ")}` : label}
          </button>
        </Popover.Target>
        <Popover.Dropdown p={10}>
          <fieldset className="col g8" style={{ border: 0, padding: 0 }}>
            <legend className="sr-only">{label}</legend>
            {options.map(({ value, label: text, count }) => (
              <Checkbox
                key={value}
                checked={values.includes(value)}
                onChange={() => toggle(value)}
                label={count === undefined ? text : `${text} (${count})`}
              />
            ))}
          </fieldset>
        </Popover.Dropdown>
      </Popover>
      {set && (
        <button
          type="button"
          className="chip chip-set"
          style={{ padding: "0 6px" }}
          aria-label={t("remove", { name: label })}
          onClick={() => onChange([])}
        >
          <X size={13} aria-hidden />
        </button>
      )}
    </span>
  );
}
