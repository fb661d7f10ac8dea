// A list of changes to objects: what happens to which, and optionally to which fields. Knows not when.
import type { ReactNode } from "react";
import type { Kind } from "../../../../src/resources/kinds.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { PlainKey } from "../../i18n/messages.ts";
import { ObjectLink } from "../../ui/object-link.tsx";
import type { PlannedChange } from "./settings-calls.ts";
import { settingsMessages } from "./settings-messages.ts";
import classes from "./settings.module.css";

const kindWords: Readonly<Record<Kind, PlainKey<typeof settingsMessages>>> = {
  instances: "kindInstances",
  "resource-groups": "kindGroups",
  domains: "kindDomains",
  services: "kindServices",
  "model-apis": "kindApis",
  "consumer-groups": "kindConsumerGroups",
  consumers: "kindConsumers",
  users: "kindUsers",
  tokens: "kindTokens",
  sinks: "kindSinks",
  alerts: "kindAlerts",
};

const tags = { create: "tag tag-ok", update: "tag", delete: "tag tag-bad" } as const;

/** @param renderExtra what stands below a change, such as its fields */
export function ChangeList<Change extends PlannedChange>({
  changes,
  label,
  renderExtra,
}: {
  readonly changes: readonly Change[];
  readonly label: string;
  readonly renderExtra?: (change: Change) => ReactNode;
}) {
  const t = useMessages(settingsMessages);
  return (
    <ul className={classes["changes"]} aria-label={label}>
      {changes.map((change) => (
        <li key={`${change.kind}/${change.name}`}>
          <div className="row g8 wrap">
            <span className={tags[change.action]}>{t(change.action)}</span>
            <span className="dim">{t(kindWords[change.kind])}</span>
            <span className="medium">
              {change.action === "delete" ? (
                change.name
              ) : (
                <ObjectLink kind={change.kind} name={change.name} />
              )}
            </span>
          </div>
          {renderExtra?.(change)}
        </li>
      ))}
    </ul>
  );
}
