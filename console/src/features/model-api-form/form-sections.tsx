// The frame of a section: heading that links reach, an optional word beside it, then fields.
import type { ReactNode } from "react";
import type { Section } from "./faults.ts";
import classes from "./form.module.css";

export function FormSection({
  id,
  title,
  hint,
  beside,
  hidden = false,
  children,
}: {
  readonly id: Section;
  readonly title: string;
  readonly hint?: string;
  readonly beside?: ReactNode;
  /** The heading is for screen readers alone. */
  readonly hidden?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <section id={id} aria-label={title} className={classes["section"]} data-section={id}>
      {hidden ? (
        <h2 className="sr-only">{title}</h2>
      ) : (
        <div className="row g12 wrap">
          <h2>{title}</h2>
          {hint !== undefined && <span className="small dim">{hint}</span>}
          {beside}
        </div>
      )}
      {children}
    </section>
  );
}
