// After a try to save: every fault as a link to its field.
import { useMessages } from "../../i18n/language.tsx";
import { FaultText } from "./fault-text.tsx";
import { isWithin, sectionOf, type Fault, type Section } from "./faults.ts";
import { formMessages } from "./form-messages.ts";
import classes from "./form.module.css";

const focusable =
  "input:not([disabled]):not([type=hidden]), button:not([disabled]), textarea:not([disabled])";

/** Goes to the field of a path, or to the nearest place that holds it. @returns whether there is one */
export function goToField(path: string): boolean {
  const places = [...document.querySelectorAll<HTMLElement>("[data-field]")];
  const holds = (place: HTMLElement): boolean => {
    const own = place.dataset["field"] ?? "";
    return path === own || path.startsWith(`${own}.`) || path.startsWith(`${own}[`);
  };
  // The longest path that holds it is the nearest place.
  const place = places
    .filter(holds)
    .toSorted((a, b) => (b.dataset["field"] ?? "").length - (a.dataset["field"] ?? "").length)[0];
  const fallBack = document.querySelector<HTMLElement>(`[data-section="${sectionOf(path)}"]`);
  const target = place ?? fallBack;
  if (target === null || target === undefined) return false;
  target.scrollIntoView({ block: "center" });
  target.querySelector<HTMLElement>(focusable)?.focus({ preventScroll: true });
  return true;
}

const named = ["name", "resourceGroup", "description", "tags", "protocols", "domains", "basePath"] as const;

/** The field where it has a name of its own, else its section. */
function nameOf(path: string): (typeof named)[number] | Section | "wholeObject" {
  if (path === "") return "wholeObject";
  return named.find((name) => isWithin(path, name)) ?? sectionOf(path);
}

export function ErrorSummary({ faults }: { readonly faults: readonly Fault[] }) {
  const t = useMessages(formMessages);
  if (faults.length === 0) return null;
  return (
    <div role="alert" className={classes["summary"]}>
      <h3>{t("problems", { n: faults.length })}</h3>
      <ul>
        {faults.map((fault) => (
          <li key={fault.path + fault.code + (fault.other ?? "")}>
            <a
              href={`#${sectionOf(fault.path)}`}
              onClick={(event) => {
                event.preventDefault();
                goToField(fault.path);
              }}
            >
              {t(nameOf(fault.path))}
            </a>
            {": "}
            <FaultText fault={fault} />
          </li>
        ))}
      </ul>
    </div>
  );
}
