// The index at the left: each section with its moon phase, as links that Back and reload keep.
import { Link } from "@tanstack/react-router";
import { useMessages } from "../../i18n/language.tsx";
import { Moon, type Phase } from "../../ui/moon.tsx";
import { newDraft } from "./draft.ts";
import { fieldsOf, sectionOf, sections, type Section } from "./faults.ts";
import { useFormContext } from "./form-context.tsx";
import { formMessages } from "./form-messages.ts";
import classes from "./form.module.css";
import { bodyOf, sameJson } from "./resource-body.ts";

type State = "complete" | "onDefault" | "hasError";
const phases: Readonly<Record<State, Phase>> = { complete: "full", onDefault: "ring", hasError: "struck" };

export function SectionIndex({ current }: { readonly current: Section | undefined }) {
  const t = useMessages(formMessages);
  const form = useFormContext();
  const plain = bodyOf(newDraft(form.draft.useCase));
  const stateOf = (section: Section): State => {
    if (form.shown.some(({ path }) => sectionOf(path) === section)) return "hasError";
    if (form.faults.some(({ path }) => sectionOf(path) === section)) return "onDefault";
    if (section === "review") return form.faults.length === 0 ? "complete" : "onDefault";
    if (section === "useCase") return "complete";
    const same = fieldsOf(section).every((field) => sameJson(form.body[field], plain[field]));
    return same ? "onDefault" : "complete";
  };
  return (
    <nav className={classes["index"]} aria-label={t("sections")}>
      {sections.map((section) => {
        const state = stateOf(section);
        return (
          <Link
            key={section}
            to="."
            search
            hash={section}
            activeOptions={{ exact: true, includeHash: true }}
            data-current={section === current || undefined}
          >
            <Moon phase={phases[state]} size={10} label={t(state)} />
            <span>{t(section)}</span>
          </Link>
        );
      })}
      <p className={classes["hint"]}>{t("indexHint")}</p>
    </nav>
  );
}
