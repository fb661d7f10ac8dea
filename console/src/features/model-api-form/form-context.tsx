// What every section of the form needs: its state, the catalogue beside it, and how a field shows what is wrong.
import { CircleAlert } from "lucide-react";
import { createContext, use, type ReactNode } from "react";
import type { Choices } from "./eligible.ts";
import { FaultText } from "./fault-text.tsx";
import { isWithin } from "./faults.ts";
import classes from "./form.module.css";
import type { FormState } from "./use-form.ts";

interface FormContextValue extends FormState {
  readonly choices: Choices;
  /** Name of the Model API that is edited; undefined for a new one. */
  readonly editing: string | undefined;
  /** Why nothing can be changed; undefined when it can. */
  readonly readOnly: string | undefined;
}

const FormContext = createContext<FormContextValue | undefined>(undefined);

export function FormProvider({
  value,
  children,
}: {
  readonly value: FormContextValue;
  readonly children: ReactNode;
}) {
  return <FormContext value={value}>{children}</FormContext>;
}

export function useFormContext(): FormContextValue {
  const value = use(FormContext);
  if (value === undefined) throw new Error("There is no form here.");
  return value;
}

/** The id of a field's place on the page, for links of the error summary. */
export function fieldId(path: string): string {
  return `field-${path.replaceAll(/[^A-Za-z0-9]+/gu, "-")}`;
}

/** A place that holds one field or a group of them; leaving it counts as having filled it in. */
export function Field({
  path,
  children,
  className,
}: {
  readonly path: string;
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <div id={fieldId(path)} data-field={path} className={className}>
      {children}
    </div>
  );
}

/**
 * Error and hint of an input: an error takes the hint's place.
 * @param exact of this field alone, not of its parts
 */
export function useFieldNotes(path: string, hint?: ReactNode, exact = false) {
  const { shown } = useFormContext();
  const faults = shown.filter((fault) => (exact ? fault.path === path : isWithin(fault.path, path)));
  if (faults.length === 0) return { error: undefined, description: hint };
  return {
    error: (
      <span className={classes["fault"]}>
        <CircleAlert size={14} aria-hidden />
        <span>
          {faults.map((fault) => (
            <span key={fault.path + fault.code + (fault.other ?? "")} className={classes["faultLine"]}>
              <FaultText fault={fault} />
            </span>
          ))}
        </span>
      </span>
    ),
    description: undefined,
  };
}

/** What is wrong with a group of fields that has no input of its own. */
export function GroupFault({ path }: { readonly path: string }) {
  const { error } = useFieldNotes(path, undefined, true);
  return error === undefined ? null : <div className={classes["groupFault"]}>{error}</div>;
}

/** Inputs write label, input, error, hint in this order. */
export const inputOrder: ("label" | "input" | "error" | "description")[] = [
  "label",
  "input",
  "error",
  "description",
];
