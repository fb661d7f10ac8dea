// A part of mode intelligent as a card: a name and what it comes to in one line; its fields once it is open.
import { ChevronDown, ChevronUp, type LucideIcon } from "lucide-react";
import { useId, useState, type ReactNode } from "react";
import { useMessages } from "../../../i18n/language.tsx";
import { isWithin } from "../faults.ts";
import { useFormContext } from "../form-context.tsx";
import { cardMessages } from "../policies/card-messages.ts";
import classes from "../policies/policies.module.css";

export function FoldCard({
  title,
  summary,
  icon: Icon,
  paths,
  children,
}: {
  readonly title: string;
  readonly summary: ReactNode;
  readonly icon: LucideIcon;
  /** Fields that it holds: it opens when one of them is wrong. */
  readonly paths: readonly string[];
  readonly children: ReactNode;
}) {
  const t = useMessages(cardMessages);
  const { shown } = useFormContext();
  const [toggled, setToggled] = useState(false);
  const id = useId();
  const faults = shown.filter(({ path }) => paths.some((field) => isWithin(path, field)));
  const isOpen = toggled || faults.length > 0;
  return (
    <div className={classes["card"]} data-wrong={faults.length > 0 || undefined} data-field={paths[0]}>
      <div className={classes["head"]}>
        <Icon size={16} className={classes["always"] ?? ""} aria-hidden />
        <h3 className={classes["title"]}>
          <button
            type="button"
            className={classes["toggle"]}
            aria-expanded={isOpen}
            aria-controls={isOpen ? id : undefined}
            onClick={() => setToggled(!isOpen)}
          >
            <span>{title}</span>
            <span className={classes["summary"]}>
              {faults.length > 0 ? (
                <span className="bad">{t("needsLook", { n: faults.length })}</span>
              ) : (
                summary
              )}
            </span>
          </button>
        </h3>
        <span />
        <span className="dim" aria-hidden>
          {isOpen ? <ChevronUp size={15} /> : <ChevronDown size={15} />}
        </span>
      </div>
      {isOpen && (
        <div className={classes["body"]} id={id}>
          {children}
        </div>
      )}
    </div>
  );
}
