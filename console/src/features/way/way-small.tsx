// The small form of the Way: one request, its gates on a line, each with its word. Knows not where the steps come from.
import { useMessages } from "../../i18n/language.tsx";
import { Gate, type GateState } from "../../ui/gate.tsx";
import { waySmallMessages } from "./way-small-messages.ts";
import classes from "./way-small.module.css";

export interface SmallStep {
  readonly key: string;
  readonly label: string;
  readonly state: "passed" | "off" | "refused" | "failed" | "unreached";
  /** A few words below the label, such as a status or a time. */
  readonly detail?: string;
}

const gates: Readonly<Record<SmallStep["state"], GateState>> = {
  passed: "passed",
  off: "off",
  refused: "refused",
  failed: "refused",
  unreached: "unreached",
};

/** @param label what the list shows, for screen readers */
export function WaySmall({
  steps,
  label,
}: {
  readonly steps: readonly SmallStep[];
  readonly label?: string;
}) {
  const t = useMessages(waySmallMessages);
  return (
    <ol className={classes["steps"]} aria-label={label} tabIndex={0}>
      {steps.map(({ key, label: name, state, detail }) => (
        <li key={key} data-state={state}>
          <Gate state={gates[state]} size={19} />
          <span className={classes["label"]} title={name}>
            {name}
          </span>
          <span className={detail === undefined ? "sr-only" : classes["detail"]}>
            {detail ?? t(state)}
            {detail !== undefined && <span className="sr-only">, {t(state)}</span>}
          </span>
        </li>
      ))}
    </ol>
  );
}
