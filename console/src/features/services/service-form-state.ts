// What the form of a service holds while somebody fills it: the draft, what is wrong with it, and where that shows.
import { useState } from "react";
import type { Provider } from "../../../../src/control/routes/console-answers.ts";
import { ApiError } from "../../api/client.ts";
import type { PlainKey } from "../../i18n/messages.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { ServiceDraft } from "./service-draft.ts";
import { serviceFormMessages } from "./service-form-messages.ts";
import { faultsByField, problemsOf, type ServiceProblem } from "./service-problems.ts";

const problemTexts: Readonly<Record<ServiceProblem, PlainKey<typeof serviceFormMessages>>> = {
  nameProblem: "nameProblem",
  nameTaken: "nameTaken",
  urlRequired: "urlRequired",
  urlPlaceholder: "urlPlaceholder",
  urlProblem: "urlProblem",
  regionRequired: "regionRequired",
  keyRequired: "keyRequired",
  secretRequired: "secretRequired",
  keyName: "keyNameProblem",
  twice: "twice",
  modelName: "modelNameProblem",
  headerName: "headerNameProblem",
  headerForbidden: "headerForbidden",
  protocolsRequired: "protocolsRequired",
  accountJson: "accountJson",
  accountKind: "accountKind",
  accountEmail: "accountEmail",
  accountKey: "accountKey",
};

export interface ServiceForm {
  readonly draft: ServiceDraft;
  readonly provider: Provider;
  readonly change: (fields: Partial<ServiceDraft>) => void;
  /** Shows what is wrong with a field from now on. */
  readonly touch: (path: string) => void;
  readonly errorOf: (path: string) => string | undefined;
  /** Fields with a fault that shows, with its words. */
  readonly shownErrors: readonly (readonly [path: string, text: string])[];
  readonly isValid: boolean;
  /** Shows every fault. @returns whether there is none */
  readonly check: () => boolean;
  /** Faults that a refused save has told, until the draft changes; those at no field as texts. */
  readonly refuse: (error: unknown) => readonly string[];
  readonly replace: (draft: ServiceDraft) => void;
}

export function useServiceForm(
  initial: ServiceDraft,
  provider: Provider,
  taken: ReadonlySet<string>,
): ServiceForm {
  const t = useMessages(serviceFormMessages);
  const [draft, setDraft] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [isChecked, setChecked] = useState(false);
  const [faults, setFaults] = useState<ReadonlyMap<string, string>>(new Map());
  const problems = problemsOf(draft, provider, taken);
  const errorOf = (path: string): string | undefined => {
    const problem = problems.get(path);
    if (problem !== undefined && (isChecked || touched.has(path))) return t(problemTexts[problem]);
    return faults.get(path);
  };
  const paths = new Set([...problems.keys(), ...faults.keys()]);
  return {
    draft,
    provider,
    change: (fields) => {
      setFaults(new Map());
      setDraft((before) => ({ ...before, ...fields }));
    },
    touch: (path) => setTouched((before) => new Set(before).add(path)),
    errorOf,
    shownErrors: [...paths].flatMap((path) => {
      const text = errorOf(path);
      return text === undefined ? [] : [[path, text] as const];
    }),
    isValid: problems.size === 0,
    check: () => {
      setChecked(true);
      return problems.size === 0;
    },
    refuse: (error) => {
      if (!(error instanceof ApiError)) return [];
      const { fields, others } = faultsByField(error.details, draft);
      setFaults(fields);
      return others;
    },
    replace: (next) => {
      setFaults(new Map());
      setTouched(new Set());
      setChecked(false);
      setDraft(next);
    },
  };
}

/** The id of a field's input, by which the summary of faults leads to it. */
export function fieldId(path: string): string {
  return `service-${path.replace(/[^\w]+/gu, "-")}`;
}
